// What the thread's screen says about a ticket and a message.

/// One of a ticket's details.
public struct TicketFact: Identifiable, Equatable, Sendable {
    /// What it is.
    public let label: String

    /// What is known of it.
    public let value: String

    /// The label: no two details of a ticket have the same.
    public var id: String { label }
}

extension Ticket {
    /// The title of the screen: the number, or in which state a ticket without a number is.
    public func title(_ strings: Strings) -> String {
        if let number = row.number { return "#\(number)" }
        return strings[delivery == .mayHaveBeenSent ? "delivery.may_have_been_sent.short" : delivery.stringKey ?? "delivery.queued"]
    }

    /// The details of the ticket that are known, in order.
    public func facts(in product: Product, _ strings: Strings) -> [TicketFact] {
        let all: [(String, String?)] = [
            ("ticket.number", row.number.map { "#\($0)" } ?? strings["ticket.unsent_number"]),
            ("ticket.created_by", createdByMe ? strings["ticket.you"] : createdBy),
            ("ticket.created", strings.moment(row.created)),
            ("ticket.issue_type", product.issueType(issueType).map { strings[$0.labelKey] }),
            ("ticket.cc", cc.isEmpty ? nil : cc.joined(separator: "\n")),
            ("ticket.access", access.map { strings[$0 ? "ticket.access.on" : "ticket.access.off"] }),
        ]
        return all.compactMap { key, value in value.map { TicketFact(label: strings[key], value: $0) } }
    }

    /// The key of the text that says whose turn it is; `nil` if that is unknown, or out of date because something of the user's own waits to be
    /// sent. A ticket that the server does not have yet is nobody's turn.
    public var turnKey: String? {
        guard row.hasStatus, row.status.isKnown, row.waiting == 0, !row.needsUser else { return nil }
        return row.status.turn.stringKey
    }

    /// Whether the user can add CC addresses to this ticket.
    public func canAddCc(in product: Product) -> Bool { product.addCc && canReply && row.number != nil }
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
