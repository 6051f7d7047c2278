// What the thread's screen says about a ticket, its messages and its changes. The core has decided what; here it is put into words.

extension Ticket {
    /// The title of the screen: the number, or in which state a ticket without a number is.
    public func title(_ strings: Strings) -> String {
        row.number.map { "#\($0)" } ?? unsentTitleKey.map { strings[$0] } ?? ""
    }
}

extension Ticket {
    /// Whether it was written without an account. Nothing of it can be read, so its status is not known, and the answer comes by mail.
    public var isAnonymous: Bool { answersGoTo != nil }
}

extension FollowedTicket {
    /// What the head of a ticket says about the one that it follows.
    public func text(_ strings: Strings) -> String {
        strings("ticket.follows", ["number": "\(number)"])
    }
}

extension Message {
    /// The name of the author: "You" for the user's own messages, "Support" for an agent without a name; `nil` if it is unknown.
    ///
    /// - Parameters:
    ///   - ticket: The message's ticket.
    ///   - strings: The language.
    public func authorName(in ticket: Ticket, _ strings: Strings) -> String? {
        authorKey.map { strings[$0] } ?? author ?? (description ? ticket.createdBy : nil)
    }

    /// Whether the name is an agent's own, so that "Support" has to stand beside it.
    public var isNamedAgent: Bool { fromAgent && authorKey == nil }
}

extension PendingChange {
    /// What it does.
    public func text(_ strings: Strings) -> String {
        strings(labelKey, ["addresses": addresses.joined(separator: ", ")])
    }
}

extension Attachment {
    /// What is happening to the file; `nil` if nothing is.
    public func stateText(_ strings: Strings) -> String? {
        stateKey.map { strings($0, ["percent": strings.number(percent ?? 0)]) }
    }
}

extension FieldMessage {
    /// What the form says at the field.
    public func text(_ strings: Strings) -> String {
        let values = ["count": count, "limit": limit].compactMapValues { $0.map(strings.number) }
        return strings(key, values)
    }
}

extension AttachError {
    /// The values of the placeholders in the text, as the language writes them.
    func values(_ strings: Strings) -> [String: String] {
        switch self {
        case .TooMany(let limit): ["limit": strings.number(limit)]
        case .TooLarge(let limit): ["limit": strings.fileSize(limit)]
        default: [:]
        }
    }
}
