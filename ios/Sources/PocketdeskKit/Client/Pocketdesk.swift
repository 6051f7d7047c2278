import Foundation

/// The support desk of one signed-in user. An app opens one for each account and keeps it while the user is signed in.
///
/// Every call answers from the file on this device and never waits for the network; a write returns when it is durable. Reads and
/// writes run on two threads of the desk's own, so nothing here blocks the main thread, and calls may be made from anywhere. Writes
/// happen in the order in which they were called. After ``close()`` every call throws `DeskError.Closed` (or the same case of its own
/// error), between ``suspend()`` and ``resume()`` `Suspended`. Times are milliseconds since 1970 UTC; ids are local and never change.
///
/// Besides the cases that a call's own documentation names, each may throw `Closed`, `Suspended`, `NoSpace` (the device is full), `Damaged`
/// (the file was, and is made anew with what the user wrote; the call may be made again), `ReadOnly` (the file), `Storage(code:)` (SQLite's
/// result code) and `InternalFault`.
public final class Pocketdesk: Sendable {
    /// What this desk allows: issue types, statuses, entries of the help screen, limits. Does not change while the desk is open.
    public let product: Profile
    /// What this desk can do; the profile offers nothing beyond it. Does not change while the desk is open.
    public let capabilities: Capabilities

    let client: Desk
    let reads: CallQueue
    let writes: CallQueue
    private let syncs = CallQueue("syncs")
    let onEnqueue: (@Sendable () -> Void)?

    private init(_ client: Desk, reads: CallQueue, writes: CallQueue, onEnqueue: (@Sendable () -> Void)?) {
        self.client = client
        self.reads = reads
        self.writes = writes
        self.onEnqueue = onEnqueue
        product = client.profile()
        capabilities = client.capabilities()
    }

    /// Opens the desk in a folder, creating it if there is none yet. On Apple's systems the folder is excluded from backup, and protected
    /// until the first unlock after a start and no longer: background work must be able to open it.
    ///
    /// - Parameters:
    ///   - config: Where the file is, whose it is, and which desk it talks to. One desk at a time for one folder.
    ///   - tokens: Asked for the user's token when the desk is to be reached; kept until the desk is closed.
    ///   - onEnqueue: Called whenever something was put into the outbox, once it is durable: the moment to have the system wake the app
    ///     for it later (``BackgroundSync/enqueued()``). On a thread of the desk's caller; it should return soon.
    /// - Throws: `OpenError`. A file that cannot be opened (`NotADatabase`, `NewerSchema`, `OtherAccount`) is left untouched.
    ///   `InUse`: another process, or another desk of this one, has the account open.
    public static func open(
        _ config: DeskConfig,
        tokens: any TokenSource,
        onEnqueue: (@Sendable () -> Void)? = nil
    ) async throws(OpenError) -> Pocketdesk {
        let (reads, writes) = (CallQueue("reads"), CallQueue("writes"))
        return try await writes.run(throwing: OpenError.self) {
            #if canImport(Darwin)
            config.protectFolder()
            #endif
            let client = try Desk.open(config: config, tokens: TokenBridge(tokens))
            return Pocketdesk(client, reads: reads, writes: writes, onEnqueue: onEnqueue)
        }
    }

    // MARK: What changed

    /// What changed, from now on; each access is a subscription of its own, which ends when its reader stops or the desk is closed.
    ///
    /// A value says which views should ask again, not what they will find. Values that nobody took yet are merged into one. Whatever is
    /// read after this access has its later changes in the stream. Of a closed desk the stream ends at once.
    public var changes: AsyncStream<Changes> {
        ChangeFeed.stream(of: client, on: reads)
    }

    // MARK: The device

    // Hints: they return at once, and a closed desk ignores them.

    /// Asks the desk for news now. The outcome shows in ``status()`` and ``changes``.
    public func syncNow() {
        writes.start { [client] in try? client.syncNow() }
    }

    /// Passes on what the system says about the network. Coming online starts a sync.
    public func setOnline(_ online: Bool) {
        writes.start { [client] in try? client.setOnline(online: online) }
    }

    /// Says whether the app is in front. Only then is the desk asked regularly, and can a message be undone for some seconds; leaving
    /// sends at once what could still be undone.
    public func setInFront(_ inFront: Bool) {
        writes.start { [client] in try? client.setInFront(inFront: inFront) }
    }

    /// A push message said that something happened to the ticket with this number, the desk's own: its thread is read first.
    public func onPush(_ number: Int64) {
        writes.start { [client] in try? client.onPush(number: number) }
    }

    // MARK: Its life

    /// Sends what is due and reads what changed, and returns within `seconds`, sooner if there is nothing (more) to do. The one call that
    /// waits for the network: for a background task of the system, on a desk that was opened just now as on one that is in use.
    ///
    /// - Parameter seconds: At most 600. Somewhat less is used, and near the end nothing new is begun to be sent.
    /// - Returns: Whether there is more to do, and when. If the desk is suspended or closed meanwhile, or was before, that there is more.
    public func syncUntil(seconds: UInt32) async throws(DeskError) -> SyncOutcome {
        // Not before the writes that were called before; and neither they nor the reads wait for it.
        await writes.run {}
        return try await syncs.run(throwing: DeskError.self) { [client] in
            try client.syncUntil(seconds: seconds)
        }
    }

    /// Lets go of every lock and open file, because the system is about to freeze the process; it waits for the writes that were called
    /// before, and not for the network. Until ``resume()`` every call throws `Suspended` at once, and nothing that is typed is saved: the
    /// view models keep it and save it then. Streams of changes go on. May be called again. ``DeskHost`` calls it when it is time.
    public func suspend() async {
        await writes.run { [client] in client.suspend() }
    }

    /// Opens the file again and syncs; every view asks again. May be called again.
    ///
    /// - Throws: `DeskError.InUse` if another process has the account open, or what else keeps the file from being opened. The desk is still
    ///   suspended then, and the call may be repeated.
    public func resume() async throws(DeskError) {
        try await writes.run(throwing: DeskError.self) { [client] in try client.resume() }
    }

    /// What a sign-out would lose. Say it before you ask.
    public func unsent() async throws(DeskError) -> Unsent {
        try await reads.run(throwing: DeskError.self) { [client] in
            try client.unsent()
        }
    }

    /// Leaves the account: `discard` removes everything of it from the device, `keep` all but what is unsent, which this account's next
    /// sign-in continues. To send first, call ``syncUntil(seconds:)`` and then ``unsent()`` again. Afterwards the desk is closed. A process
    /// that is killed in the middle finishes it when a desk in the same folder is opened next.
    ///
    /// - Throws: `DeskError`. If the desk still answers afterwards, nothing has begun.
    public func signOut(_ mode: SignOut) async throws(DeskError) {
        try await writes.run(throwing: DeskError.self) { [client] in
            try client.signOut(mode: mode)
        }
    }

    /// The user has seen that the file was damaged and made anew (`DeskStatus.recovered`).
    public func acknowledgeRecovery() async throws(DeskError) {
        try await writes.run(throwing: DeskError.self) { [client] in
            try client.acknowledgeRecovery()
        }
    }

    /// Ends all work and closes the file. What is not sent yet stays in the file. May be called again.
    public func close() async {
        // After every write that was called before, and not while a subscription is being made, which would then never end.
        await writes.run {}
        await reads.run { [client] in
            client.close()
        }
    }
}
