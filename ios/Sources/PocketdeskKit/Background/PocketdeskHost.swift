import Foundation

/// Owns the one client of the process, and decides when the client's file is open. An app creates one host at launch, whether the user
/// or the system launched it.
///
/// # Why the file is not always open
///
/// iOS freezes an app some seconds after the app has left the front, and kills a frozen app that still holds a file lock. The host
/// therefore suspends the client whenever nothing needs it. A suspended client has no connection, no lock and no open file.
///
/// # States
///
/// ```text
///                  client()                nothing needs the client any more
///   no client ────────────────────► awake ───────────────────────────────────► suspended
///       ▲                             │ ◄─────────────────────────────────────── │
///       │                             │     the front or a run of work needs it   │
///       └───────── forget() ──────────┴───────────────────────────────────────────┘
/// ```
///
/// Two things need the client:
/// - the front, from ``enterFront()`` until ``leaveFront(for:)``;
/// - every run of ``work(for:)``, until it has nothing left to do or its ``BackgroundTime`` expires. ``leaveFront(for:)`` and
///   ``onPush(_:for:)`` are such runs.
///
/// A transition between awake and suspended takes time. Transitions therefore wait for each other, and each one decides by what is needed
/// when its turn comes: an app that returns to the front while the client is being suspended finds the client awake.
///
/// Where the system has the Network framework, the host also tells the client whether there is a network, until ``forget()``.
///
/// # Work in the background
///
/// After every write that calls `onEnqueue` (``Pocketdesk/open(_:tokens:onEnqueue:)``), the host asks the system through the
/// ``BackgroundScheduler`` to launch the app once there is a network. The app's background task then calls ``work(for:)``, often in a new
/// process without a screen. That call opens the client through the app's factory. The outcome of the run decides whether the host asks
/// the system again, and for when.
///
/// # What a kill leaves behind
///
/// The host itself stores nothing. The file always opens again, with every write that has returned. The request to the system survives
/// the process. If the process is killed after a write and before the request, that write is sent when the app is next in front.
public actor PocketdeskHost {
    /// How the app opens the client of the signed-in user: `Pocketdesk.open` with this `onEnqueue`. Returns `nil` if nobody is signed in.
    public typealias ClientFactory = @Sendable (_ onEnqueue: @escaping @Sendable () -> Void) async throws -> Pocketdesk?

    /// Seconds until the system is asked to try again, if the last run of work did not say.
    private static let defaultRetryDelay: TimeInterval = 15 * 60
    /// How long to wait before the client is resumed again after it could not be.
    private static let resumeDelay = Duration.seconds(2)

    private let scheduler: any BackgroundScheduler
    private let open: ClientFactory
    private var opening: Task<Pocketdesk?, any Error>?
    private var openClient: Pocketdesk?
    private var isInFront: Bool
    /// The runs of ``work(for:)`` that still need the client.
    private var activeWork: Set<Int> = []
    private var lastWorkId = 0
    private var isSuspended = false
    /// Why the client could not be resumed; `nil` after it could.
    private var resumeError: ClientError?
    /// The newest transition. The next one starts when it has ended.
    private var lastTransition: Task<Void, Never>?
    private var networkTask: Task<Void, Never>?
    /// The newest ``forget()``. The next opening waits for its end.
    private var closing: Task<Void, Never>?
    /// The next try to resume the client.
    private var resumeTask: Task<Void, Never>?

    /// - Parameters:
    ///   - scheduler: Asks the system to launch the app later.
    ///   - inFront: Whether the app is in front now. Pass `false` if the system launched it in the background.
    ///   - open: Called when the client is needed and there is none, one call at a time. It must not call this host.
    public init(scheduler: any BackgroundScheduler, inFront: Bool = true, open: @escaping ClientFactory) {
        self.scheduler = scheduler
        isInFront = inFront
        self.open = open
    }

    /// The client; `nil` if nobody is signed in. The first call opens it, and all calls return the same object until ``forget()``.
    ///
    /// The client is suspended unless the app is in front or work is running. A client that is opened in front is told so
    /// (``Pocketdesk/setInFront(_:)``).
    ///
    /// - Throws: The error of the app's factory. The next call asks the factory again.
    public func client() async throws -> Pocketdesk? {
        let opening =
            opening
            ?? Task { [open, scheduler, closing] in
                await closing?.value
                return try await open { scheduler.schedule(notBefore: nil) }
            }
        self.opening = opening
        let client: Pocketdesk?
        do {
            client = try await opening.value
        } catch {
            if self.opening == opening { self.opening = nil }
            throw error
        }
        // `forget()` may have run in the meantime.
        guard self.opening == opening else { return client }
        if client == nil { self.opening = nil }
        if let client, openClient == nil {
            openClient = client
            if isInFront { client.setInFront(true) }
            followNetwork(client)
        }
        await updateSuspension()
        return client
    }

    /// Forgets the client and closes it, and withdraws the request to launch the app. Call it before or after the user signs out. If an opening
    /// is under way, this waits for it, and its client is closed. The next ``client()`` asks the factory again.
    public func forget() async {
        let previous = (opening: opening, closing: closing)
        (opening, openClient, isSuspended) = (nil, nil, false)
        networkTask?.cancel()
        let closing = Task { [scheduler] in
            await previous.closing?.value
            let client = try? await previous.opening?.value
            scheduler.cancel()
            await client?.close()
        }
        self.closing = closing
        await closing.value
    }

    // MARK: The front

    /// Call it when the app comes to the front. Resumes the client, if there is one. The client then sends what is due, and asks for news
    /// unless it did so a moment ago. The view models save what was typed in the meantime. May be called repeatedly.
    ///
    /// - Throws: `ClientError` if the file cannot be opened again, for example `InUse`. Then the host tries again every two seconds while the app
    ///   is in front.
    public func enterFront() async throws(ClientError) {
        isInFront = true
        await updateSuspension()
        openClient?.setInFront(true)
        if isSuspended, let resumeError { throw resumeError }
    }

    /// Call it when the app has left the front. Sends what is waiting, including messages that could still be undone, and reads what has
    /// changed. Then, or at once when `time` expires, it suspends the client, unless the front or other work needs the client.
    ///
    /// Returns when that has happened; at once if there is no client, or if it is suspended already.
    public func leaveFront(for time: BackgroundTime) async {
        isInFront = false
        guard opening != nil, !isSuspended else { return }
        openClient?.setInFront(false)
        _ = await work(for: time)
    }

    // MARK: The background

    /// Sends what is waiting and reads what has changed, until `time` expires. A background task of the system calls this. Opens the client
    /// if there is none, and leaves it suspended unless the front or other work needs it.
    ///
    /// - Returns: Whether nothing is left that another run could do without the user. Otherwise the system has been asked to launch the app
    ///   again.
    public func work(for time: BackgroundTime) async -> Bool {
        await work(for: time, reading: nil)
    }

    /// Reads the ticket of a push message, whether the app is in front or was just launched for the message, until `time` expires. Sends what
    /// is waiting as well. Opens the client if there is none, and leaves it suspended unless the front or other work needs it. Call it from
    /// `application(_:didReceiveRemoteNotification:)`.
    ///
    /// Nothing depends on push messages: what one was about and could not be read is read when the app is next in front.
    ///
    /// - Parameter ticket: The ticket's number, as ``PocketdeskPush/ticket(_:)`` has read it.
    /// - Returns: Whether nothing is left that another run could do without the user. Otherwise the system has been asked to launch the app
    ///   again.
    public func onPush(_ ticket: Int64, for time: BackgroundTime) async -> Bool {
        await work(for: time, reading: ticket)
    }

    private func work(for time: BackgroundTime, reading ticket: Int64?) async -> Bool {
        lastWorkId += 1
        let id = lastWorkId
        activeWork.insert(id)
        time.onExpiration { Task { await self.endWork(id) } }
        var outcome: SyncOutcome?
        do {
            guard let client = try await client() else {
                await endWork(id)
                return true
            }
            await updateSuspension()
            if let ticket { client.onPush(ticket) }
            if !time.isExpired { outcome = try await client.syncUntil(seconds: time.seconds) }
        } catch {
            // A client that cannot be opened or resumed now may be openable the next time.
        }
        await endWork(id)
        if time.isExpired {
            scheduler.schedule(notBefore: nil)
        } else if outcome?.more != false {
            scheduler.schedule(notBefore: Date(timeIntervalSinceNow: outcome?.retryDelay ?? Self.defaultRetryDelay))
        }
        return !time.isExpired && outcome?.more == false
    }

    private func followNetwork(_ client: Pocketdesk) {
        #if canImport(Network)
        networkTask = Task { await client.followNetwork() }
        #endif
    }

    private func endWork(_ id: Int) async {
        activeWork.remove(id)
        await updateSuspension()
    }

    // MARK: Suspending and resuming

    /// Returns when the client is in the state that is needed: awake if something needs it, otherwise suspended.
    private func updateSuspension() async {
        let previous = lastTransition
        let transition = Task {
            await previous?.value
            await self.suspendOrResume()
        }
        lastTransition = transition
        await transition.value
    }

    private func suspendOrResume() async {
        guard let openClient else { return }
        let isNeeded = isInFront || !activeWork.isEmpty
        if isNeeded, isSuspended {
            do {
                try await openClient.resume()
                (isSuspended, resumeError) = (false, nil)
            } catch {
                resumeError = error
                resumeLater()
            }
        } else if !isNeeded, !isSuspended {
            await openClient.suspend()
            // `forget()` may have run in the meantime.
            isSuspended = self.openClient === openClient
        }
    }

    /// Tries again for as long as the client is needed: an extension of the app may still have the file, or the device may have no space.
    private func resumeLater() {
        guard resumeTask == nil else { return }
        resumeTask = Task {
            try? await Task.sleep(for: Self.resumeDelay)
            self.resumeTask = nil
            await self.updateSuspension()
        }
    }
}

extension SyncOutcome {
    /// Seconds after which another run makes sense; `nil` if nothing says so.
    fileprivate var retryDelay: TimeInterval? {
        retryIn.map { TimeInterval($0) / 1000 }
    }
}
