import Foundation
import Observation

/// The model of the form for a new ticket, or for a ticket that was not sent yet. It works without a network.
///
/// What the user types is saved after each pause in typing, so the end of the process costs at most what was typed since. A new ticket is
/// saved as the one draft of a new ticket. An edited ticket has no draft of its own: until the edit is saved, its new description is kept
/// in the draft of a reply to that ticket. If the user types while the client is suspended, the text is saved when the client resumes.
@MainActor
@Observable
public final class NewTicketModel {
    /// What the form contains. Views bind their fields to it. Every change is validated immediately and saved after a pause.
    public var draft: TicketDraft {
        get { currentDraft }
        set {
            guard newValue != currentDraft else { return }
            currentDraft = newValue
            draftChanged()
        }
    }

    /// Whether the draft has been read. Before that, the form must not accept text.
    public private(set) var isReady = false

    /// Whether everything that the user typed is saved. The form's `prefill` alone does not count as typed.
    public private(set) var isSaved = false

    /// Whether the ticket is being created, or the edit is being saved.
    public private(set) var isCreating = false

    /// The ticket that was created, or whose edit was saved. The screen then shows its thread.
    public private(set) var created: Int64?

    /// The key of the text for the last error that is not about a field.
    public private(set) var failureKey: String?

    /// The files of a new ticket. While one is being attached, the ticket cannot be created.
    public let files: DraftFilesModel

    /// The result of the last validation; `nil` before the first.
    public private(set) var check: DraftCheck?

    /// The help articles, and the user's own tickets, whose titles are like the subject of a new ticket. Nothing is sent for that.
    public private(set) var similar = Similar(articles: [], tickets: [])

    /// The product, which says what the form offers.
    public let product: Product

    /// The key of the form's title.
    public var titleKey: String {
        if isEditing { return "edit.ticket" }
        return product.anonymous ? "anonymous.title" : "new.title"
    }

    private var currentDraft = TicketDraft(id: "", subject: "", issueType: "", cc: [], ccEntry: "", description: "", access: false)
    /// How far the user is with the form.
    private var progress = FormProgress()
    private var edit: TicketEdit?
    /// Whether a call threw `Suspended`, so that it has to be repeated when the client resumes.
    private var waitsForResume = false
    private let editedTicket: Int64?
    /// What the form begins with; `nil` once it was discarded.
    private var prefill: String?
    private let client: Pocketdesk
    private let autosave: Autosave

    /// - Parameters:
    ///   - client: The client. Do not close it while the screen exists; it may be suspended.
    ///   - ticket: The ticket to edit, whose description has `canEdit`; `nil` for a new ticket.
    ///   - prefill: A text for the description of a new ticket. It stands below what the draft contains already, and is saved as a part of it
    ///     only if the user types something or attaches a file.
    ///   - pause: The draft is saved when the user has typed nothing for this long.
    public init(
        client: Pocketdesk, editing ticket: Int64? = nil, prefill: String? = nil, pause: Duration = .milliseconds(500)
    ) {
        self.client = client
        editedTicket = ticket
        product = client.product
        files = DraftFilesModel(client: client)
        autosave = Autosave(pause: pause)
        self.prefill = ticket == nil ? prefill : nil
    }

    /// Reads the draft, and saves it when the task is cancelled: `.task { await model.run() }`.
    public func run() async {
        let changes = client.changes
        if !isReady {
            await load()
        }
        for await _ in changes where waitsForResume {
            waitsForResume = false
            guard isReady else {
                await load()
                continue
            }
            await recheck()
            await saveDraft()
        }
        await saveDraft()
    }

    /// Whether ``create()`` would be accepted.
    public var canCreate: Bool {
        isReady && !isCreating && !files.isAttaching && created == nil && check?.canCreate == true
    }

    /// What the form says at a field now: first what is wrong with it, then what will not be sent. When a form complains, the core decides.
    ///
    /// - Parameters:
    ///   - field: The field.
    ///   - index: The index of a CC address. The number of added addresses stands for the address that is being typed. `nil` for other fields, and
    ///     for what is about all addresses.
    public func messages(_ field: Field, at index: Int? = nil) -> [FieldMessage] {
        check?.messages.filter { $0.field == field && $0.index.map(Int.init) == index } ?? []
    }

    /// The user has left a field. A value that is missing there is named from now on.
    public func leave(_ field: Field) {
        guard !progress.left.contains(field) else { return }
        progress.left.append(field)
        Task { await recheck() }
    }

    /// Adds what was typed or pasted to the list: one address or several, valid or not. The validation says what is wrong with them.
    public func addAddress() {
        let addresses = allAddresses(text: draft.ccEntry)
        guard !addresses.isEmpty else { return }
        draft.cc.append(contentsOf: addresses)
        draft.ccEntry = ""
    }

    /// Removes an address from the list.
    public func removeAddress(at index: Int) {
        guard draft.cc.indices.contains(index) else { return }
        draft.cc.remove(at: index)
    }

    /// Whether the form edits a ticket that was not sent yet. Otherwise it is for a new ticket.
    public var isEditing: Bool { editedTicket != nil }

    /// Whether leaving the form would lose an unsaved change of the edited ticket. The draft of a new ticket is never lost.
    public var isChanged: Bool { edit.map { $0.before != currentDraft } ?? false }

