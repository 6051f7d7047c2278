import Foundation
import Observation

/// The model of the thread screen: one ticket with its details, its messages and the reply bar. A thread that is on screen counts as read.
///
/// What the user types is saved after each pause in typing, so the end of the process costs at most what was typed since. The text of an
/// unsaved edit is saved as well, below the draft of the reply. If the user types while the client is suspended, the text is saved when the
/// client resumes.
@MainActor
@Observable
public final class ThreadModel {
    /// What the screen shows.
    public enum State: Equatable, Sendable {
        /// The ticket is being read from the file on this device.
        case loading
        /// The ticket and its messages, oldest first. The first message is the description.
        case thread(Ticket, [Message])
        /// The ticket no longer exists on this device: it was withdrawn before it was sent, on this screen (``isDraftAgain``) or elsewhere, or it was
        /// removed (``removeTicket()``). The screen closes.
        case removed
        /// The ticket could not be read.
        case failed(ClientError)
    }

    /// What to show.
    public private(set) var state = State.loading

    /// What the ticket's details show, and the actions that are offered now, in the language of the screen. Read again whenever the thread is.
    public private(set) var details = TicketDetails(parts: [], actions: [], showsMessages: false, replyPlace: .none)

    /// The messages that were new when the thread came on screen, with those that arrived since; `nil` if there are none. The first one stays the
    /// same: the screen opens there.
    public private(set) var unread: UnreadMessages?

    /// The lines of the conversation, from the top; none before the thread was read.
    public var lines: [ThreadLine] {
        guard case .thread(let ticket, let messages) = state else { return [] }
        return ThreadLine.lines(of: ticket, messages, unread)
    }

    /// Whether the user withdrew the ticket itself on this screen. It is the draft of a new ticket again, and its form replaces the screen.
    public private(set) var isDraftAgain = false

    /// The files of ``reply``. While one is being attached, the reply cannot be sent.
    public let files: DraftFilesModel

    /// Finds a text in the messages.
    public let find: FindModel

    /// The reply that the user is editing; `nil` if none. While it is set, the screen shows ``editedText`` to be edited.
    public private(set) var editing: Message?

    /// The text of the edited reply.
    public var editedText = "" {
        didSet {
            if editing != nil, editedText != oldValue { textChanged() }
        }
    }

    /// Whether everything that was typed is saved as it is now.
    public private(set) var isSaved = true

    /// Whether a reply or an edit is being stored.
    public private(set) var isSending = false

    /// The action that the user is asked about; `nil` if none. The screen shows `ActionOffer.question` with `ActionOffer.explanation`, and
    /// answers with ``confirm(_:)`` or by setting this to `nil`.
    public var question: ActionOffer?

    /// The form for the addresses of an action; `nil` if none is open. The screen closes it by setting this to `nil`.
    public var addingCc: AddCcModel?

    /// The form with which feedback is given; `nil` while it is closed.
    public var givingFeedback: FeedbackModel?

    /// Whether an action is being done. Meanwhile the reply bar must not accept text.
    public internal(set) var isActing = false

    /// The key of the text for the last error of the reply, of a message or of an action.
    public internal(set) var failureKey: String?

    /// The product, which has the labels and says what is offered.
    public let product: Product

    let ticket: Int64
    /// The language of ``details`` and of texts that actions write, as a BCP 47 tag.
    private(set) var language: String
    let client: Pocketdesk
    let autosave: Autosave
    /// The draft of the reply, as it is typed; `nil` before it was read.
    var draft: ReplyDraft?
    /// What is selected in the field of the reply.
    var selection = TextPlace(from: 0, to: 0)
    /// The looks of what is typed next, if the user has chosen them.
    var nextLooks: [TextLook]?
    /// Whether a call threw `Suspended`, so that it has to be repeated when the client resumes.
    private var waitsForResume = false

    /// - Parameters:
    ///   - client: The client. Do not close it while the screen exists; it may be suspended.
    ///   - ticket: The ticket's local id.
    ///   - language: The language of the screen, as a BCP 47 tag.
    ///   - found: What was found in the ticket, if it is opened from a search: then it opens at that message, with ``find`` open.
    ///   - pause: The text of the reply, and of an edit, is saved when the user has typed nothing for this long.
    public init(
        client: Pocketdesk, ticket: Int64, language: String = Strings.preferredLanguage, found: FoundMessage? = nil,
        pause: Duration = .milliseconds(500)
    ) {
        self.client = client
        self.ticket = ticket
        self.language = language
        product = client.product
        files = DraftFilesModel(client: client)
        find = FindModel(client: client, ticket: ticket, found: found)
        autosave = Autosave(pause: pause)
    }

