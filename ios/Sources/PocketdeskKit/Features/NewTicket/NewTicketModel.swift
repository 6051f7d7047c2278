import Foundation
import Observation

/// The form for a new ticket (C1–C6), or for one that is not sent yet (W12). Works offline; what is typed survives the end of the process:
/// a new ticket as a draft; of an edit that is not saved yet the description, as a reply being written to its ticket. What is typed while the
/// desk is suspended is kept when it resumes.
@MainActor
@Observable
public final class NewTicketModel {
    /// What the form holds. A view binds its fields to it; every change is checked at once and kept after a pause.
    public var draft: TicketDraft {
        get { typed }
        set {
            guard newValue != typed else { return }
            markChanges(from: typed, to: newValue)
            typed = newValue
            changed()
        }
    }

    /// Whether the kept draft was read; the form takes no typing before.
    public private(set) var isReady = false

    /// Whether the draft, as it stands, is on disk.
    public private(set) var isSaved = false

    /// Whether a ticket is being made of the draft.
    public private(set) var isCreating = false

    /// The ticket that was created, or whose edit was saved; the screen then gives way to its thread.
    public private(set) var created: Int64?

    /// The last thing that went wrong, apart from fields; the key of its words.
    public private(set) var failureKey: String?

    /// The files that go with a new ticket. Create waits while one is being copied.
    public let files: DraftFilesModel

    /// The last check of the draft; `nil` before the first.
    public private(set) var check: DraftCheck?

    /// What the form offers.
    public let product: Profile

    private var typed = TicketDraft(id: "", subject: "", issueType: "", cc: [], ccEntry: "", description: "", access: false)
    private var touched: Set<Field> = []
    private var edit: Edit?
    private var waitsForResume = false
    private let edited: Int64?
    private let client: Pocketdesk
    private let autosave: Autosave

    /// - Parameters:
    ///   - desk: The desk; it stays open at least as long as the screen lives.
    ///   - ticket: An unsent ticket, to be edited; `nil` for a new one. Only where its description has `canEdit`.
    ///   - pause: How long nothing is typed before the draft is kept.
    public init(client: Pocketdesk, editing ticket: Int64? = nil, pause: Duration = .milliseconds(500)) {
        self.client = client
        edited = ticket
        product = client.product
        files = DraftFilesModel(client: client)
        autosave = Autosave(pause: pause)
    }

    /// Reads the kept draft, and keeps it again when the task is cancelled: `.task { await model.run() }`.
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

    /// Whether Create would be accepted.
    public var canCreate: Bool {
        isReady && !isCreating && !files.isAttaching && created == nil && check?.canCreate == true
    }

    /// What is wrong with a field, once the user has touched it or tried to create. An address is not called malformed while its first
    /// letters are typed, but at the next pause.
    ///
    /// - Parameters:
    ///   - field: The field.
    ///   - index: For addresses, which one; the number of added addresses stands for the one still being typed.
    public func problem(_ field: Field, at index: Int? = nil) -> FieldProblem? {
        guard touched.contains(field), isSaved || field != .cc || index != typed.cc.count else { return nil }
        return check?.problems.first { $0.field == field && (index == nil || $0.index.map(Int.init) == index) }
    }

    /// What will happen to an address that is not needed; the number of added addresses stands for the one still being typed.
    public func note(at index: Int) -> DraftNote? {
        check?.notes.first { Int($0.index) == index }
    }

    /// Adds the address that was typed to the list, well-formed or not; the check says what is wrong with it.
    public func addAddress() {
        let address = draft.ccEntry.trimmingWhitespace()
        guard !address.isEmpty else { return }
        draft.cc.append(address)
        draft.ccEntry = ""
    }

    /// Takes an address off the list.
    public func removeAddress(at index: Int) {
        guard draft.cc.indices.contains(index) else { return }
        draft.cc.remove(at: index)
    }

    /// Whether an unsent ticket is being edited, rather than a new one written.
    public var isEditing: Bool { edited != nil }

    /// Whether leaving would lose a change of the edited ticket that was not saved. A new ticket is kept as it is.
    public var isChanged: Bool { edit.map { $0.before != typed } ?? false }

