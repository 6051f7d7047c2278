import Foundation
import Observation

/// One ticket: its head, its messages, and the reply bar (T1–T3). On screen means read.
///
/// What is typed is kept at every pause, an edit of a message as well: until it is saved it is part of the kept reply, so that a process
/// that ends in the middle of it loses nothing. What is typed while the desk is suspended is kept when it resumes.
@MainActor
@Observable
public final class ThreadModel {
    /// What the screen shows.
    public enum State: Equatable, Sendable {
        /// It is being read from this device.
        case loading
        /// The ticket and its messages, oldest first; the description is the first.
        case thread(Ticket, [Message])
        /// There is no such ticket any more: it was taken back before it was sent, here (see ``isDraftAgain``) or elsewhere. The screen closes.
        case gone
        /// It could not be read.
        case failed(DeskError)
    }

    /// What to show.
    public private(set) var state = State.loading

    /// Whether this screen took the ticket itself back: it is the draft of a new ticket again, whose form takes the screen's place.
    public private(set) var isDraftAgain = false

    /// The text of the reply bar. Kept after a pause in typing.
    public var reply: String {
        get { draft?.body ?? "" }
        set {
            guard draft != nil, newValue != draft?.body else { return }
            draft?.body = newValue
            typed()
        }
    }

    /// The files that go with ``reply``. Send waits while one is being copied.
    public let files: FilesModel

    /// The reply of the user's that is being edited, if one is. The bar then shows ``editedText`` instead of ``reply``.
    public private(set) var editing: Message?

    /// The edited reply's text, as typed.
    public var editedText = "" {
        didSet {
            if editing != nil, editedText != oldValue { typed() }
        }
    }

    /// Whether what was typed, as it stands, is on disk.
    public private(set) var isKept = true

    /// Whether a reply is being made of the text, or an edit saved.
    public private(set) var isSending = false

    /// The last thing that went wrong with the reply or a message; the key of its words.
    public private(set) var failureKey: String?

    /// What the labels come from.
    public let profile: Profile

    private let ticket: Int64
    private let desk: Pocketdesk
    private let autosave: Autosave
    private var draft: ReplyDraft?
    private var waitsForResume = false

    /// - Parameters:
    ///   - desk: The desk; it stays open at least as long as the screen lives.
    ///   - ticket: The ticket's local id.
    ///   - pause: How long nothing is typed before the reply is kept.
    public init(desk: Pocketdesk, ticket: Int64, pause: Duration = .milliseconds(500)) {
        self.desk = desk
        self.ticket = ticket
        profile = desk.profile
        files = FilesModel(desk: desk)
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
        for await change in changes where change.threads.contains(ticket) || waitsForResume {
            if waitsForResume { await catchUp() }
            await reload()
            // What arrives while the thread is on screen is read, too.
            if case .thread(let ticket, _) = state, ticket.row.unread {
                try? await desk.opened(ticket.row.id)
            }
        }
        await keep()
        endEditing(keepingText: true)
        try? await desk.left(ticket)
    }