    /// Keeps the screen up to date, and the thread reported as open, until the task is cancelled: `.task { await model.run() }`.
    public func run() async {
        let changes = client.changes
        client.threadsOnScreen.entered(ticket)
        // The thread is shown even if it cannot be marked as read.
        try? await client.threadOpened(ticket)
        // The draft is loaded first, because it would replace what is typed into the bar before.
        await loadDraft()
        // What was found is known when the thread is shown, so that it opens there.
        await find.search()
        await reload()
        for await change in changes where change.everyThread || change.threads.contains(ticket) || waitsForResume {
            if waitsForResume { await retryAfterResume() }
            await reload()
            // A message that arrives while the thread is on screen counts as read. What the user marked as unread stays so until the thread is
            // opened again.
            if case .thread(let ticket, _) = state, ticket.row.unread, !ticket.row.reminder {
                try? await client.threadOpened(ticket.row.id)
            }
        }
        await saveDraft()
        endEditing(keepingText: true)
        if client.threadsOnScreen.left(ticket) { try? await client.threadClosed(ticket) }
    }

    /// Marks the ticket as unread. Leave the screen then: whoever opens the thread has read it.
    public func markUnread() async {
        try? await client.markUnread(ticket)
    }

    /// Shows the details in another language.
    ///
    /// - Parameter language: A BCP 47 tag.
    public func show(in language: String) async {
        guard language != self.language else { return }
        self.language = language
        await reload()
    }

    /// Asks the server now for a thread that could not be refreshed (`Ticket.refreshProblem`). What is shown stays until the answer is here.
    public func retryThread() async {
        await perform { client async throws(ClientError) in try await client.retryThread(ticket) }
    }

    // MARK: Writing a reply

    /// Whether ``send()`` would be accepted: the ticket takes replies, and there is text.
    public var canSend: Bool {
        guard case .thread(let ticket, _) = state else { return false }
        return ticket.canReply && editing == nil && !isSending && !isActing && !files.isAttaching && !reply.trimmingWhitespace().isEmpty
    }

    /// Makes a message of ``reply`` and its files. Works without a network. Two taps send one message.
    public func send() async {
        guard canSend, let draft else { return }
        isSending = true
        defer { isSending = false }
        autosave.cancel()
        failureKey = nil
        do {
            try await client.reply(draft)
        } catch {
            failureKey = error.key()
            return
        }
        await loadDraft()
        await reload()
    }

    /// Whether replies accept files.
    public var takesFiles: Bool { product.filesInReplies }

    /// Attaches files to the reply, one after the other. A file that cannot be attached appears in ``DraftFilesModel/refused``.
    ///
    /// - Parameter chosen: The files, in the order in which they are attached.
    public func attach(_ chosen: [ChosenFile]) async {
        guard takesFiles, draft != nil, !isSending else { return }
        await files.attach(chosen) { client async throws(ClientError) in
            if let draftToSave { try await client.save(draftToSave) }
        }
    }

    /// Attaches a photo that was refused as a smaller JPG; see ``RefusedFile/canBeSmaller``.
    public func attachSmaller(_ photo: RefusedFile) async {
        guard takesFiles, draft != nil, !isSending else { return }
        await files.attachSmaller(photo) { client async throws(ClientError) in
            if let draftToSave { try await client.save(draftToSave) }
        }
    }

    /// Saves what was typed now. The screen calls this when the app goes to the background.
    public func saveDraft() async {
        autosave.cancel()
        guard !isSaved, let draftToSave else { return }
        do {
            try await client.save(draftToSave)
            isSaved = draftToSave == self.draftToSave
        } catch .Suspended {
            waitsForResume = true
        } catch {
            failureKey = error.key()
        }
    }

    // MARK: Messages and changes that are not sent

    /// Sends a message again. Only for messages with `canRetry`.
    public func retry(_ message: Message) async {
        await perform { client async throws(ClientError) in try await client.retry(message.id) }
    }

    /// Withdraws a message that was not sent. A message that is still held is undone in the same way. The text returns to the
    /// reply bar. If it is the description, the ticket becomes the draft of a new ticket (``isDraftAgain``).
    ///
    /// A message that the server has and does not show (`Delivery.notShown`) is withdrawn here only, so that its text can be used in a new
    /// reply.
    ///
    /// Only for messages with `canDiscard`, and not while a reply is being edited. The screen asks the user first, except for a message that is
    /// held, or that is not shown.
    public func discard(_ message: Message) async {
        guard editing == nil else { return }
        await saveDraft()
        await perform { client async throws(ClientError) in
            _ = try await client.discard(message.id)
            isDraftAgain = message.description
        }
        await loadDraft()
    }

    /// Removes a message that the server has and does not show (`Delivery.notShown`). Its text is not kept; ``discard(_:)`` returns it to the
    /// reply bar. The screen asks the user first.
    public func remove(_ message: Message) async {
        await perform { client async throws(ClientError) in try await client.remove(message.id) }
    }

