// What the user writes. A call returns when it is durable; sending goes on by itself (O2, O3).

extension Pocketdesk {
    // MARK: Drafts

    /// The kept draft of a new ticket, or a fresh one with the preselected issue type.
    public func ticketDraft() async throws(DeskError) -> TicketDraft {
        try await reads.run(throwing: DeskError.self) { [client] in
            try client.ticketDraft()
        }
    }

    /// Keeps a draft as it is, valid or not. It survives the end of the process.
    public func save(_ draft: TicketDraft) async throws(DeskError) {
        try await writes.run(throwing: DeskError.self) { [client] in
            try client.saveTicketDraft(draft: draft)
        }
    }

    /// What is wrong with a draft, every field at once. Cheap enough to be called on every change.
    public func check(_ draft: TicketDraft) async throws(DeskError) -> DraftCheck {
        try await reads.run(throwing: DeskError.self) { [client] in
            try client.checkTicketDraft(draft: draft)
        }
    }

    /// Forgets a kept draft.
    public func discardTicketDraft(_ draft: String) async throws(DeskError) {
        try await writes.run(throwing: DeskError.self) { [client] in
            try client.discardTicketDraft(draftId: draft)
        }
    }

    /// The kept draft of a reply to this ticket, or a fresh one.
    ///
    /// - Throws: `DeskError.NotFound` if there is no such ticket.
    public func replyDraft(_ ticket: Int64) async throws(DeskError) -> ReplyDraft {
        try await reads.run(throwing: DeskError.self) { [client] in
            try client.replyDraft(ticket: ticket)
        }
    }

    /// Keeps a reply's draft as it is. It survives the end of the process.
    public func save(_ draft: ReplyDraft) async throws(DeskError) {
        try await writes.run(throwing: DeskError.self) { [client] in
            try client.saveReplyDraft(draft: draft)
        }
    }

    // MARK: Tickets and replies

    /// Makes a ticket of a draft and queues it. Submitting the same draft again gives the same ticket.
    ///
    /// - Returns: The ticket's id. It can be shown at once; the desk gives it a number later.
    /// - Throws: `SubmitError.Invalid` with every wrong field; the draft is kept.
    @discardableResult
    public func submit(_ draft: TicketDraft) async throws(SubmitError) -> Int64 {
        try await enqueue(throwing: SubmitError.self) { [client] in
            try client.submit(draft: draft)
        }
    }

    /// Makes a message of a draft and queues it. Sending the same draft again gives the same message.
    ///
    /// While the app is in front it is held for `DeskConfig.sendDelaySeconds`, so that it can be undone; see `Delivery.held`.
    ///
    /// - Returns: The message's id.
    /// - Throws: `ReplyError.Invalid` if it is blank, `.TicketClosed`, `.NoLongerVisible`, `.NotFound`; the draft is kept.
    @discardableResult
    public func reply(_ draft: ReplyDraft) async throws(ReplyError) -> Int64 {
        try await enqueue(throwing: ReplyError.self) { [client] in
            try client.reply(draft: draft)
        }
    }

    /// Sends a message again that could not be sent. Only for messages with `canRetry`.
    ///
    /// - Throws: `DeskError.NotFound` where that is not safe (any more).
    public func retry(_ message: Int64) async throws(DeskError) {
        try await enqueue(throwing: DeskError.self) { [client] in
            try client.retry(message: message)
        }
    }

    /// Takes an unsent message back, which also is how one is undone. Only for messages with `canDiscard`.
    ///
    /// - Returns: Its text, which is kept as the draft, behind what is being typed. A ticket's whole draft is kept.
    /// - Throws: `DeskError.NotFound` where that is not safe (any more).
    @discardableResult
    public func discard(_ message: Int64) async throws(DeskError) -> String {
        try await writes.run(throwing: DeskError.self) { [client] in
            try client.discard(message: message)
        }
    }