    /// Whether Send makes sense: the ticket takes replies, and there is text.
    public var canSend: Bool {
        guard case .thread(let ticket, _) = state else { return false }
        return ticket.canReply && editing == nil && !isSending && !files.isAttaching && !reply.trimmingWhitespace().isEmpty
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

    /// Whether a reply takes files: where the desk takes any.
    public var takesFiles: Bool { profile.attachments != nil }

    /// Attaches files to the reply, one after the other. One that cannot be attached is in ``FilesModel/refused``.
    ///
    /// - Parameter chosen: Where they are. Whatever access the system demands has to be open.
    public func attach(_ chosen: [URL]) async {
        guard takesFiles, draft != nil, !isSending else { return }
        await files.attach(chosen) { desk async throws(DeskError) in
            if let kept = keepable { try await desk.save(kept) }
        }
    }

    /// Sends a message again. Only for messages with `canRetry`.
    public func retry(_ message: Message) async {
        await decide { desk async throws(DeskError) in try await desk.retry(message.id) }
    }

    /// Takes an unsent message back, which is also how one that is still held is undone; its text returns to the reply bar. Only for
    /// messages with `canDiscard`, and not while one is being edited. The screen asks first, unless the message is held.
    public func discard(_ message: Message) async {
        guard editing == nil else { return }
        await keep()
        await decide { desk async throws(DeskError) in
            _ = try await desk.discard(message.id)
            isDraftAgain = message.description
        }
        await loadDraft()
    }

    /// Has the desk mail more addresses about the ticket, where `Profile.addCc` offers it (W12).
    public func addCc(_ addresses: [String]) async {
        await decide { desk async throws(ChangeError) in try await desk.addCc(addresses, to: ticket) }
    }

    /// Marks the user's own ticket as solved, where `Profile.solve` offers it (S15). The screen asks first.
    public func solve() async {
        await decide { desk async throws(ChangeError) in try await desk.solve(ticket) }
    }

    /// Sends a change of the ticket again. Only for changes with `canRetry`.
    public func retry(_ change: PendingChange) async {
        await decide { desk async throws(DeskError) in try await desk.retryChange(change.id) }
    }

    /// Takes a change of the ticket back. Only for changes with `canDiscard`.
    public func discard(_ change: PendingChange) async {
        await decide { desk async throws(DeskError) in try await desk.discardChange(change.id) }
    }

    /// Asks for a file of a message, by its place in `Message.attachments`; its state shows how far it is.
    public func download(_ place: Int, of message: Message) async {
        await decide { desk async throws(DeskError) in _ = try await desk.download(place, of: message.id) }
    }

    /// Where the copy of a file lies, to be opened; `nil` if it is not on this device.
    public func file(_ place: Int, of message: Message) async -> URL? {
        try? await desk.file(place, of: message.id)
    }

    /// Begins to edit a reply. Only for replies with `canEdit`; a description is edited with its ticket (``NewTicketModel``).
    public func edit(_ message: Message) {
        guard message.canEdit, !message.description, draft != nil, !isSending else { return }
        endEditing(keepingText: true)
        editedText = message.body
        editing = message
        failureKey = nil
    }

    /// Whether saving the edit makes sense: there is text, and it is another one.
    public var canSaveEdit: Bool {
        !isSending && unsavedEdit != nil && !editedText.trimmingWhitespace().isEmpty
    }

    /// Gives the edited reply its new text. If it is on its way already, the new text goes to the reply bar instead.
    public func saveEdit() async {
        guard let editing, canSaveEdit else { return }
        isSending = true
        defer { isSending = false }
        autosave.stop()
        failureKey = nil
        do {
            try await desk.editReply(editing.id, to: editedText)
            endEditing(keepingText: false)
        } catch .NotFound {
            endEditing(keepingText: true)
            failureKey = "edit.settled"
        } catch {
            failureKey = error.wordKey
            return
        }
        await keep()
        await reload()
    }

    /// Ends the edit; the reply stays as it was before. The screen asks first.
    public func cancelEdit() async {
        endEditing(keepingText: false)
        await keep()
    }

    /// Keeps what was typed now. The screen calls it when the app goes to the background.
    public func keep() async {
        autosave.stop()
        guard !isKept, let kept = keepable else { return }
        do {
            try await desk.save(kept)
            isKept = kept.body == everythingTyped
        } catch .Suspended {
            waitsForResume = true
        } catch {
            failureKey = error.wordKey
        }
    }

    /// What could not be done while the desk was suspended.
    private func catchUp() async {
        waitsForResume = false
        try? await desk.opened(ticket)
        if draft == nil { await loadDraft() }
        await keep()
    }

    /// The edit's text, if it is another than the message has.
    private var unsavedEdit: String? {
        editing.flatMap { $0.body == editedText ? nil : editedText }
    }

    /// The reply as it is kept.
    private var keepable: ReplyDraft? {
        draft.map { ReplyDraft(id: $0.id, ticket: $0.ticket, body: everythingTyped) }
    }

    private var everythingTyped: String {
        unsavedEdit.map { reply.followed(by: $0) } ?? reply
    }

    private func typed() {
        isKept = false
        autosave.touched { [weak self] in await self?.keep() }
    }

    private func endEditing(keepingText: Bool) {
        guard editing != nil else { return }
        // Read before the draft is written to.
        let text = keepingText ? everythingTyped : reply
        draft?.body = text
        editing = nil
        editedText = ""
        // What is kept may still hold the edit.
        isKept = false
    }

    private func decide<Failure: CallError>(_ decision: (Pocketdesk) async throws(Failure) -> Void) async {
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
        } catch .Suspended {
            // What is shown stays until it resumes.
            waitsForResume = true
        } catch {
            state = .failed(error)
        }
    }

    private func loadDraft() async {
        do {
            let kept = try await desk.replyDraft(ticket)
            (draft, isKept) = (kept, true)
            if takesFiles { await files.load(of: kept.id) }
        } catch .Suspended {
            (draft, waitsForResume) = (nil, true)
        } catch {
            // Of a ticket that cannot be shown the screen says so already.
            draft = nil
        }
    }
}
