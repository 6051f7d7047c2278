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

    private let desk: Desk
    private let reads: Worker
    private let writes: Worker

    private init(_ desk: Desk, reads: Worker, writes: Worker) {
        self.desk = desk
        self.reads = reads
        self.writes = writes
        profile = desk.profile()
    }

    /// Opens the desk in a folder, creating it if there is none yet.
    ///
    /// - Parameters:
    ///   - config: Where the file is, whose it is, and which desk it talks to. One desk at a time for one folder.
    ///   - tokens: Asked for the user's token when the desk is to be reached; kept until the desk is closed.
    /// - Throws: `OpenError`. A file that cannot be opened (`NotADatabase`, `NewerSchema`, `OtherAccount`) is left untouched.
    public static func open(_ config: DeskConfig, tokens: any TokenSource) async throws(OpenError) -> Pocketdesk {
        let (reads, writes) = (Worker("reads"), Worker("writes"))
        return try await writes.run(throwing: OpenError.self) {
            Pocketdesk(try Desk.open(config: config, tokens: TokenBridge(tokens)), reads: reads, writes: writes)
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

    // MARK: Reading

    /// A page of the history, newest activity first, with what is not sent yet on top.
    ///
    /// - Parameters:
    ///   - after: `HistoryPage.next` of the page before; `nil` for the first.
    ///   - limit: How many at most, 1 to 200.
    public func history(after: String? = nil, limit: UInt32 = 50) async throws(DeskError) -> HistoryPage {
        try await reads.run(throwing: DeskError.self) { [desk] in
            try desk.history(after: after, limit: limit)
        }
    }

    /// The newest `count` tickets, or all if there are fewer, as one page.
    func newest(_ count: Int) async throws(DeskError) -> HistoryPage {
        try await reads.run(throwing: DeskError.self) { [desk] in
            var found = HistoryPage(tickets: [], next: nil, total: 0)
            repeat {
                let limit = UInt32(min(count - found.tickets.count, 200))
                let page = try desk.history(after: found.next, limit: limit)
                found = HistoryPage(tickets: found.tickets + page.tickets, next: page.next, total: page.total)
            } while found.next != nil && found.tickets.count < count
            return found
        }
    }

    /// A ticket's head.
    ///
    /// - Throws: `DeskError.NotFound` if there is no such ticket.
    public func ticket(_ ticket: Int64) async throws(DeskError) -> Ticket {
        try await reads.run(throwing: DeskError.self) { [desk] in
            try desk.ticket(ticket: ticket)
        }
    }

    /// A page of a ticket's messages, oldest first; the description is the first. Empty if there is no such ticket.
    ///
    /// - Parameters:
    ///   - after: `ThreadPage.next` of the page before; `nil` for the first.
    ///   - limit: How many at most, 1 to 200.
    public func thread(_ ticket: Int64, after: String? = nil, limit: UInt32 = 100) async throws(DeskError) -> ThreadPage {
        try await reads.run(throwing: DeskError.self) { [desk] in
            try desk.thread(ticket: ticket, after: after, limit: limit)
        }
    }

    /// A ticket's head and all of its messages.
    func whole(_ ticket: Int64) async throws(DeskError) -> (Ticket, [Message]) {
        try await reads.run(throwing: DeskError.self) { [desk] in
            var messages: [Message] = []
            var next: String?
            repeat {
                let page = try desk.thread(ticket: ticket, after: next, limit: 200)
                messages += page.messages
                next = page.next
            } while next != nil
            return (try desk.ticket(ticket: ticket), messages)
        }
    }

    /// Whether the desk is reached, what waits to be sent, and what stands in the way.
    public func status() async throws(DeskError) -> DeskStatus {
        try await reads.run(throwing: DeskError.self) { [desk] in
            try desk.status()
        }
    }

    // MARK: A new ticket

    /// The kept draft of a new ticket, or a fresh one with the preselected issue type.
    public func ticketDraft() async throws(DeskError) -> TicketDraft {
        try await reads.run(throwing: DeskError.self) { [desk] in
            try desk.ticketDraft()
        }
    }

    /// Keeps a draft as it is, valid or not. It survives the end of the process.
    public func save(_ draft: TicketDraft) async throws(DeskError) {
        try await writes.run(throwing: DeskError.self) { [desk] in
            try desk.saveTicketDraft(draft: draft)
        }
    }

    /// What is wrong with a draft, every field at once. Cheap enough to be called on every change.
    public func check(_ draft: TicketDraft) async throws(DeskError) -> DraftCheck {
        try await reads.run(throwing: DeskError.self) { [desk] in
            try desk.checkTicketDraft(draft: draft)
        }
    }

    /// Forgets a kept draft.
    public func discardTicketDraft(_ draft: String) async throws(DeskError) {
        try await writes.run(throwing: DeskError.self) { [desk] in
            try desk.discardTicketDraft(draftId: draft)
        }
    }

    /// Makes a ticket of a draft and queues it. Submitting the same draft again gives the same ticket.
    ///
    /// - Returns: The ticket's id. It can be shown at once; the desk gives it a number later.
    /// - Throws: `SubmitError.Invalid` with every wrong field; the draft is kept.
    @discardableResult
    public func submit(_ draft: TicketDraft) async throws(SubmitError) -> Int64 {
        try await writes.run(throwing: SubmitError.self) { [desk] in
            try desk.submit(draft: draft)
        }
    }

    // MARK: A reply

    /// The kept draft of a reply to this ticket, or a fresh one.
    ///
    /// - Throws: `DeskError.NotFound` if there is no such ticket.
    public func replyDraft(_ ticket: Int64) async throws(DeskError) -> ReplyDraft {
        try await reads.run(throwing: DeskError.self) { [desk] in
            try desk.replyDraft(ticket: ticket)
        }
    }

    /// Keeps a reply's draft as it is. It survives the end of the process.
    public func save(_ draft: ReplyDraft) async throws(DeskError) {
        try await writes.run(throwing: DeskError.self) { [desk] in
            try desk.saveReplyDraft(draft: draft)
        }
    }

    /// Makes a message of a draft and queues it. Sending the same draft again gives the same message.
    ///
    /// - Returns: The message's id.
    /// - Throws: `ReplyError.Invalid` if it is blank, `.TicketClosed`, `.NoLongerVisible`, `.NotFound`; the draft is kept.
    @discardableResult
    public func reply(_ draft: ReplyDraft) async throws(ReplyError) -> Int64 {
        try await writes.run(throwing: ReplyError.self) { [desk] in
            try desk.reply(draft: draft)
        }
    }

    // MARK: What a user does with a thread

    /// Says that a thread is on screen: it counts as read, is asked for first, and again every 20 seconds until ``left(_:)``.
    public func opened(_ ticket: Int64) async throws(DeskError) {
        try await writes.run(throwing: DeskError.self) { [desk] in
            try desk.opened(ticket: ticket)
        }
    }

    /// Says that a thread is no longer on screen.
    public func left(_ ticket: Int64) async throws(DeskError) {
        try await writes.run(throwing: DeskError.self) { [desk] in
            try desk.left(ticket: ticket)
        }
    }

    /// Sends a message again that could not be sent. Only for messages with `canRetry`.
    public func retry(_ message: Int64) async throws(DeskError) {
        try await writes.run(throwing: DeskError.self) { [desk] in
            try desk.retry(message: message)
        }
    }

    /// Takes an unsent message back. Only for messages with `canDiscard`.
    ///
    /// - Returns: Its text, which is kept as the draft.
    @discardableResult
    public func discard(_ message: Int64) async throws(DeskError) -> String {
        try await writes.run(throwing: DeskError.self) { [desk] in
            try desk.discard(message: message)
        }
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

    /// Says whether the app is in front. Only then is the desk asked regularly.
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

extension DeskConfig {
    /// A desk with the built-in profile, in a file without encryption.
    ///
    /// - Parameters:
    ///   - directory: A folder of the desk's own. It should be excluded from backup.
    ///   - account: The app's stable id of the signed-in user. A folder belongs to one account and one desk for good.
    ///   - desk: The help desk's origin, `https` (`http` for this machine only).
    public init(directory: URL, account: String, desk: URL) {
        self.init(directory: directory.path, account: account, deskUrl: desk.absoluteString, profile: nil, key: nil)
    }
}
