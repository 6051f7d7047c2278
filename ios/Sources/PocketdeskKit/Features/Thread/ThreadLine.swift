/// One line of a conversation on screen.
public enum ThreadLine: Identifiable, Equatable, Sendable {
    /// A message. It is new if somebody else wrote it since the thread was last read.
    case message(Message, isNew: Bool)
    /// A change of the ticket that is not settled: it waits, is under way, or needs the user.
    case change(PendingChange)
    /// Everything below is new.
    case new
    /// The thread was not read from the server yet.
    case notFetched
    /// So many messages could not be read.
    case leftOut(UInt32)
    /// The end of the conversation. It shows nothing; the list stands at its end while this line is on screen.
    case end

    /// Identifies a line while the conversation changes around it.
    public enum ID: Hashable, Sendable {
        /// The message with this local id.
        case message(Int64)
        /// The change with this local id.
        case change(Int64)
        /// The line above what is new.
        case new
        /// The note that the thread was not read yet.
        case notFetched
        /// The note about messages that could not be read.
        case leftOut
        /// The end.
        case end
    }

    /// What identifies the line.
    public var id: ID {
        switch self {
        case .message(let message, _): .message(message.id)
        case .change(let change): .change(change.id)
        case .new: .new
        case .notFetched: .notFetched
        case .leftOut: .leftOut
        case .end: .end
        }
    }
}

extension ThreadLine {
    /// The lines of a conversation, from the top: its messages with a line above the first new one, the changes that wait, and what is missing.
    static func lines(of ticket: Ticket, _ messages: [Message], _ unread: UnreadMessages?) -> [ThreadLine] {
        let firstNew = unread.flatMap { unread in messages.firstIndex { $0.id == unread.first } }
        var lines: [ThreadLine] = []
        for (index, message) in messages.enumerated() {
            if index == firstNew { lines.append(.new) }
            lines.append(.message(message, isNew: !message.mine && firstNew.map { index >= $0 } ?? false))
        }
        lines += ticket.changes.map { .change($0) }
        if !ticket.threadComplete, ticket.row.visible { lines.append(.notFetched) }
        if ticket.leftOut > 0 { lines.append(.leftOut(ticket.leftOut)) }
        return lines + [.end]
    }

    /// The message of the line, if it is one.
    var message: Message? {
        if case .message(let message, _) = self { message } else { nil }
    }

    /// Whether the line is a new message.
    var isNew: Bool {
        if case .message(_, let isNew) = self { isNew } else { false }
    }
}
