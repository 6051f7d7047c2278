import Foundation

/// The support desk of one signed-in user. An app opens one for each account and keeps it while the user is signed in.
///
/// Every call answers from the file on this device and never waits for the network; a write returns when it is durable. Reads and
/// writes run on two threads of the desk's own, so nothing here blocks the main thread, and calls may be made from anywhere. Writes
/// happen in the order in which they were called. After ``close()`` every call throws `DeskError.Closed` (or the same case of its own
/// error). Times are milliseconds since 1970 UTC; ids are local and never change.
///
/// Besides the cases that a call's own documentation names, each may throw `Closed`, `NoSpace` (the device is full), `Damaged` and
/// `ReadOnly` (the file), `Storage(code:)` (SQLite's result code) and `InternalFault`.
public final class Pocketdesk: Sendable {
    /// What this desk allows: issue types, statuses, entries of the help screen, limits. Does not change while the desk is open.
    public let profile: Profile

    let desk: Desk
    let reads: Worker
    let writes: Worker
    let onEnqueue: (@Sendable () -> Void)?

    private init(_ desk: Desk, reads: Worker, writes: Worker, onEnqueue: (@Sendable () -> Void)?) {
        self.desk = desk
        self.reads = reads
        self.writes = writes
        self.onEnqueue = onEnqueue
        profile = desk.profile()
    }

    /// Opens the desk in a folder, creating it if there is none yet.
    ///
    /// - Parameters:
    ///   - config: Where the file is, whose it is, and which desk it talks to. One desk at a time for one folder.
    ///   - tokens: Asked for the user's token when the desk is to be reached; kept until the desk is closed.
    ///   - onEnqueue: Called whenever something was put into the outbox, once it is durable: the moment to have the system wake the app
    ///     for it later (``BackgroundSync/enqueued()``). On a thread of the desk's caller; it should return soon.
    /// - Throws: `OpenError`. A file that cannot be opened (`NotADatabase`, `NewerSchema`, `OtherAccount`) is left untouched.
    public static func open(
        _ config: DeskConfig,
        tokens: any TokenSource,
        onEnqueue: (@Sendable () -> Void)? = nil
    ) async throws(OpenError) -> Pocketdesk {
        let (reads, writes) = (Worker("reads"), Worker("writes"))
        return try await writes.run(throwing: OpenError.self) {
            let desk = try Desk.open(config: config, tokens: TokenBridge(tokens))
            return Pocketdesk(desk, reads: reads, writes: writes, onEnqueue: onEnqueue)
        }
    }

    // MARK: What changed

    /// What changed, from now on; each access is a subscription of its own, which ends when its reader stops or the desk is closed.
    ///
    /// A value says which views should ask again, not what they will find. Values that nobody took yet are merged into one. Whatever is
    /// read after this access has its later changes in the stream. Of a closed desk the stream ends at once.
    public var changes: AsyncStream<Changes> {
        ChangeFeed.stream(of: desk, on: reads)
    }

    // MARK: The device

    // Hints: they return at once, and a closed desk ignores them.

    /// Asks the desk for news now. The outcome shows in ``status()`` and ``changes``.
    public func syncNow() {
        writes.start { [desk] in try? desk.syncNow() }
    }

    /// Passes on what the system says about the network. Coming online starts a sync.
    public func setOnline(_ online: Bool) {
        writes.start { [desk] in try? desk.setOnline(online: online) }
    }

    /// Says whether the app is in front. Only then is the desk asked regularly, and can a message be undone for some seconds; leaving
    /// sends at once what could still be undone.
    public func setInFront(_ inFront: Bool) {
        writes.start { [desk] in try? desk.setInFront(inFront: inFront) }
    }

    /// Ends all work and closes the file. What is not sent yet stays in the file. May be called again.
    public func close() async {
        // After every write that was called before, and not while a subscription is being made, which would then never end.
        await writes.run {}
        await reads.run { [desk] in
            desk.close()
        }
    }
}