    /// Creates the ticket, or saves the edit. Two taps create one ticket.
    public func create() async {
        guard isReady, !isCreating, !files.isAttaching, created == nil else { return }
        isCreating = true
        defer { isCreating = false }
        autosave.cancel()
        failureKey = nil
        progress.attempted = true
        do {
            if let editedTicket {
                try await client.editTicket(editedTicket, to: draft)
                await restoreReplyDraft()
                created = editedTicket
            } else {
                created = try await client.submit(draft)
            }
        } catch .Invalid {
            await saveDraft()
            await recheck()
        } catch .NotPossibleNow where isEditing {
            // The ticket is being sent. A changed description is saved as the draft of a reply.
            failureKey = edit?.before.description == currentDraft.description ? "edit.settled.ticket" : "edit.settled"
            await saveDraft()
        } catch {
            failureKey = error.key()
        }
    }

    /// The fields of the form, in the product's order. A ticket that is edited has none for files.
    public var fields: [FormField] { product.form.filter { $0 != .attachments || takesFiles } }

    /// Whether the form accepts files. Only a new ticket does, and only if the product has a field for them.
    public var takesFiles: Bool { !isEditing && product.form.contains(.attachments) }

    /// Attaches files to a new ticket, one after the other. A file that cannot be attached appears in ``DraftFilesModel/refused``.
    ///
    /// - Parameter chosen: The files, in the order in which they are attached.
    public func attach(_ chosen: [ChosenFile]) async {
        guard takesFiles, isReady, !isCreating, created == nil else { return }
        await files.attach(chosen) { client async throws(ClientError) in try await client.save(currentDraft) }
    }

    /// Attaches a photo that was refused as a smaller JPG; see ``RefusedFile/canBeSmaller``.
    public func attachSmaller(_ photo: RefusedFile) async {
        guard takesFiles, isReady, !isCreating, created == nil else { return }
        await files.attachSmaller(photo) { client async throws(ClientError) in try await client.save(currentDraft) }
    }

    /// Deletes the draft and starts with an empty one. An edited ticket stays as it was before the edit. The screen asks the user first.
    public func discard() async {
        guard isReady, !isCreating else { return }
        autosave.cancel()
        prefill = nil
        if isEditing {
            await restoreReplyDraft()
        } else {
            do {
                try await client.discardTicketDraft(currentDraft.id)
            } catch {
                failureKey = error.key()
                return
            }
        }
        await load()
    }

    /// Saves the draft now. The screen calls this when the app goes to the background.
    public func saveDraft() async {
        autosave.cancel()
        guard isReady, !isSaved, created == nil else { return }
        let draft = currentDraft
        do {
            if let edit {
                try await client.save(edit.replyDraft(with: draft.description))
            } else {
                try await client.save(draft)
            }
            isSaved = draft == currentDraft
        } catch .Suspended {
            waitsForResume = true
        } catch {
            failureKey = error.key()
        }
    }

    private func load() async {
        do {
            if let editedTicket {
                currentDraft = try await client.unsentTicket(editedTicket)
                edit = TicketEdit(before: currentDraft, reply: try await client.replyDraft(editedTicket))
            } else {
                currentDraft = try await client.ticketDraft()
                if let prefill { currentDraft = prefilled(draft: currentDraft, text: prefill) }
            }
            progress = FormProgress()
            failureKey = nil
            isSaved = true
            isReady = true
            if takesFiles { await files.load(of: currentDraft.id) }
            await recheck()
            await look()
        } catch .NotPossibleNow where isEditing {
            failureKey = "edit.settled.ticket"
        } catch .Suspended {
            waitsForResume = true
        } catch {
            failureKey = error.key()
        }
    }

    /// Restores the draft of a reply to the edited ticket: it gets the text that it had before the edit.
    private func restoreReplyDraft() async {
        guard let edit else { return }
        try? await client.save(edit.reply)
    }

    private func draftChanged() {
        isSaved = false
        progress.typing = true
        Task { await recheck() }
        autosave.schedule { [weak self] in await self?.pauseIsOver() }
    }

    private func pauseIsOver() async {
        progress.typing = false
        await saveDraft()
        await recheck()
        await look()
    }

    /// Looks for what is like the subject.
    private func look() async {
        let subject = currentDraft.subject
        var found = Similar(articles: [], tickets: [])
        // Without it the form is complete as well.
        if !isEditing, !subject.allSatisfy(\.isWhitespace), let similar = try? await client.similar(to: subject) { found = similar }
        if subject == currentDraft.subject, found != similar { similar = found }
    }

    private func recheck() async {
        let (draft, progress) = (currentDraft, progress)
        do {
            let check = try await client.check(draft, progress)
            // If the user has gone on in the meantime, the validation of what is there now follows.
            if draft == currentDraft, progress == self.progress { self.check = check }
        } catch .Suspended {
            waitsForResume = true
        } catch {
            failureKey = error.key()
        }
    }
}

/// An edit of an unsent ticket. Until the edit is saved, its text is kept in the draft of a reply to the same ticket, below the
/// text of that draft. The draft of a new ticket is not affected.
private struct TicketEdit {
    let before: TicketDraft
    let reply: ReplyDraft

    func replyDraft(with description: String) -> ReplyDraft {
        guard description != before.description else { return reply }
        return ReplyDraft(id: reply.id, ticket: reply.ticket, body: followedBy(above: reply.body, below: description))
    }
}
