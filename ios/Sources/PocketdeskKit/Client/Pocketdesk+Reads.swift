// What the screens read: pages of the file, on a thread of their own.

extension Pocketdesk {
    /// A page of the history, newest activity first, with what is not sent yet on top.
    ///
    /// - Parameters:
    ///   - after: `HistoryPage.next` of the page before; `nil` for the first.
    ///   - limit: How many at most, 1 to 200.
    public func history(after: String? = nil, limit: UInt32 = 50) async throws(DeskError) -> HistoryPage {
        try await reads.run(throwing: DeskError.self) { [client] in
            try client.history(after: after, limit: limit)
        }
    }

    /// The newest `count` tickets, or all if there are fewer, as one page.
    func newest(_ count: Int) async throws(DeskError) -> HistoryPage {
        try await reads.run(throwing: DeskError.self) { [client] in
            var found = HistoryPage(tickets: [], next: nil, total: 0)
            repeat {
                let limit = UInt32(min(count - found.tickets.count, 200))
                let page = try client.history(after: found.next, limit: limit)
                found = HistoryPage(tickets: found.tickets + page.tickets, next: page.next, total: page.total)
            } while found.next != nil && found.tickets.count < count
            return found
        }
    }

    /// A ticket's head.
    ///
    /// - Throws: `DeskError.NotFound` if there is no such ticket.
    public func ticket(_ ticket: Int64) async throws(DeskError) -> Ticket {
        try await reads.run(throwing: DeskError.self) { [client] in
            try client.ticket(ticket: ticket)
        }
    }

    /// A page of a ticket's messages, oldest first; the description is the first. Empty if there is no such ticket.
    ///
    /// - Parameters:
    ///   - after: `ThreadPage.next` of the page before; `nil` for the first.
    ///   - limit: How many at most, 1 to 200.
    public func thread(_ ticket: Int64, after: String? = nil, limit: UInt32 = 100) async throws(DeskError) -> ThreadPage {
        try await reads.run(throwing: DeskError.self) { [client] in
            try client.thread(ticket: ticket, after: after, limit: limit)
        }
    }

    /// A ticket's head and all of its messages.
    func ticketWithMessages(_ ticket: Int64) async throws(DeskError) -> (Ticket, [Message]) {
        try await reads.run(throwing: DeskError.self) { [client] in
            var messages: [Message] = []
            var next: String?
            repeat {
                let page = try client.thread(ticket: ticket, after: next, limit: 200)
                messages += page.messages
                next = page.next
            } while next != nil
            return (try client.ticket(ticket: ticket), messages)
        }
    }

    /// Whether the desk is reached, what waits to be sent, and what stands in the way.
    public func status() async throws(DeskError) -> DeskStatus {
        try await reads.run(throwing: DeskError.self) { [client] in
            try client.status()
        }
    }
}
