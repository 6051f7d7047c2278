import PocketdeskKit
import SandboxClient

extension Pocketdesk {
    /// Those of the first 200 tickets of the history that the user created and that take a reply, after the first sync.
    func ownTickets() async throws -> [TicketRow] {
        _ = try await waitFor("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        var own: [TicketRow] = []
        for row in try await history(limit: 200).tickets {
            let ticket = try await ticket(row.id)
            if ticket.createdByMe, ticket.canReply { own.append(row) }
        }
        return own
    }
}
