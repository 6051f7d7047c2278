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
        case removed
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
            textChanged()
        }
    }

    /// The files that go with ``reply``. Send waits while one is being copied.
    public let files: DraftFilesModel

    /// The reply of the user's that is being edited, if one is. The bar then shows ``editedText`` instead of ``reply``.
    public private(set) var editing: Message?

    /// The edited reply's text, as typed.
    public var editedText = "" {
        didSet {
            if editing != nil, editedText != oldValue { textChanged() }
        }
    }

    /// Whether what was typed, as it stands, is on disk.
    public private(set) var isSaved = true

    /// Whether a reply is being made of the text, or an edit saved.
    public private(set) var isSending = false

    /// The last thing that went wrong with the reply or a message; the key of its words.
    public private(set) var failureKey: String?

    /// What the labels come from.
    public let product: Profile

    private let ticket: Int64
    private let client: Pocketdesk
    private let autosave: Autosave
    private var draft: ReplyDraft?
    private var waitsForResume = false

    /// - Parameters:
    ///   - desk: The desk; it stays open at least as long as the screen lives.
    ///   - ticket: The ticket's local id.
    ///   - pause: How long nothing is typed before the reply is kept.
    public init(client: Pocketdesk, ticket: Int64, pause: Duration = .milliseconds(500)) {
        self.client = client
        self.ticket = ticket
        product = client.product
        files = DraftFilesModel(client: client)
        autosave = Autosave(pause: pause)
    }

    /// Keeps the screen current until its task is cancelled, and the ticket opened for as long: `.task { await model.run() }`.
    public func run() async {
        let changes = client.changes
        // Being marked as read, or not, must not keep the thread from being shown.
        try? await client.threadOpened(ticket)
        // The draft first: what is typed into the bar must not be lost to it.
        await loadDraft()
        await reload()
        for await change in changes where change.threads.contains(ticket) || waitsForResume {
            if waitsForResume { await retryAfterResume() }
            await reload()
            // What arrives while the thread is on screen is read, too.
            if case .thread(let ticket, _) = state, ticket.row.unread {
                try? await client.threadOpened(ticket.row.id)
            }
        }
        await saveDraft()
        endEditing(keepingText: true)
        try? await client.threadClosed(ticket)
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
            try await client.reply(draft)
        } catch {
            failureKey = error.stringKey
            return
        }
        await loadDraft()
        await reload()
    }

    /// Whether a reply takes files: where the desk takes any.
    public var takesFiles: Bool { product.attachments != nil }

    /// Attaches files to the reply, one after the other. One that cannot be attached is in ``FilesModel/refused``.
    ///
    /// - Parameter chosen: Where they are. Whatever access the system demands has to be open.
    public func attach(_ chosen: [URL]) async {
        guard takesFiles, draft != nil, !isSending else { return }
        await files.attach(chosen) { client async throws(DeskError) in
            if let draftToSave { try await client.save(draftToSave) }
        }
    }

    /// Sends a message again. Only for messages with `canRetry`.
    public func retry(_ message: Message) async {
        await perform { client async throws(DeskError) in try await client.retry(message.id) }
    }

    /// Takes an unsent message back, which is also how one that is still held is undone; its text returns to the reply bar. Only for
    /// messages with `canDiscard`, and not while one is being edited. The screen asks first, unless the message is held.
    public func discard(_ message: Message) async {
        guard editing == nil else { return }
        await saveDraft()
        await perform { client async throws(DeskError) in
            _ = try await client.discard(message.id)
            isDraftAgain = message.description
        }
        await loadDraft()
    }

    /// Has the desk mail more addresses about the ticket, where `Profile.addCc` offers it (W12).
    public func addCc(_ addresses: [String]) async {
        await perform { client async throws(ChangeError) in try await client.addCc(addresses, to: ticket) }
    }

    /// Marks the user's own ticket as solved, where `Profile.solve` offers it (S15). The screen asks first.
    public func solve() async {
        await perform { client async throws(ChangeError) in try await client.solve(ticket) }
    }

    /// Sends a change of the ticket again. Only for changes with `canRetry`.
    public func retry(_ change: PendingChange) async {
        await perform { client async throws(DeskError) in try await client.retryChange(change.id) }
    }

    /// Takes a change of the ticket back. Only for changes with `canDiscard`.
    public func discard(_ change: PendingChange) async {
        await perform { client async throws(DeskError) in try await client.discardChange(change.id) }
    }

    /// Asks for a file of a message, by its place in `Message.attachments`; its state shows how far it is.
    public func download(_ place: Int, of message: Message) async {
        await perform { client async throws(DeskError) in _ = try await client.download(place, of: message.id) }
    }

    /// Where the copy of a file lies, to be opened; `nil` if it is not on this device.
    public func file(_ place: Int, of message: Message) async -> URL? {
        try? await client.file(place, of: message.id)
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
            try await client.editReply(editing.id, to: editedText)
            endEditing(keepingText: false)
        } catch .NotFound {
            endEditing(keepingText: true)
            failureKey = "edit.settled"
        } catch {
            failureKey = error.stringKey
            return
        }
        await saveDraft()
        await reload()
    }

    /// Ends the edit; the reply stays as it was before. The screen asks first.
    public func cancelEdit() async {
        endEditing(keepingText: false)
        await saveDraft()
    }

    /// Keeps what was typed now. The screen calls it when the app goes to the background.
    public func saveDraft() async {
        autosave.stop()
        guard !isSaved, let draftToSave else { return }
        do {
            try await client.save(draftToSave)
            isSaved = draftToSave.body == everythingTyped
        } catch .Suspended {
            waitsForResume = true
        } catch {
            failureKey = error.stringKey
        }
    }

    /// What could not be done while the desk was suspended.
    private func retryAfterResume() async {
        waitsForResume = false
        try? await client.threadOpened(ticket)
        if draft == nil { await loadDraft() }
        await saveDraft()
    }

    /// The edit's text, if it is another than the message has.
    private var unsavedEdit: String? {
        editing.flatMap { $0.body == editedText ? nil : editedText }
    }

    /// The reply as it is kept.
    private var draftToSave: ReplyDraft? {
        draft.map { ReplyDraft(id: $0.id, ticket: $0.ticket, body: everythingTyped) }
    }

    private var everythingTyped: String {
        unsavedEdit.map { reply.followed(by: $0) } ?? reply
    }

    private func textChanged() {
        isSaved = false
        autosave.touched { [weak self] in await self?.saveDraft() }
    }

    private func endEditing(keepingText: Bool) {
        guard editing != nil else { return }
        // Read before the draft is written to.
        let text = keepingText ? everythingTyped : reply
        draft?.body = text
        editing = nil
        editedText = ""
        // What is kept may still hold the edit.
        isSaved = false
    }

    private func perform<Failure: CallError>(_ action: (Pocketdesk) async throws(Failure) -> Void) async {
        failureKey = nil
        do {
            try await action(client)
        } catch .NotFound {
            // It was settled in the meantime; the thread shows how.
        } catch {
            failureKey = error.stringKey
        }
        await reload()
    }

    private func reload() async {
        do {
            let (ticket, messages) = try await client.ticketWithMessages(ticket)
            state = .thread(ticket, messages)
        } catch .NotFound where state != .loading {
            state = .removed
        } catch .Suspended {
            // What is shown stays until it resumes.
            waitsForResume = true
        } catch {
            state = .failed(error)
        }
    }

    private func loadDraft() async {
        do {
            let saved = try await client.replyDraft(ticket)
            (draft, isSaved) = (saved, true)
            if takesFiles { await files.load(of: saved.id) }
        } catch .Suspended {
            (draft, waitsForResume) = (nil, true)
        } catch {
            // Of a ticket that cannot be shown the screen says so already.
            draft = nil
        }
    }
}
