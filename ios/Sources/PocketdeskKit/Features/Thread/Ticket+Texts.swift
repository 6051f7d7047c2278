// What the thread's screen says about a ticket and a message.

extension Ticket {
    /// The title of the screen: the number, or in which state a ticket without a number is.
    public func title(_ strings: Strings) -> String {
        if let number = row.number { return "#\(number)" }
        return strings[delivery == .mayHaveBeenSent ? "delivery.may_have_been_sent.short" : delivery.stringKey ?? "delivery.queued"]
    }
}

extension Message {
    /// The name of the author: "You" for the user's own messages, "Support" for an agent without a name; `nil` if it is unknown.
    ///
    /// - Parameters:
    ///   - ticket: The message's ticket.
    ///   - strings: The language.
    public func authorName(in ticket: Ticket, _ strings: Strings) -> String? {
        if mine { return strings["ticket.you"] }
        if let author { return author }
        if fromAgent { return strings["ticket.desk"] }
        return description ? ticket.createdBy : nil
    }

    /// Whether the name is an agent's own, so that "Support" has to stand beside it.
    public var isNamedAgent: Bool { fromAgent && !mine && author != nil }
}