    /// Gives an unsent reply another text; its place among the others stays. Only for messages with `canEdit`.
    ///
    /// - Throws: `ReplyError.Invalid` if it is blank, `.NotFound` where editing is not safe (any more); nothing is changed then.
    public func editReply(_ message: Int64, to text: String) async throws(ReplyError) {
        try await enqueue(throwing: ReplyError.self) { [client] in
            try client.editReply(message: message, body: text)
        }
    }

    /// The fields of a ticket that is not sent yet, for a form that edits them (W12).
    ///
    /// - Throws: `DeskError.NotFound` if there is no such ticket, or the desk has it.
    public func unsentTicket(_ ticket: Int64) async throws(DeskError) -> TicketDraft {
        try await reads.run(throwing: DeskError.self) { [client] in
            try client.unsentTicket(ticket: ticket)
        }
    }

    /// Gives an unsent ticket other fields (W12). Only where its description has `canEdit`.
    ///
    /// - Throws: `SubmitError.Invalid` with every wrong field, `.NotFound` where editing is not safe (any more); nothing is changed then.
    public func editTicket(_ ticket: Int64, to draft: TicketDraft) async throws(SubmitError) {
        try await enqueue(throwing: SubmitError.self) { [client] in
            try client.editTicket(ticket: ticket, draft: draft)
        }
    }

    // MARK: Changes of a sent ticket

    // They show in `Ticket.changes` until the desk has them.

    /// Has the desk mail more addresses about a ticket (W12), where `Profile.addCc` offers it. What is repeated, or the user's own, is
    /// dropped.
    ///
    /// - Throws: `ChangeError.Invalid` with every malformed address, `.NotOffered`, `.TicketClosed`, `.NoLongerVisible`, `.NotFound`.
    public func addCc(_ addresses: [String], to ticket: Int64) async throws(ChangeError) {
        try await enqueue(throwing: ChangeError.self) { [client] in
            try client.addCc(ticket: ticket, addresses: addresses)
        }
    }

    /// Marks the user's own ticket as solved (S15), where `Profile.solve` offers it. Twice is once.
    ///
    /// - Throws: `ChangeError.NotOffered`, `.TicketClosed`, `.NoLongerVisible`, `.NotFound`.
    public func solve(_ ticket: Int64) async throws(ChangeError) {
        try await enqueue(throwing: ChangeError.self) { [client] in
            try client.solve(ticket: ticket)
        }
    }

    /// Sends a change again. Only for changes with `canRetry`.
    ///
    /// - Throws: `DeskError.NotFound` where that is not safe (any more).
    public func retryChange(_ change: Int64) async throws(DeskError) {
        try await enqueue(throwing: DeskError.self) { [client] in
            try client.retryChange(change: change)
        }
    }

    /// Takes a change back. Only for changes with `canDiscard`.
    ///
    /// - Throws: `DeskError.NotFound` where that is not safe (any more).
    public func discardChange(_ change: Int64) async throws(DeskError) {
        try await writes.run(throwing: DeskError.self) { [client] in
            try client.discardChange(change: change)
        }
    }

    // MARK: What is on screen

    /// Says that a thread is on screen: it counts as read, is asked for first, and again every 20 seconds until ``left(_:)``.
    public func threadOpened(_ ticket: Int64) async throws(DeskError) {
        try await writes.run(throwing: DeskError.self) { [client] in
            try client.opened(ticket: ticket)
        }
    }

    /// Says that a thread is no longer on screen.
    public func threadClosed(_ ticket: Int64) async throws(DeskError) {
        try await writes.run(throwing: DeskError.self) { [client] in
            try client.left(ticket: ticket)
        }
    }

    /// A write that puts something into the outbox. Once it is durable, the system is asked to wake the app for it.
    private func enqueue<Value: Sendable, Failure: CoreError>(
        throwing: Failure.Type,
        _ work: @escaping @Sendable () throws -> Value
    ) async throws(Failure) -> Value {
        let value = try await writes.run(throwing: Failure.self, work)
        onEnqueue?()
        return value
    }
}
