// What the screens read, on the client's queue of reads.

extension Pocketdesk {
    /// A page of the history, newest activity first. Tickets that were not sent yet are on top.
    ///
    /// - Parameters:
    ///   - after: `HistoryPage.next` of the previous page; `nil` for the first page.
    ///   - limit: The maximum number of tickets, 1 to 200.
    ///   - scope: The id of one of `HistoryPage.scopes`. `nil`, or one that this user is not offered, is the first.
    public func history(after: String? = nil, limit: UInt32 = 50, scope: String? = nil) async throws(ClientError) -> HistoryPage {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.history(after: after, limit: limit, scope: scope)
        }
    }

    /// The newest `count` tickets of a scope as one page, or all of them if there are fewer.
    func newest(_ count: Int, in scope: String?) async throws(ClientError) -> HistoryPage {
        try await reads.run(throwing: ClientError.self) { [client] in
            var found = try client.history(after: nil, limit: UInt32(min(max(count, 1), 200)), scope: scope)
            while let next = found.next, found.tickets.count < count {
                let page = try client.history(after: next, limit: UInt32(min(count - found.tickets.count, 200)), scope: scope)
                // What holds for the user changed between two pages. The next read shows all of it.
                guard page.scope == found.scope, page.unavailableKey == found.unavailableKey else { break }
                found.tickets += page.tickets
                found.next = page.next
            }
            return found
        }
    }

    /// A ticket without its messages.
    ///
    /// - Throws: `ClientError.NoSuchTicket` if there is no such ticket.
    public func ticket(_ ticket: Int64) async throws(ClientError) -> Ticket {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.ticket(ticket: ticket)
        }
    }

    /// A page of a ticket's messages, oldest first. The first message is the description. The page is empty if there is no such ticket.
    ///
    /// - Parameters:
    ///   - after: `ThreadPage.next` of the previous page; `nil` for the first page.
    ///   - limit: The maximum number of messages, 1 to 200.
    public func thread(_ ticket: Int64, after: String? = nil, limit: UInt32 = 100) async throws(ClientError) -> ThreadPage {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.thread(ticket: ticket, after: after, limit: limit)
        }
    }

    /// A ticket with its details, all of its messages, and which of them are new to the user.
    func wholeTicket(_ ticket: Int64, language: String) async throws(ClientError) -> WholeTicket {
        try await reads.run(throwing: ClientError.self) { [client] in
            var messages: [Message] = []
            var next: String?
            var unread: UnreadMessages?
            repeat {
                let page = try client.thread(ticket: ticket, after: next, limit: 200)
                messages += page.messages
                next = page.next
                unread = page.unread
            } while next != nil
            let details = try client.details(ticket: ticket, language: language)
            return WholeTicket(ticket: try client.ticket(ticket: ticket), details: details, messages: messages, unread: unread)
        }
    }

    /// Whether the server can be reached, how much is waiting to be sent, and which problem needs attention.
    public func status() async throws(ClientError) -> SyncStatus {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.status()
        }
    }
}

/// Everything that the screen of a ticket shows.
struct WholeTicket: Sendable {
    let ticket: Ticket
    let details: TicketDetails
    /// Oldest first.
    let messages: [Message]
    let unread: UnreadMessages?
}
