import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// The link from a ticket to the closed one that it follows.
@MainActor
@Suite("Follow-ups", .timeLimit(.minutes(5)))
struct FollowUpTests {
    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 30)
        folder = try TemporaryFolder()
    }

    @Test("A follow-up leads to its ticket before it is sent, and until that is no longer visible")
    func link() async throws {
        let client = try await Pocketdesk.open(
            ClientConfig(directory: folder.url, account: "ada", server: sandbox.server.url), tokens: FixedToken("ada-token"))
        _ = try await client.waitFor("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        let closed = try #require(try await client.history(limit: 200).tickets.first { $0.status.kind == .closed })
        let number = try #require(closed.number)
        #expect(try await client.ticket(closed.id).follows == nil)
        let link = FollowedTicket(number: number, ticket: closed.id)

        client.setOnline(false)
        var draft = try await client.ticketDraft()
        (draft.subject, draft.description) = ("Wieder keine Auszahlung 🧾", "Zu Ticket #\(number): שוב.")
        draft.follows = Int64(number)
        let screen = ThreadModel(client: client, ticket: try await client.submit(draft))
        let shown = Task { await screen.run() }
        try await waitUntil("the link") { screen.ticket?.follows == link }
        #expect(screen.ticket?.row.number == nil, "before it is sent")
        client.setOnline(true)
        try await waitUntil("the number") { screen.ticket?.row.number != nil }
        #expect(screen.ticket?.follows == link)

        try await sandbox.server.revoke(number, from: "ada")
        try await client.threadOpened(closed.id)
        client.syncNow()
        try await waitUntil("the end of the link") { screen.ticket?.follows?.ticket == nil }
        #expect(screen.ticket?.follows == FollowedTicket(number: number, ticket: nil))
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("The link is named in the language of the screen")
    func text() {
        let followed = FollowedTicket(number: 480_126, ticket: nil)
        #expect(followed.text(Strings("en")) == "Follow-up to #480126")
        #expect(followed.text(Strings("de-AT")) == "Folgeticket zu #480126")
        #expect(followed.text(Strings("es-MX")) == "Seguimiento de #480126")
    }
}
