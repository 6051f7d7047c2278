import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// The hub's history: its scopes, and an account that has none.
@MainActor
@Suite("Scopes of the history", .timeLimit(.minutes(5)))
struct ScopeTests {
    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 40)
        folder = try TemporaryFolder()
    }

    private func open(claims: Set<String>) async throws -> Pocketdesk {
        var config = ClientConfig(directory: folder.url, account: "ada", server: sandbox.server.url, language: "de")
        config.product = #"{ "schema": 1, "id": "tested", "version": 1, "extends": "hub@1" }"#
        config.claims = claims.sorted()
        config.sendDelaySeconds = 0
        let client = try await Pocketdesk.open(config, tokens: FixedToken())
        client.setInFront(true)
        client.setOnline(true)
        return client
    }

    @Test("An administrator switches between two scopes, and the app can take the switch away")
    func switching() async throws {
        try await sandbox.server.share(with: "ada", "comment")
        let client = try await open(claims: ["support_admin"])
        let screen = HistoryModel(client: client, pageSize: 200)
        let shown = Task { await screen.run() }
        try await waitUntil("my tickets") { screen.scope == "mine" && screen.status?.firstSyncDone == true && !screen.rows.isEmpty }
        let german = client.strings("de")
        #expect(screen.scopes.map { german[$0.labelKey] } == ["Meine Tickets", "Tickets meiner Organisation"])
        let mine = screen.rows
        #expect(mine.allSatisfy { $0.columnTexts(german).allSatisfy { $0.name != "Benutzername" } })

        await screen.choose("organisation")
        try await waitUntil("the others as well") { screen.scope == "organisation" && screen.rows.count > mine.count }
        let users = screen.rows.flatMap { $0.columnTexts(german) }.filter { $0.name == "Benutzername" }
        #expect(users.contains { $0.text == "Ben Okafor" })
        // No ticket has an escalation, so a table leaves its column out.
        let names = screen.columns.map { german[$0.labelKey] }
        #expect(names == ["Ticket-ID", "Benutzername", "Betreffzeile", "Erstellt", "Letzte Aktivität", "Typ", "Ticketstatus"])
        let created = try #require(screen.columns.first { $0.id == "created" })
        #expect(screen.rows.allSatisfy { $0.text(in: created, german) == german.day($0.created) })

        client.setClaims([])
        try await waitUntil("what is left") { screen.scopes.isEmpty && screen.scope == "mine" }
        // Their order follows what was read of their threads meanwhile.
        #expect(Set(screen.rows.map(\.id)) == Set(mine.map(\.id)))
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("A regulated account says why it has no history, keeps what waits, and can still write")
    func regulated() async throws {
        let client = try await open(claims: [])
        let screen = HistoryModel(client: client, pageSize: 200)
        let shown = Task { await screen.run() }
        try await waitUntil("the history") { screen.status?.firstSyncDone == true && !screen.rows.isEmpty }
        let before = screen.rows.count
        client.setOnline(false)
        client.setClaims(["regulated"])
        try await waitUntil("the reason") { if case .unavailable(_, []) = screen.state { true } else { false } }
        guard case .unavailable(let key, _) = screen.state else { return }
        #expect(client.strings("de")[key] != key && screen.canCreate)

        var draft = try await client.ticketDraft()
        (draft.subject, draft.description) = ("Währung für Zürich 💱", "Wie lautet der Kurs?")
        try await client.submit(draft)
        try await waitUntil("what waits") { screen.sections().flatMap(\.tickets).map(\.row.subject) == ["Währung für Zürich 💱"] }

        client.setClaims([])
        client.setOnline(true)
        try await waitUntil("the history again") { screen.rows.count == before + 1 }
        shown.cancel()
        await shown.value
        await client.close()
    }
}
