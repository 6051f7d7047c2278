// The actions that the product offers on the ticket, and the draft of a reply that the ticket does not take any more.
//
// The core reads the draft of the reply from its file, so what was typed is saved before. Where the core changes that draft, the reply bar shows
// it again.

extension ThreadModel {
    /// Does an action that the user picked, or asks first: for addresses in ``addingCc``, for feedback in ``givingFeedback``, or the question of
    /// the action in ``question``.
    ///
    /// - Returns: What it has led to. For `newTicket` the screen opens the form of a new ticket. `nil` if something is asked first, if it failed
    ///   (``failureKey``), or if it was not done: for a toggle, during another action, and while a reply is edited.
    @discardableResult
    public func act(_ offer: ActionOffer) async -> Acted? {
        if offer.kind == .addCc {
            addingCc = AddCcModel(client: client, ticket: ticket, action: offer, language: language)
            return nil
        }
        if let form = offer.feedback {
            givingFeedback = FeedbackModel(client: client, ticket: ticket, action: offer, form: form)
            return nil
        }
        // A toggle is changed by `setToggle`.
        guard offer.toggle == nil else { return nil }
        guard !offer.asksFirst else {
            question = offer
            return nil
        }
        return await confirm(offer)
    }

    /// Does an action, after the user has answered its question.
    ///
    /// - Returns: What it has led to; `nil` if it failed, during another action, and while a reply is edited.
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

    /// Turns a toggle on or off. Only the last value is sent.
    public func setToggle(_ offer: ActionOffer, to isOn: Bool) async {
        await perform { client async throws(ChangeError) in try await client.setToggle(offer.id, to: isOn, on: ticket) }
    }

    /// Whether the ticket takes no reply, and a draft for one is left. The text is not lost: the user can copy it, continue it in a new ticket, or
    /// discard it.
    public var hasKeptReply: Bool {
        guard case .thread(let ticket, _) = state, !ticket.canReply else { return false }
        return !reply.trimmingWhitespace().isEmpty || !files.attached.isEmpty
    }

    /// Copies the draft of the reply into the draft of a new ticket, below a line that says which ticket it is about. For products that offer no
    /// action for it (`TicketDetails.notice`). A second call does not add it again.
    ///
    /// - Returns: Whether the draft of the new ticket contains the text, so that its form can be shown.
    public func followUp() async -> Bool {
        guard !isActing else { return false }
        isActing = true
        defer { isActing = false }
        guard await saveForCore() else { return false }
        var isKept = false
        await perform { client async throws(ClientError) in
            try await client.beginFollowUp(ticket, language: language)
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
        if !isSaved, failureKey == nil { failureKey = ClientError.Suspended.key() }
        return isSaved
    }
}
