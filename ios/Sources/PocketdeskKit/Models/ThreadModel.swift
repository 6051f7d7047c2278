import Observation

/// One ticket: its head, its messages, and the reply bar (T1–T3). On screen means read.
@MainActor
@Observable
public final class ThreadModel {
    /// What the screen shows.
    public enum State: Equatable, Sendable {
        /// It is being read from this device.
        case loading
        /// The ticket and its messages, oldest first; the description is the first.
        case thread(Ticket, [Message])
        /// There is no such ticket any more: its only message was taken back before it was sent. The screen closes.
        case gone
        /// It could not be read.
        case failed(DeskError)
    }

    /// What to show.
    public private(set) var state = State.loading

    /// The text of the reply bar. Kept after a pause in typing.
    public var reply: String {
        get { draft?.body ?? "" }
        set {
            guard draft != nil, newValue != draft?.body else { return }
            draft?.body = newValue
            isKept = false
            autosave.touched { [weak self] in await self?.keep() }
        }
    }

    /// Whether the reply, as it stands, is on disk.
    public private(set) var isKept = true

    /// Whether a reply is being made of the text.
    public private(set) var isSending = false

    /// The last thing that went wrong with the reply or a message; the key of its words.
    public private(set) var failureKey: String?

    /// What the labels come from.
    public let profile: Profile

    private let ticket: Int64
    private let desk: Pocketdesk
    private let autosave: Autosave
    private var draft: ReplyDraft?

    /// - Parameters:
    ///   - desk: The desk; it stays open at least as long as the screen lives.
    ///   - ticket: The ticket's local id.
    ///   - pause: How long nothing is typed before the reply is kept.
    public init(desk: Pocketdesk, ticket: Int64, pause: Duration = .milliseconds(500)) {
        self.desk = desk
        self.ticket = ticket
        profile = desk.profile
        autosave = Autosave(pause: pause)
    }

    /// Keeps the screen current until its task is cancelled, and the ticket opened for as long: `.task { await model.run() }`.
    public func run() async {
        let changes = desk.changes
        // Being marked as read, or not, must not keep the thread from being shown.
        try? await desk.opened(ticket)
        // The draft first: what is typed into the bar must not be lost to it.
        await loadDraft()
        await reload()
        for await change in changes where change.threads.contains(ticket) {
            await reload()
            // What arrives while the thread is on screen is read, too.
            if case .thread(let ticket, _) = state, ticket.row.unread {
                try? await desk.opened(ticket.row.id)
            }
        }
        await keep()
        try? await desk.left(ticket)
    }

    /// Whether Send makes sense: the ticket takes replies, and there is text.
    public var canSend: Bool {
        guard case .thread(let ticket, _) = state else { return false }
        return ticket.canReply && !isSending && !reply.trimmingWhitespace().isEmpty
    }

    /// Makes a message of the text. Works offline; two taps give one message.
    public func send() async {
        guard canSend, let draft else { return }
        isSending = true
        defer { isSending = false }
        autosave.stop()
        failureKey = nil
        do {
            try await desk.reply(draft)
        } catch {
            failureKey = error.wordKey
            return
        }
        await loadDraft()
        await reload()
    }

    /// Sends a message again. Only for messages with `canRetry`.
    public func retry(_ message: Message) async {
        await decide { desk async throws(DeskError) in try await desk.retry(message.id) }
    }

    /// Takes an unsent message back; its text returns to the reply bar. Only for messages with `canDiscard`.
    public func discard(_ message: Message) async {
        await keep()
        await decide { desk async throws(DeskError) in _ = try await desk.discard(message.id) }
        await loadDraft()
    }

    /// Keeps the reply now. The screen calls it when the app goes to the background.
    public func keep() async {
        autosave.stop()
        guard let draft, !isKept else { return }
        do {
            try await desk.save(draft)
            isKept = draft == self.draft
        } catch {
            failureKey = error.wordKey
        }
    }

    private func decide(_ decision: (Pocketdesk) async throws(DeskError) -> Void) async {
        failureKey = nil
        do {
            try await decision(desk)
        } catch .NotFound {
            // It was settled in the meantime; the thread shows how.
        } catch {
            failureKey = error.wordKey
        }
        await reload()
    }

    private func reload() async {
        do {
            let (ticket, messages) = try await desk.whole(ticket)
            state = .thread(ticket, messages)
        } catch .NotFound where state != .loading {
            state = .gone
        } catch {
            state = .failed(error)
        }
    }

    private func loadDraft() async {
        do {
            draft = try await desk.replyDraft(ticket)
            isKept = true
        } catch {
            // Of a ticket that cannot be shown the screen says so already.
            draft = nil
        }
    }
}
