// What is read and what is not. Opening a thread marks it as read: ``Pocketdesk/threadOpened(_:)``.

extension Pocketdesk {
    /// How many of the user's own tickets are unread, for a badge. Its text is counted: `history.unread_tickets`. Ask again when a change has
    /// `history` or `status` set.
    public func unreadTickets() async throws(ClientError) -> UInt32 {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.unreadTickets()
        }
    }

    /// Marks a ticket as unread, to be reminded of it on this device. It stays so until its thread is opened or it is marked as read, whatever
    /// other devices read.
    ///
    /// - Throws: `ClientError.NoSuchTicket` if there is no such ticket.
    public func markUnread(_ ticket: Int64) async throws(ClientError) {
        try await writes.run(throwing: ClientError.self) { [client] in
            try client.markUnread(ticket: ticket)
        }
    }

    /// Marks a ticket as read without opening its thread.
    ///
    /// - Throws: `ClientError.NoSuchTicket` if there is no such ticket.
    public func markRead(_ ticket: Int64) async throws(ClientError) {
        try await writes.run(throwing: ClientError.self) { [client] in
            try client.markRead(ticket: ticket)
        }
    }

    /// Marks every ticket of a scope as read.
    ///
    /// - Parameter scope: The id of one of `HistoryPage.scopes`. `nil`, or one that this user is not offered, is the first.
    public func markAllRead(in scope: String? = nil) async throws(ClientError) {
        try await writes.run(throwing: ClientError.self) { [client] in
            try client.markAllRead(scope: scope)
        }
    }
}
