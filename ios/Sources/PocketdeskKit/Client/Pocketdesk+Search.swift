// Searching what is on this device: nothing is sent, so it works without a network, and while the user types. And asking the help desk to search.

extension Pocketdesk {
    /// A page of the tickets in which everything was found that a user has typed: the one with the number that was typed, then those that have
    /// everything in their subject, then the others; among these newest activity first. Ask again when a change has `history` set.
    ///
    /// Words may stand in different texts of a ticket, and the last one may be unfinished. What stands in quotes is found word for word.
    ///
    /// - Parameters:
    ///   - text: What was typed. Any text is allowed.
    ///   - after: `SearchPage.next` of the previous page; `nil` for the first page.
    ///   - limit: The maximum number of tickets, 1 to 200.
    ///   - scope: As in ``history(after:limit:scope:filter:sort:before:)``.
    ///   - filter: By what the tickets are narrowed.
    /// - Throws: `ClientError.InvalidCursor` if `after` is not a cursor of a search.
    public func search(
        _ text: String, after: String? = nil, limit: UInt32 = 50, in scope: String? = nil, filter: HistoryFilter? = nil
    ) async throws(ClientError) -> SearchPage {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.search(text: text, after: after, limit: limit, scope: scope, filter: filter)
        }
    }

    /// Asks the help desk's own search, once, for what a user has typed, and stores the tickets that it finds. Offer it where
    /// `HistoryOptions.serverSearch` is set, while there is a network. It waits for the network, at most 20 s. If the help desk cannot be asked now,
    /// also because the client is suspended or closed, the result is `.notAnswered`.
    public func searchServer(_ text: String) async throws(ClientError) -> ServerSearch {
        // A queue of its own: what waits for the network delays no other call.
        try await CallQueue("server-search").run(throwing: ClientError.self) { [client] in
            try client.searchServer(text: text)
        }
    }

    /// Of `tickets`, which ``searchServer(_:)`` has found, those that the history shows in the same scope with the same filter, and that
    /// ``search(_:after:limit:in:filter:)`` does not find, in their order. Ask again when a change has `history` set.
    public func foundElsewhere(
        _ text: String, _ tickets: [Int64], in scope: String? = nil, filter: HistoryFilter? = nil
    ) async throws(ClientError) -> [TicketRow] {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.foundElsewhere(text: text, tickets: tickets, scope: scope, filter: filter)
        }
    }

    /// The help articles in which everything was found that a user has typed, those first that have it in their title. Ask again when a change
    /// has `articles` set.
    ///
    /// - Parameter limit: The maximum number of articles, 1 to 200.
    public func searchArticles(_ text: String, limit: UInt32 = 50) async throws(ClientError) -> [ArticleHit] {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.searchArticles(text: text, limit: limit)
        }
    }

    /// The messages of a ticket in which anything was found that a user has typed, in the order of the thread. Ask again when the thread has
    /// changed.
    public func findInThread(_ ticket: Int64, _ text: String) async throws(ClientError) -> [MessageHit] {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.findInThread(ticket: ticket, text: text)
        }
    }

    /// The first `count` tickets that were found in a part of the history, as one page, or all of them if there are fewer.
    func found(_ count: Int, in part: HistoryPart) async throws(ClientError) -> SearchPage {
        try await reads.run(throwing: ClientError.self) { [client] in
            func page(after: String?, _ limit: Int) throws -> SearchPage {
                try client.search(
                    text: part.search, after: after, limit: UInt32(min(max(limit, 1), 200)), scope: part.scope, filter: part.filter)
            }
            var found = try page(after: nil, count)
            while let next = found.next, found.hits.count < count {
                let page = try page(after: next, count - found.hits.count)
                found.hits += page.hits
                found.next = page.next
            }
            return found
        }
    }
}