    /// Sends a change of the ticket again. Only for changes with `canRetry`.
    public func retry(_ change: PendingChange) async {
        await perform { client async throws(ClientError) in try await client.retryChange(change.id) }
    }

    /// Withdraws a change of the ticket. Only for changes with `canDiscard`.
    public func discard(_ change: PendingChange) async {
        await perform { client async throws(ClientError) in try await client.discardChange(change.id) }
    }

    /// Whether ``removeTicket()`` makes sense: the ticket was sent without an account.
    public var canRemoveTicket: Bool {
        if case .thread(let ticket, _) = state { ticket.canRemove } else { false }
    }

    /// Removes a ticket that was sent without an account from this device, with the name and the address. The screen asks the user first, and
    /// closes afterwards (``State/removed``).
    public func removeTicket() async {
        await perform { client async throws(ClientError) in try await client.removeTicket(ticket) }
    }

    // MARK: Editing a reply

    /// Starts to edit a reply. Only for replies with `canEdit`. A description is edited with its ticket (``NewTicketModel``).
    public func edit(_ message: Message) {
        guard message.canEdit, !message.description, draft != nil, !isSending else { return }
        endEditing(keepingText: true)
        editedText = message.body
        editing = message
        failureKey = nil
    }

    /// Whether ``saveEdit()`` would be accepted: there is text, and it differs from the message.
    public var canSaveEdit: Bool {
        !isSending && unsavedEdit != nil && !editedText.trimmingWhitespace().isEmpty
    }

    /// Saves the edit. If the reply is already being sent, the new text is moved to the reply bar instead.
    public func saveEdit() async {
        guard let editing, canSaveEdit else { return }
        isSending = true
        defer { isSending = false }
        autosave.cancel()
        failureKey = nil
        do {
            try await client.editReply(editing.id, to: editedText)
            endEditing(keepingText: false)
        } catch .NotPossibleNow {
            endEditing(keepingText: true)
            failureKey = "edit.settled"
        } catch {
            failureKey = error.key()
            return
        }
        await saveDraft()
        await reload()
    }

    /// Ends the edit without saving it. The screen asks the user first.
    public func cancelEdit() async {
        endEditing(keepingText: false)
        await saveDraft()
    }

    /// The edited text, if it differs from the message.
    private var unsavedEdit: String? {
        editing.flatMap { $0.body == editedText ? nil : editedText }
    }

    /// The draft of the reply in the form in which it is saved, with the unsaved edit below the reply.
    private var draftToSave: ReplyDraft? {
        draft.map { ReplyDraft(id: $0.id, ticket: $0.ticket, body: everythingTyped, formats: $0.formats) }
    }

    private var everythingTyped: String {
        unsavedEdit.map { followedBy(above: reply, below: $0) } ?? reply
    }

    private func endEditing(keepingText: Bool) {
        guard editing != nil else { return }
        // `everythingTyped` depends on the draft, so it is read before the draft changes.
        let text = keepingText ? everythingTyped : reply
        draft?.body = text
        editing = nil
        editedText = ""
        // The saved draft may still contain the edit.
        isSaved = false
    }

    func textChanged() {
        isSaved = false
        autosave.schedule { [weak self] in await self?.saveDraft() }
    }

    // MARK: Reading

    func perform<Failure: CallError>(_ action: (Pocketdesk) async throws(Failure) -> Void) async {
        failureKey = nil
        do {
            try await action(client)
        } catch .NotPossibleNow {
            // The message was sent or withdrawn in the meantime. The thread shows which.
        } catch {
            failureKey = error.key()
        }
        await reload()
    }

    /// Repeats the calls that failed while the client was suspended.
    private func retryAfterResume() async {
        waitsForResume = false
        try? await client.threadOpened(ticket)
        if draft == nil { await loadDraft() }
        await saveDraft()
    }

    private func reload() async {
        do {
            let whole = try await client.wholeTicket(ticket, language: language)
            (details, unread) = (whole.details, whole.unread)
            state = .thread(whole.ticket, whole.messages)
            await find.search()
        } catch .NoSuchTicket where state != .loading {
            state = .removed
        } catch .Suspended {
            // The screen keeps what it shows until the client resumes.
            waitsForResume = true
        } catch {
            state = .failed(error)
        }
    }

    func loadDraft() async {
        do {
            let saved = try await client.replyDraft(ticket)
            (draft, isSaved) = (saved, true)
            placeCursorAtEnd()
            if takesFiles { await files.load(of: saved.id) }
        } catch .Suspended {
            (draft, waitsForResume) = (nil, true)
        } catch {
            // `reload()` reports why the ticket cannot be shown.
            draft = nil
        }
    }
}
