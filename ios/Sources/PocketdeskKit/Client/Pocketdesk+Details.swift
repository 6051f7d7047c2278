// The detail screen of a ticket and its actions. The core decides what is shown and offered; texts are in the language of the screen.

extension Pocketdesk {
    /// What the detail screen of a ticket shows and offers. Ask again whenever the ticket has changed (``changes``).
    ///
    /// - Parameters:
    ///   - ticket: The local id of the ticket.
    ///   - language: The language of the texts, as a BCP 47 tag; by default the user's first preference.
    /// - Throws: `ClientError.NoSuchTicket` if there is no such ticket.
    public func details(
        _ ticket: Int64, language: String = Strings.preferredLanguage
    ) async throws(ClientError) -> TicketDetails {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.details(ticket: ticket, language: language)
        }
    }

    /// Does an action of the product with a ticket. What it writes is durable when the call returns, and is sent when the network allows. A
    /// second call for an action that was just done changes nothing, except for the kind `reply`: each call adds its text to the draft again.
    ///
    /// Actions of the kinds `reply` and `newRequest` read the saved draft of the reply, so save what was typed before. Actions of the kinds
    /// `feedback` and `toggle` have calls of their own (``giveFeedback(_:text:on:action:)``, ``setToggle(_:to:on:)``).
    ///
    /// - Parameters:
    ///   - action: `ActionOffer.id`.
    ///   - ticket: The local id of the ticket.
    ///   - addresses: The addresses of an action of the kind `addCc`; others take none.
    ///   - language: The language of texts that the action writes, as a BCP 47 tag.
    /// - Throws: `ChangeError.NotOffered` if this user is not offered the action now, `.Invalid` with every malformed address,
    ///   `.TicketClosed`, `.NoLongerVisible` or `.NoSuchTicket`.
    @discardableResult
    public func act(
        _ action: String, on ticket: Int64, addresses: [String] = [], language: String = Strings.preferredLanguage
    ) async throws(ChangeError) -> Acted {
        let acted = try await writes.run(throwing: ChangeError.self) { [client] in
            try client.act(ticket: ticket, action: action, addresses: addresses, language: language)
        }
        if acted == .written { onEnqueue?() }
        return acted
    }

    /// Says how the help desk did. Feedback is durable when the call returns, and shown among the changes of the ticket until the server has it. It
    /// counts once: a second call changes nothing.
    ///
    /// - Parameters:
    ///   - answer: `FeedbackAnswer.id`.
    ///   - text: What the user wrote; empty for nothing.
    ///   - ticket: The local id of the ticket.
    ///   - action: `ActionOffer.id` of an action of the kind `feedback`.
    /// - Throws: `ChangeError.NotOffered` if this user is not offered it now, `.Invalid` if it needs a text and has none, or `.NoSuchTicket`.
    public func giveFeedback(
        _ answer: String, text: String = "", on ticket: Int64, action: String
    ) async throws(ChangeError) {
        try await writes.run(throwing: ChangeError.self) { [client] in
            try client.giveFeedback(ticket: ticket, action: action, answer: answer, text: text)
        }
        onEnqueue?()
    }

    /// Turns a toggle of a ticket on or off. The value is durable when the call returns. Only the last one is sent, and it is not in force before the
    /// server has confirmed it (`ToggleOffer.isWaiting`).
    ///
    /// - Parameters:
    ///   - action: `ActionOffer.id` of an action of the kind `toggle`.
    ///   - isOn: What it becomes.
    ///   - ticket: The local id of the ticket.
    /// - Throws: `ChangeError.NotOffered` if this user is not offered it now, or `.NoSuchTicket`.
    public func setToggle(_ action: String, to isOn: Bool, on ticket: Int64) async throws(ChangeError) {
        try await writes.run(throwing: ChangeError.self) { [client] in
            try client.setToggle(ticket: ticket, action: action, on: isOn)
        }
        onEnqueue?()
    }

    /// Prepares the draft of a new ticket that follows one which takes no replies, for a product that offers no action for that. Below what the
    /// draft has, it gets a line that says which ticket it is about, and the text of the saved draft of the reply. A second call does not add
    /// them again.
    ///
    /// - Parameters:
    ///   - ticket: The local id of the ticket.
    ///   - language: The language of that line, as a BCP 47 tag.
    /// - Returns: The draft, which is saved.
    /// - Throws: `ClientError.NoSuchTicket` if there is no such ticket.
    @discardableResult
    public func beginFollowUp(
        _ ticket: Int64, language: String = Strings.preferredLanguage
    ) async throws(ClientError) -> TicketDraft {
        try await writes.run(throwing: ClientError.self) { [client] in
            try client.beginFollowUp(ticket: ticket, language: language)
        }
    }

    /// Adds a text to the saved draft of the reply to a ticket, below what is there. It survives the end of the process.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - ticket: The local id of the ticket.
    /// - Throws: `ClientError.NoSuchTicket` if there is no such ticket.
    public func addToReply(_ text: String, in ticket: Int64) async throws(ClientError) {
        try await writes.run(throwing: ClientError.self) { [client] in
            try client.addToReply(ticket: ticket, text: text)
        }
    }
}
