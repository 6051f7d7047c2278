// What the user writes, on the client's queue of writes. A call returns when the write is durable; sending happens later.

extension Pocketdesk {
    // MARK: Drafts

    /// The saved draft of a new ticket, or an empty one with the preselected issue type.
    public func ticketDraft() async throws(ClientError) -> TicketDraft {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.ticketDraft()
        }
    }

    /// Saves a draft as it is, valid or not. It survives the end of the process. A draft that was submitted is not saved again.
    public func save(_ draft: TicketDraft) async throws(ClientError) {
        try await writes.run(throwing: ClientError.self) { [client] in
            try client.saveTicketDraft(draft: draft)
        }
    }

    /// Validates all fields of a draft, and says what its form shows of the result. Fast enough to be called on every keystroke.
    ///
    /// - Parameters:
    ///   - draft: The draft.
    ///   - progress: How far the user is with the form, which decides what is shown (`DraftCheck.messages`).
    public func check(_ draft: TicketDraft, _ progress: FormProgress? = nil) async throws(ClientError) -> DraftCheck {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.checkTicketDraft(draft: draft, progress: progress)
        }
    }

    /// Deletes a saved draft of a ticket or of a reply, with its files. Nothing happens if there is no such draft.
    ///
    /// - Parameter draft: The draft's id.
    public func discardTicketDraft(_ draft: String) async throws(ClientError) {
        try await writes.run(throwing: ClientError.self) { [client] in
            try client.discardTicketDraft(draftId: draft)
        }
    }

    /// The saved draft of a reply to a ticket. If none is saved, an empty draft, also for a ticket that does not exist.
    ///
    /// - Parameter ticket: The local id of the ticket.
    public func replyDraft(_ ticket: Int64) async throws(ClientError) -> ReplyDraft {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.replyDraft(ticket: ticket)
        }
    }

    /// Saves the draft of a reply as it is. It survives the end of the process. A draft that was sent is not saved again.
    ///
    /// - Throws: `ClientError.NoSuchTicket` if there is no such ticket.
    public func save(_ draft: ReplyDraft) async throws(ClientError) {
        try await writes.run(throwing: ClientError.self) { [client] in
            try client.saveReplyDraft(draft: draft)
        }
    }

    // MARK: Tickets and replies

    /// Makes a ticket of a draft and puts it into the outbox. Submitting the same draft again returns the same ticket. The ticket is held back at
    /// first, as in ``reply(_:)``.
    ///
    /// - Returns: The ticket's id. The ticket can be shown at once; the server assigns its number later.
    /// - Throws: `SubmitError.Invalid` with every invalid field. The draft is saved then.
    @discardableResult
    public func submit(_ draft: TicketDraft) async throws(SubmitError) -> Int64 {
        try await enqueue(throwing: SubmitError.self) { [client] in
            try client.submit(draft: draft)
        }
    }

    /// Makes a message of a draft and puts it into the outbox. Sending the same draft again returns the same message.
    ///
    /// While the app is in front and has a network, the message is held back for `ClientConfig.sendDelaySeconds`, so that the user can undo it
    /// (`Delivery.held`).
    ///
    /// - Returns: The message's id.
    /// - Throws: `ReplyError.Invalid` if the text is blank, `.TicketClosed`, `.NotOffered`, `.NoLongerVisible` or `.NoSuchTicket`. The draft
    ///   is not deleted then; except after `.NoSuchTicket` it is saved.
    @discardableResult
    public func reply(_ draft: ReplyDraft) async throws(ReplyError) -> Int64 {
        try await enqueue(throwing: ReplyError.self) { [client] in
            try client.reply(draft: draft)
        }
    }

    /// Sends again a message that could not be sent. Only for messages with `canRetry`.
    ///
    /// - Throws: `ClientError.NotPossibleNow` if `canRetry` is false by now.
    public func retry(_ message: Int64) async throws(ClientError) {
        try await enqueue(throwing: ClientError.self) { [client] in
            try client.retry(message: message)
        }
    }

    /// Withdraws a message that was not sent. Call it only if `canDiscard` is true. A held message is undone in the same way.
    ///
    /// A message that the server has and does not show (`Delivery.notShown`) is withdrawn on this device only: its text can be used in a new
    /// reply. ``remove(_:)`` keeps no draft of it.
    ///
    /// - Returns: The message's text. With its files it is added to the saved draft of a reply to the ticket, below what is there. If the message
    ///   is the description of a ticket, the whole ticket becomes the draft of a new ticket again.
    /// - Throws: `ClientError.NotPossibleNow` if `canDiscard` is false by now.
    @discardableResult
    public func discard(_ message: Int64) async throws(ClientError) -> String {
        try await writes.run(throwing: ClientError.self) { [client] in
            try client.discard(message: message)
        }
    }

    /// Removes from this device a message that the server has and does not show (`Delivery.notShown`), with its files. No draft keeps its
    /// text. The screen asks the user first.
    ///
    /// - Throws: `ClientError.NotPossibleNow` if the message is in any other state, for example because the server shows it by now.
    public func remove(_ message: Int64) async throws(ClientError) {
        try await writes.run(throwing: ClientError.self) { [client] in
            try client.remove(message: message)
        }
    }

    /// Changes the text of a reply that was not sent. The order of the replies stays the same. Only for messages with `canEdit`.
    ///
    /// - Throws: `ReplyError.Invalid` if the text is blank, `.NotPossibleNow` if `canEdit` is false by now. Nothing is changed then.
    public func editReply(_ message: Int64, to text: String) async throws(ReplyError) {
        try await enqueue(throwing: ReplyError.self) { [client] in
            try client.editReply(message: message, body: text)
        }
    }

    /// The fields of a ticket that was not sent, for a form that edits them.
    ///
    /// - Throws: `ClientError.NotPossibleNow` if the ticket is on the server already.
    public func unsentTicket(_ ticket: Int64) async throws(ClientError) -> TicketDraft {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.unsentTicket(ticket: ticket)
        }
    }

    /// Changes the fields of a ticket that was not sent. Only if its description has `canEdit`.
    ///
    /// - Throws: `SubmitError.Invalid` with every invalid field, `.NotPossibleNow` if `canEdit` is false by now. Nothing is changed
    ///   then.
    public func editTicket(_ ticket: Int64, to draft: TicketDraft) async throws(SubmitError) {
        try await enqueue(throwing: SubmitError.self) { [client] in
            try client.editTicket(ticket: ticket, draft: draft)
        }
    }

    /// Removes from this device a ticket that was sent without an account, with everything that the device knows of it. The help desk keeps it.
    ///
    /// - Throws: `ClientError.NotPossibleNow` if `Ticket.canRemove` is false.
    public func removeTicket(_ ticket: Int64) async throws(ClientError) {
        try await writes.run(throwing: ClientError.self) { [client] in
            try client.removeTicket(ticket: ticket)
        }
    }

    // MARK: Changes of a ticket that is on the server

    // Until the server has such a change, it is listed in `Ticket.changes`. Screens offer them as the product's actions: `act(_:on:)`.

    /// Adds CC addresses to a ticket, if `Product.addCc` offers that. Addresses that the ticket already has and the user's own address are
    /// dropped. If no address is left, nothing is changed.
    ///
    /// - Throws: `ChangeError.Invalid` with every malformed address, `.NotOffered`, `.TicketClosed`, `.NoLongerVisible` or `.NoSuchTicket`.
    public func addCc(_ addresses: [String], to ticket: Int64) async throws(ChangeError) {
        try await enqueue(throwing: ChangeError.self) { [client] in
            try client.addCc(ticket: ticket, addresses: addresses)
        }
    }

    /// Marks a ticket as solved, where `Ticket.canSolve` is true. A second call has no effect, unless the user has written a reply since, which
    /// will reopen the ticket.
    ///
    /// - Throws: `ChangeError.NotOffered`, `.TicketClosed`, `.NoLongerVisible` or `.NoSuchTicket`.
    public func solve(_ ticket: Int64) async throws(ChangeError) {
        try await enqueue(throwing: ChangeError.self) { [client] in
            try client.solve(ticket: ticket)
        }
    }

    /// Sends again a change that could not be sent. Only for changes with `canRetry`.
    ///
    /// - Throws: `ClientError.NotPossibleNow` if `canRetry` is false by now.
    public func retryChange(_ change: Int64) async throws(ClientError) {
        try await enqueue(throwing: ClientError.self) { [client] in
            try client.retryChange(change: change)
        }
    }

    /// Withdraws a change that was not sent. Only for changes with `canDiscard`.
    ///
    /// - Throws: `ClientError.NotPossibleNow` if `canDiscard` is false by now.
    public func discardChange(_ change: Int64) async throws(ClientError) {
        try await writes.run(throwing: ClientError.self) { [client] in
            try client.discardChange(change: change)
        }
    }

    // MARK: What is on screen

    /// Reports that a ticket's thread is on screen. The ticket counts as read. Until ``threadClosed(_:)``, or until another thread is opened, the
    /// client asks the server for this ticket before it reads any list, and again at intervals while the app is in front (about every 20 seconds,
    /// unless the product definition says otherwise). It fetches the thread if the ticket has changed.
    ///
    /// - Throws: `ClientError.NoSuchTicket` if there is no such ticket.
    public func threadOpened(_ ticket: Int64) async throws(ClientError) {
        try await writes.run(throwing: ClientError.self) { [client] in
            try client.threadOpened(ticket: ticket)
        }
    }

    /// Asks the server now for a thread that could not be refreshed, instead of at the next attempt (`Ticket.refreshProblem`). Until the
    /// answer is here, the thread stays as it is, with its problem. Without a network the server is asked when the network returns, and a
    /// server that asked to be left alone for a while is asked after that. If there is no such ticket, nothing happens.
    ///
    /// May be called from any thread. Returns when the request is durable, and does not wait for the network.
    ///
    /// - Parameter ticket: The local id of the ticket.
    /// - Throws: `ClientError`, as every call that needs the file. It names no error of its own.
    public func retryThread(_ ticket: Int64) async throws(ClientError) {
        try await writes.run(throwing: ClientError.self) { [client] in
            try client.retryThread(ticket: ticket)
        }
    }

    /// Reports that a ticket's thread is no longer on screen. Nothing happens if another thread was opened since.
    public func threadClosed(_ ticket: Int64) async throws(ClientError) {
        try await writes.run(throwing: ClientError.self) { [client] in
            try client.threadClosed(ticket: ticket)
        }
    }

    /// Runs a write that puts something into the outbox, and calls `onEnqueue` once it is durable.
    private func enqueue<Value: Sendable, Failure: CoreError>(
        throwing: Failure.Type,
        _ work: @escaping @Sendable () throws -> Value
    ) async throws(Failure) -> Value {
        let value = try await writes.run(throwing: Failure.self, work)
        onEnqueue?()
        return value
    }
}
