import Foundation

/// The support client of one signed-in user. An app opens one for each account, and keeps it while the user is signed in
/// (``PocketdeskHost``).
///
/// **Network.** Every call answers from the file on this device and never waits for the network, except ``syncUntil(seconds:)`` and
/// ``searchServer(_:)``. A write is durable when the call returns.
///
/// **Threads.** Calls may be made from any thread. Reads and writes run on two serial queues of the client, so no `async` call blocks the main
/// thread. Writes happen in the order in which they were called. Calls that are not `async` return at once, apart from ``entries(_:)``, which reads
/// the file on the caller's thread.
///
/// **States.** A call that needs the file throws `ClientError.Closed` after ``close()`` or a sign-out, and `ClientError.Suspended` between
/// ``suspend()`` and ``resume()``. A call with an error type of its own throws the same cases of that type.
///
/// **Errors.** Besides the errors that its documentation names, each call may throw:
/// - `NoSpace`: the device is full.
/// - `Damaged`: the file is damaged. A new file replaces it, with as much of what the user wrote as could be read. The call may be
///   repeated.
/// - `ReadOnly`: the file cannot be written to.
/// - `Storage(code:)`: another error of SQLite, with its result code.
/// - `InternalFault`: a fault inside the library.
///
/// **Units.** Times are milliseconds since 1970 UTC. Ids are local to this device and never change.
public final class Pocketdesk: Sendable {
    /// What is offered to the user: issue types, statuses, limits. Constant while the client is open. The product's texts and the entries of its
    /// help screen depend on the language: ``strings(_:device:)``, ``entries(_:)``.
    public let product: Product
    /// What the server can do. The product offers nothing beyond it. Constant while the client is open.
    public let capabilities: Capabilities

    let client: Client
    let reads: CallQueue
    let writes: CallQueue
    /// For the calls that wait for the network, which must not delay reads and writes.
    private let syncs = CallQueue("syncs")
    let onEnqueue: (@Sendable () -> Void)?
    let previews: PreviewFolder
    /// Tells this account from others on this device.
    let fingerprint: String
    let texts = LastTexts()
    @MainActor let threadsOnScreen = ThreadsOnScreen()

    private init(
        _ client: Client, of config: ClientConfig, reads: CallQueue, writes: CallQueue, previews: PreviewFolder,
        onEnqueue: (@Sendable () -> Void)?
    ) {
        self.client = client
        self.reads = reads
        self.writes = writes
        self.onEnqueue = onEnqueue
        self.previews = previews
        fingerprint = "\(config.account)\n\(config.serverUrl)".fingerprint
        product = client.product()
        capabilities = client.capabilities()
    }

    /// Opens the client in a folder, and creates its file if there is none yet.
    ///
    /// On Apple's systems the folder is excluded from backup. On iOS its file protection ends with the first unlock after a restart, so
    /// that work in the background can open the file.
    ///
    /// - Parameters:
    ///   - config: The folder, the account and the server. An account can be opened by one client at a time.
    ///   - tokens: Provides the user's token. Asked when a sync begins, and when the server has refused a token. Retained as long as the client
    ///     object. `nil` where nobody is signed in (`ClientConfig.signedOut`).
    ///   - onEnqueue: Called once a write is durable after which the user has something to send: a ticket, a reply, a change, an edit, a retry
    ///     or a vote, and not for what was read. Use it to have the system launch the app later; ``PocketdeskHost`` does. May be called on
    ///     any thread; it should return quickly.
    /// - Throws: `OpenError`. A file that cannot be opened (`NotADatabase`, `NewerSchema`, `OtherAccount`) is not changed. `InUse` means
    ///   that another process, or another client of this one, has the account open.
    public static func open(
        _ config: ClientConfig,
        tokens: (any TokenSource)? = nil,
        onEnqueue: (@Sendable () -> Void)? = nil
    ) async throws(OpenError) -> Pocketdesk {
        let (reads, writes) = (CallQueue("reads"), CallQueue("writes"))
        return try await writes.run(throwing: OpenError.self) {
            #if canImport(Darwin)
            config.protectFolder()
            #endif
            let client = try Client.open(config: config, tokens: TokenBridge(tokens ?? NobodySignedIn()))
            let previews = PreviewFolder(of: config.directory)
            previews.removeAll()
            return Pocketdesk(client, of: config, reads: reads, writes: writes, previews: previews, onEnqueue: onEnqueue)
        }
    }

    // MARK: Changes

    /// The changes from now on. Each access to this property is a new subscription, which ends when its reader stops or the
    /// client is closed.
    ///
    /// A value says which views should query again. It does not say what they will find. Values that were not taken yet are
    /// merged into one. If you access this property first and read afterwards, every change after that read is reported. The
    /// stream of a closed client ends immediately.
    public var changes: AsyncStream<Changes> {
        ChangeFeed.stream(of: client, on: reads)
    }

    // MARK: Hints from the device

    // These calls return immediately, and a closed client ignores them.

    /// Starts a sync of everything. Its result appears in ``status()`` and ``changes``. Without a network the sync begins when the network
    /// returns.
    public func syncNow() {
        writes.start { [client] in try? client.syncNow() }
    }

