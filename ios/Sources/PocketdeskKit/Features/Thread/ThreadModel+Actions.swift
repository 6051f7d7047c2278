// The actions that the product offers on the ticket, and the draft of a reply that the ticket does not take any more.
//
// The core reads the draft of the reply from its file, so what was typed is saved before. Where the core changes that draft, the reply bar shows
// it again.

extension ThreadModel {
    /// The actions at the ticket's head.
    public var headOffers: [ActionOffer] { offers(at: .head) }

    /// The actions below the ticket's details, apart from those that have a place among them.
    public var menuOffers: [ActionOffer] {
        let placed = details.placed
        return offers(at: .menu).filter { !placed.contains($0.id) }
    }

    /// The actions beside the notice that the ticket takes no reply: those that begin a new ticket, wherever the product has them otherwise.
    public var noticeOffers: [ActionOffer] {
        guard case .thread(let ticket, _) = state, !ticket.canReply else { return [] }
        return details.actions.filter { $0.kind == .newRequest }
    }

    private func offers(at place: ActionPlace) -> [ActionOffer] {
        let inNotice = noticeOffers
        return details.actions.filter { $0.place == place && !inNotice.contains($0) }
    }

    /// Does an action that the user picked, or asks first: for addresses in ``addingCc``, or the question of the action in ``question``.
    ///
    /// - Returns: What it has led to. For `newTicket` the screen opens the form of a new ticket. `nil` if something is asked first, or if it
    ///   failed (``failureKey``).
    @discardableResult
    public func act(_ offer: ActionOffer) async -> Acted? {
        if offer.kind == .addCc {
            addingCc = AddCcModel(client: client, ticket: ticket, action: offer, language: language)
            return nil
        }
        guard !offer.asksFirst else {
            question = offer
            return nil
        }
        return await confirm(offer)
    }

    /// Does an action, after the user has answered its question.
    ///
    /// - Returns: What it has led to; `nil` if it failed.
    @discardableResult
    public func confirm(_ offer: ActionOffer) async -> Acted? {
        question = nil
        guard !isActing, editing == nil else { return nil }
        isActing = true
        defer { isActing = false }
        if [.reply, .newRequest].contains(offer.kind) {
            guard await saveForCore() else { return nil }
        }
        var acted: Acted?
        await perform { client async throws(ChangeError) in acted = try await client.act(offer.id, on: ticket, language: language) }
        if acted == .replyDraft { await loadDraft() }
        return acted
    }

    /// Whether the ticket takes no reply, and a draft for one is left. The text is not lost: the user can copy it, continue it in a new ticket, or
    /// discard it.
    public var hasKeptReply: Bool {
        guard case .thread(let ticket, _) = state, !ticket.canReply else { return false }
        return !reply.trimmingWhitespace().isEmpty || !files.attached.isEmpty
    }

    /// Copies the draft of the reply into the draft of a new ticket, below a line that says which ticket it is about. For products that offer no
    /// action for it (``noticeOffers``). A second call does not add it again.
    ///
    /// - Parameter strings: The language of that line.
    /// - Returns: Whether the draft of the new ticket contains the text, so that its form can be shown.
    public func followUp(_ strings: Strings) async -> Bool {
        guard case .thread(let ticket, _) = state, !isActing else { return false }
        isActing = true
        defer { isActing = false }
        guard await saveForCore() else { return false }
        let about = ticket.row.number.map { strings("reply.follow_up", ["number": String($0)]) } ?? ""
        var isKept = false
        await perform { client async throws(ClientError) in
            try await client.followUp(ticket.row.id, about: about)
            isKept = true
        }
        return isKept
    }

    /// Deletes the draft of the reply with its files. The screen asks the user first.
    public func discardReply() async {
        guard let draft else { return }
        autosave.cancel()
        await perform { client async throws(ClientError) in try await client.discardTicketDraft(draft.id) }
        await loadDraft()
    }

    /// Saves what was typed, for the core to read it.
    ///
    /// - Returns: Whether it is saved. Otherwise ``failureKey`` says why not.
    private func saveForCore() async -> Bool {
        failureKey = nil
        await saveDraft()
        if !isSaved, failureKey == nil { failureKey = ClientError.Suspended.stringKey }
        return isSaved
    }
}