    /// Makes a ticket of the draft, or gives the edited one its new fields. Two taps give one ticket.
    public func create() async {
        guard isReady, !isCreating, !files.isAttaching, created == nil else { return }
        isCreating = true
        defer { isCreating = false }
        autosave.stop()
        failureKey = nil
        do {
            if let edited {
                try await client.editTicket(edited, to: draft)
                await restoreReplyDraft()
                created = edited
            } else {
                created = try await client.submit(draft)
            }
        } catch .Invalid {
            touched = [.subject, .issueType, .cc, .description, .access]
            await recheck()
            await saveDraft()
        } catch .NotFound where isEditing {
            // A changed description becomes a reply.
            failureKey = edit?.before.description == typed.description ? "edit.settled.ticket" : "edit.settled"
            await saveDraft()
        } catch {
            failureKey = error.stringKey
        }
    }

    /// Whether the form takes files: a new ticket's, where the desk takes any.
    public var takesFiles: Bool { !isEditing && product.attachments != nil }

    /// Attaches files to a new ticket, one after the other. One that cannot be attached is in ``FilesModel/refused``.
    ///
    /// - Parameter chosen: Where they are. Whatever access the system demands has to be open.
    public func attach(_ chosen: [URL]) async {
        guard takesFiles, isReady, !isCreating, created == nil else { return }
        await files.attach(chosen) { client async throws(DeskError) in try await client.save(typed) }
    }

    /// Forgets what was typed and starts afresh; an edited ticket stays as it was before. The screen asks first.
    public func discard() async {
        guard isReady, !isCreating else { return }
        autosave.stop()
        if isEditing {
            await restoreReplyDraft()
        } else {
            do {
                try await client.discardTicketDraft(typed.id)
            } catch {
                failureKey = error.stringKey
                return
            }
        }
        await load()
    }

    /// Keeps the draft now. The screen calls it when the app goes to the background.
    public func saveDraft() async {
        autosave.stop()
        guard isReady, !isSaved, created == nil else { return }
        let draft = typed
        do {
            if let edit {
                try await client.save(edit.reply(with: draft.description))
            } else {
                try await client.save(draft)
            }
            isSaved = draft == typed
        } catch .Suspended {
            waitsForResume = true
        } catch {
            failureKey = error.stringKey
        }
    }

    private func load() async {
        do {
            if let edited {
                typed = try await client.unsentTicket(edited)
                edit = Edit(before: typed, reply: try await client.replyDraft(edited))
            } else {
                typed = try await client.ticketDraft()
            }
            touched = []
            failureKey = nil
            isSaved = true
            isReady = true
            if takesFiles { await files.load(of: typed.id) }
            await recheck()
        } catch .NotFound where isEditing {
            failureKey = "edit.settled.ticket"
        } catch .Suspended {
            waitsForResume = true
        } catch {
            failureKey = error.stringKey
        }
    }

    /// The reply to the edited ticket is again what it was before the edit.
    private func restoreReplyDraft() async {
        guard let edit else { return }
        try? await client.save(edit.reply)
    }

    private func changed() {
        isSaved = false
        Task { await recheck() }
        autosave.touched { [weak self] in await self?.saveDraft() }
    }

    private func recheck() async {
        let draft = typed
        do {
            let check = try await client.check(draft)
            // Typed on meanwhile: the check of that text is on its way.
            if draft == typed { self.check = check }
        } catch .Suspended {
            waitsForResume = true
        } catch {
            failureKey = error.stringKey
        }
    }

    private func markChanges(from old: TicketDraft, to new: TicketDraft) {
        if old.subject != new.subject { touched.insert(.subject) }
        if old.issueType != new.issueType { touched.insert(.issueType) }
        if old.cc != new.cc || old.ccEntry != new.ccEntry { touched.insert(.cc) }
        if old.description != new.description { touched.insert(.description) }
        if old.access != new.access { touched.insert(.access) }
    }
}

/// Where the text of an edit stays until it is saved: behind the reply that is being written to its ticket. The one draft of a new ticket
/// is not touched.
private struct Edit {
    let before: TicketDraft
    let reply: ReplyDraft

    func reply(with description: String) -> ReplyDraft {
        guard description != before.description else { return reply }
        return ReplyDraft(id: reply.id, ticket: reply.ticket, body: reply.body.followed(by: description))
    }
}