    /// Reports whether the device has a network. Until the first call the client assumes that there is one.
    ///
    /// After `true`, what is due is sent at once. If there was no network before, the client also asks for news, perhaps after a random wait, so
    /// that not all devices ask a busy help desk together. While it is `false`, the client does not sync by itself, and neither sends nor downloads
    /// anything, and no message can be undone: it waits to be sent, and can be edited or withdrawn.
    public func setOnline(_ online: Bool) {
        writes.start { [client] in try? client.setOnline(online: online) }
    }

    /// Reports whether the app is in front. Only while it is, the client syncs at intervals, and a message can be undone for some seconds.
    /// When the app leaves the front, messages that could still be undone are sent as soon as the network allows. Until the first call the client
    /// assumes that the app is not in front.
    public func setInFront(_ inFront: Bool) {
        writes.start { [client] in try? client.setInFront(inFront: inFront) }
    }

    /// Reports a push message about a ticket. The client then sends what is due, asks the server for this ticket, and reads the ticket's
    /// thread if the ticket has changed. If this device does not know the number, the client reads every list instead.
    ///
    /// A suspended client ignores this: ``PocketdeskHost/onPush(_:for:)`` wakes it up.
    ///
    /// - Parameter number: The ticket's number on the server, as ``PocketdeskPush/ticket(_:)`` has read it.
    public func onPush(_ number: Int64) {
        writes.start { [client] in try? client.onPush(number: number) }
    }

    /// Says whether push messages about tickets reach this device: the app's backend has its push token, and the help desk tells the backend
    /// what changes. While they do, the client in front asks the help desk for news only every ten minutes to four hours, in case one gets
    /// lost. A client that was just opened assumes that they do not; say it after each opening. The value is not stored. Returns at once.
    public func setPushEnabled(_ enabled: Bool) {
        client.setPushEnabled(enabled: enabled)
    }

    // MARK: Life cycle

    /// Sends what is due and reads what has changed. Returns within `seconds`, or earlier if nothing is left to do. Meant for
    /// background tasks of the system; the client may be in use at the same time.
    ///
    /// This call waits for the network. It reads every list, unless a push message has named a ticket in the last minute: then it reads that
    /// ticket only.
    ///
    /// - Parameter seconds: More than 600 counts as 600. The call returns at the latest one second before this time is over. If the time is less
    ///   than ten seconds, the call leaves a tenth of it instead. In the five seconds before the call has to return, it begins no write. If it
    ///   has less than ten seconds in all, it begins none in the second half of them.
    /// - Returns: Whether there is more to do, and when. If the client is suspended or closed before the call or during it, the
    ///   result says that there is more to do.
    public func syncUntil(seconds: UInt32) async throws(ClientError) -> SyncOutcome {
        // Earlier writes come first. Later writes and all reads do not wait for this call.
        await writes.run {}
        return try await syncs.run(throwing: ClientError.self) { [client] in
            try client.syncUntil(seconds: seconds)
        }
    }

    /// Releases every lock and closes every file, because the system is about to freeze the process. Waits for writes that were
    /// called earlier, but not for the network. May be called repeatedly.
    ///
    /// Until ``resume()`` every call that needs the file throws `Suspended` immediately. So the text that the user types meanwhile cannot
    /// be saved: the view models keep it, and save it after ``resume()``. Streams of ``changes`` stay open. ``PocketdeskHost`` calls this
    /// function at the right time.
    public func suspend() async {
        await writes.run { [client] in client.suspend() }
    }

    /// Opens the file again and sends what is due. All views query again. May be called repeatedly. What has changed on the server is read
    /// when the app comes to the front (``setInFront(_:)``), or by ``syncUntil(seconds:)``.
    ///
    /// - Throws: `ClientError.InUse` if another process, or another client of this one, has the account open, or another error that
    ///   prevents opening the file. The client is still suspended then, and the call may be repeated.
    public func resume() async throws(ClientError) {
        try await writes.run(throwing: ClientError.self) { [client] in try client.resume() }
    }

    /// What a sign-out would lose. Tell the user before you ask.
    public func unsent() async throws(ClientError) -> Unsent {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.unsent()
        }
    }

    /// Signs out. The client is closed afterwards. If the process is killed during the call, or an error happens after the removal has begun, the
    /// sign-out is completed when a client is next opened in the same folder, for whatever account.
    ///
    /// To send what is waiting first, call ``syncUntil(seconds:)`` and then ``unsent()`` again.
    ///
    /// - Parameter mode: `discard` removes everything of the account from this device. `keep` removes everything but the unsent
    ///   messages and drafts, with the subjects of their tickets. This account finds them again at its next sign-in.
    /// - Throws: `ClientError`. If other calls still work after the error, nothing of the account was removed.
    public func signOut(_ mode: SignOut) async throws(ClientError) {
        try await writes.run(throwing: ClientError.self) { [client, previews] in
            previews.removeAll()
            try client.signOut(mode: mode)
        }
    }

    /// Confirms that the user has seen `SyncStatus.recovered`: the file was damaged and has been replaced.
    public func acknowledgeRecovery() async throws(ClientError) {
        try await writes.run(throwing: ClientError.self) { [client] in
            try client.acknowledgeRecovery()
        }
    }

    /// Stops all work and closes the file. What was not sent yet stays in the file. May be called repeatedly.
    public func close() async {
        // On the queue of reads, because subscriptions are made there: one that was being made while the client closes would never end.
        await writes.run {}
        await reads.run { [client] in
            client.close()
        }
    }
}
