// A draft can be left for a ticket that takes no reply any more, because the ticket was closed or revoked while the user was writing. The text
// is not lost: the user can copy it, continue it in a new ticket, or discard it.

extension ThreadModel {
    /// Whether the ticket takes no reply, and a draft for one is left.
    public var hasKeptReply: Bool {
        guard case .thread(let ticket, _) = state, !ticket.canReply else { return false }
        return !reply.trimmingWhitespace().isEmpty || !files.attached.isEmpty
    }

    /// Copies the draft of the reply into the draft of a new ticket, below a line that says which ticket it is about. A second call does not add
    /// it again.
    ///
    /// - Parameter strings: The language of that line.
    /// - Returns: Whether the draft of the new ticket contains the text, so that its form can be shown.
    public func followUp(_ strings: Strings) async -> Bool {
        guard case .thread(let ticket, _) = state else { return false }
        let about = ticket.row.number.map { strings("reply.follow_up", ["number": String($0)]) }
        let text = reply.trimmingWhitespace()
        var isKept = false
        await perform { client async throws(ClientError) in
            var next = try await client.ticketDraft()
            if !next.description.contains(text) {
                next.description = [next.description, about ?? "", text].filter { !$0.isEmpty }.joined(separator: "\n\n")
                try await client.save(next)
            }
            isKept = true
        }
        return isKept
    }

    /// Deletes the draft of the reply with its files. The screen asks the user first.
    public func discardReply() async {
        guard let draft else { return }
        autosave.cancel()
        await perform { client async throws(ClientError) in try await client.discardTicketDraft(draft.id) }
        await loadDraft()
    }
}
