import Foundation

/// Owns the one desk of the process, and decides when its file is open. An app makes one at its start, whatever it was started for.
///
/// # The story
///
/// A phone freezes an app some seconds after it left the front, and iOS kills one that is frozen with a locked file. So the desk is awake
/// only while somebody needs it: the front, or a piece of ``BackgroundTime``, of which each run takes a hold. Whoever needs nothing any more
/// lets go, and when nobody is left the desk is suspended: no connection, no lock, no open file.
///
/// ```text
///   front ───leaveFront(for:)──► sends what waits ───done, or time is over───► asleep ◄──┐
///     ▲                              │                                          │  │    │ done, or time is over
///     └────────enterFront()──────────┴──────────────────────────────────────────┘  └────┴── work(for:): sends what waits
/// ```
///
/// Every write that puts something into the outbox asks the system, through the ``BackgroundScheduler``, to start the app in the background
/// once there is a network. Then ``work(for:)`` runs: in a process that may have no screen and no desk yet, which it opens through the app's
/// own factory. How that ends decides whether, and when, the system is asked again.
///
/// Falling asleep and waking up happen one at a time, in the order in which they became necessary, and each looks at what is needed by then.
/// A process that is killed anywhere in this leaves a file that opens, and the system's memory of what was asked for.
public actor PocketdeskHost {
    /// How the app opens the signed-in user's desk: `Pocketdesk.open` with this `onEnqueue`. `nil` if nobody is signed in.
    public typealias Opening = @Sendable (_ onEnqueue: @escaping @Sendable () -> Void) async throws -> Pocketdesk?

    /// How long the system is given peace where nothing says when another try makes sense.
    private static let pause: TimeInterval = 15 * 60

    private let scheduler: any BackgroundScheduler
    private let open: Opening
    private var opening: Task<Pocketdesk?, any Error>?
    private var opened: Pocketdesk?
    private var inFront: Bool
    private var holds: Set<Int> = []
    private var lastHold = 0
    private var isAsleep = false
    private var refusal: DeskError?
    private var turn: Task<Void, Never>?

    /// - Parameters:
    ///   - scheduler: How the system is asked to start the app later.
    ///   - inFront: Whether the app is in front now. It is not, if the system started it in the background.
    ///   - open: Called when the desk is needed and there is none, one call at a time.
    public init(scheduler: any BackgroundScheduler, inFront: Bool = true, open: @escaping Opening) {
        self.scheduler = scheduler
        self.inFront = inFront
        self.open = open
    }

    /// The desk, opened if there is none yet; `nil` if nobody is signed in. It is the same one until ``forget()``.
    ///
    /// - Throws: What the app's factory throws; the next call asks it again.
    public func client() async throws -> Pocketdesk? {
        let opening = opening ?? Task { [open, scheduler] in try await open { scheduler.schedule(notBefore: nil) } }
        self.opening = opening
        let client: Pocketdesk?
        do {
            client = try await opening.value
        } catch {
            if self.opening == opening { self.opening = nil }
            throw error
        }
        // It may have been forgotten meanwhile.
        guard self.opening == opening else { return client }
        if client == nil { self.opening = nil }
        opened = client
        await settle()
        return client
    }

    /// Forgets the desk and closes it, before or after its user signed out. The next ``desk()`` asks the factory again.
    public func forget() async {
        let client = opened
        (opening, opened, isAsleep) = (nil, nil, false)
        scheduler.cancel()
        await client?.close()
    }

    // MARK: The front

    /// The app comes to the front: the desk wakes up and reads what changed; what was typed meanwhile is saved. May be called again.
    ///
    /// - Throws: `DeskError`, `InUse` among them, if the file cannot be opened again; the call may be repeated.
    public func enterFront() async throws(DeskError) {
        inFront = true
        await settle()
        opened?.setInFront(true)
        if isAsleep, let refusal { throw refusal }
    }

    /// The app has left the front. Sends what waits for as long as there is `time`, then suspends the desk; at once if time is over before.
    /// Returns when nothing of the desk holds a file any more, or the app is in front again.
    public func leaveFront(for time: BackgroundTime) async {
        inFront = false
        guard opening != nil, !isAsleep else { return }
        // What could still be undone is sent now.
        opened?.setInFront(false)
        _ = await work(for: time)
    }

    // MARK: The background

    /// Sends what waits and reads what changed, for as long as there is `time`: what a background task of the system runs. Opens the desk if
    /// there is none, and leaves it suspended unless the app is in front.
    ///
    /// - Returns: Whether everything is done. If not, the system was asked to start the app again.
    public func work(for time: BackgroundTime) async -> Bool {
        lastHold += 1
        let hold = lastHold
        holds.insert(hold)
        time.whenExpired { Task { await self.release(hold) } }
        var outcome: SyncOutcome?
        do {
            guard let client = try await client() else {
                await release(hold)
                return true
            }
            await settle()
            if !time.isExpired { outcome = try await client.syncUntil(seconds: time.seconds) }
        } catch {
            // A desk that does not open, or not wake up, now may do so the next time.
        }
        await release(hold)
        if time.isExpired {
            scheduler.schedule(notBefore: nil)
        } else if outcome?.more != false {
            scheduler.schedule(notBefore: Date(timeIntervalSinceNow: outcome?.pause ?? Self.pause))
        }
        return !time.isExpired && outcome?.more == false
    }

    private func release(_ hold: Int) async {
        holds.remove(hold)
        await settle()
    }

    // MARK: Asleep or awake

    /// Returns when the desk is what it has to be: awake if somebody needs it, otherwise asleep.
    private func settle() async {
        let before = turn
        let mine = Task {
            await before?.value
            await self.takeTurn()
        }
        turn = mine
        await mine.value
    }

    private func takeTurn() async {
        guard let opened else { return }
        let isNeeded = inFront || !holds.isEmpty
        if isNeeded, isAsleep {
            do {
                try await opened.resume()
                (isAsleep, refusal) = (false, nil)
            } catch {
                refusal = error
            }
        } else if !isNeeded, !isAsleep {
            await opened.suspend()
            // Unless it was forgotten meanwhile.
            isAsleep = self.opened === opened
        }
    }
}

extension SyncOutcome {
    /// After how many seconds another call makes sense, if anything says so.
    fileprivate var pause: TimeInterval? {
        retryIn.map { TimeInterval($0) / 1000 }
    }
}
