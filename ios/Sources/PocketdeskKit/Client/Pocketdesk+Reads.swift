// What the screens read, on the client's queue of reads.

extension Pocketdesk {
    /// A page of the history. Tickets with something unsent are on top, in every order.
    ///
    /// - Parameters:
    ///   - after: `HistoryPage.next` of the previous page; `nil` for the first page.
    ///   - limit: The maximum number of tickets, 1 to 200.
    ///   - scope: The id of one of `HistoryPage.scopes`. `nil`, or one that this user is not offered, is the first.
    ///   - filter: By what it is narrowed.
    ///   - sort: In which order; `nil` for the product's own.
    ///   - before: `HistoryPage.previous` of a page, for the page above that one; with it, `after` is not looked at.
    /// - Throws: `ClientError.InvalidCursor` if `after` or `before` is not a cursor of the history. A cursor belongs to one scope, filter and order.
    public func history(
        after: String? = nil, limit: UInt32 = 50, scope: String? = nil, filter: HistoryFilter? = nil, sort: HistorySort? = nil,
        before: String? = nil
    ) async throws(ClientError) -> HistoryPage {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.history(after: after, limit: limit, scope: scope, filter: filter, sort: sort, before: before)
        }
    }

    /// The number of tickets for each value of the filters, as it is shown beside that value. Ask again when a change has `history` or
    /// `status` set.
    public func historyCounts(in scope: String? = nil, filter: HistoryFilter? = nil) async throws(ClientError) -> HistoryCounts {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.historyCounts(scope: scope, filter: filter)
        }
    }

    /// By what the history can be narrowed and sorted. It does not change while the client is open.
    public func historyOptions() async throws(ClientError) -> HistoryOptions {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.historyOptions()
        }
    }

    /// The rows of the history that a screen holds, and the windows beside them. Begin with the first window, ask for `HistoryRows.up` or
    /// `HistoryRows.down` when the user comes near an end, and for `HistoryRows.window` again when a change has `history` set.
    ///
    /// - Parameters:
    ///   - window: Which rows. With another scope, filter or order, begin with a first one.
    ///   - scope: As in ``history(after:limit:scope:filter:sort:before:)``, like the filter and the order.
    public func historyRows(
        _ window: HistoryWindow = HistoryWindow(), scope: String? = nil, filter: HistoryFilter? = nil, sort: HistorySort? = nil
    ) async throws(ClientError) -> HistoryRows {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.historyRows(window: window, scope: scope, filter: filter, sort: sort)
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

    /// A page of a ticket's messages, oldest first. The first message is the description. The page is empty if there is no such ticket. It has
    /// fewer messages than `limit` also if their texts are long, so only `ThreadPage.next` says whether it is the last page.
    ///
    /// - Parameters:
    ///   - after: `ThreadPage.next` of the previous page; `nil` for the first page.
    ///   - limit: The maximum number of messages, 1 to 200.
    /// - Throws: `ClientError.InvalidCursor` if `after` is not a cursor of a thread.
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

/// The part of the history that a screen shows, and its order.
struct HistoryPart: Equatable, Sendable {
    /// The id of a scope; `nil` for the first one.
    var scope: String?
    /// By what it is narrowed.
    var filter = HistoryFilter()
    /// The order; `nil` for the product's own.
    var sort: HistorySort?
    /// What is searched for, as it was typed. The order does not matter then.
    var search = ""
}
