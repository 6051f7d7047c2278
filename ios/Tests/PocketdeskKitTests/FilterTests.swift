import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// How a user narrows and sorts the history: what is chosen, what stands beside each value, and what is said if nothing matches.
@MainActor
@Suite("Filters of the history", .timeLimit(.minutes(5)))
struct FilterTests {
    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 40)
        folder = try TemporaryFolder()
    }

    @Test("A filter shows as many tickets as stood beside its value, and one that nothing matches says what is in the way")
    func filters() async throws {
        let client = try await open("hub@1")
        let escalated = try await escalate(client)
        let screen = HistoryModel(client: client, pageSize: 200)
        let shown = Task { await screen.run() }
        try await waitUntil("the history") { screen.status?.firstSyncDone == true && screen.rows.contains { $0.id == escalated } }
        let options = try #require(screen.options)
        #expect(options.statuses.map(\.id) == ["open", "closed"] && options.marks.map(\.id) == ["escalated"])
        #expect(options.canFilter && !options.byCreator && !options.byRead)

        let closed = try #require(screen.counts?.statuses.first { $0.id == "closed" }?.tickets)
        await screen.toggle(status: "closed")
        try await waitUntil("the closed ones") { screen.rows.allSatisfy { $0.status.id == "closed" } && screen.rows.count == closed }
        await screen.toggle(status: "closed")
        await screen.toggle(mark: "escalated")
        try await waitUntil("the escalated one") { screen.rows.map(\.id) == [escalated] }
        #expect(screen.counts?.marks.first?.tickets == 1)

        await screen.toggle(ticketType: "conference_call")
        try await waitUntil("nothing") { screen.state == .nothingMatches }
        #expect(screen.chosen(client.strings("de")) == ["Eskaliert", "Konferenzschaltung"])
        await screen.clearFilter()
        try await waitUntil("all of them") { screen.rows.count > closed }
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("An order that is chosen again is the other way round, and its rows stand in no day")
    func sorting() async throws {
        let client = try await open("impact-web@1")
        let screen = HistoryModel(client: client, pageSize: 200)
        let shown = Task { await screen.run() }
        try await waitUntil("the history") { screen.status?.firstSyncDone == true && screen.rows.count > 5 }
        #expect(screen.options?.sorts.map(\.key) == [.lastActivity, .created, .status, .creator, .read])
        #expect(screen.sections().allSatisfy { $0.section == .today || $0.section == .earlier })
        await screen.sort(by: .created)
        try await waitUntil("the newest first") { screen.rows.map(\.createdAt) == screen.rows.map(\.createdAt).sorted(by: >) }
        #expect(screen.sections().map(\.section) == [.others])
        await screen.sort(by: .created)
        try await waitUntil("the oldest first") { screen.rows.map(\.createdAt) == screen.rows.map(\.createdAt).sorted() }
        await screen.sort(by: .read)
        try await waitUntil("the unread first") {
            let unread = screen.rows.prefix { $0.unread }.count
            return screen.sort?.key == .read && screen.rows.dropFirst(unread).allSatisfy { !$0.unread }
        }
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("What was chosen is there again after the end of the process, without what is no longer offered, and only for the same account")
    func restored() async throws {
        let client = try await open("impact-web@1")
        let before = HistoryModel(client: client, pageSize: 200)
        #expect(before.saved == nil)
        let shown = Task { await before.run() }
        try await waitUntil("the history") { before.status?.firstSyncDone == true && before.rows.count > 5 }
        await before.filter(by: HistoryFilter(mine: true, read: false))
        await before.sort(by: .creator)
        before.searchText = "Zürich"
        let saved = try #require(before.saved)
        #expect(!String(decoding: saved, as: UTF8.self).contains("rich"), "what the user wrote is not kept")
        let after = HistoryModel(client: client)
        await after.restore(saved)
        #expect(after.filter == HistoryFilter(mine: true, read: false) && after.saved == saved)
        shown.cancel()
        await shown.value
        await client.close()

        let other = try await open("hub@1", account: "ben")
        let elsewhere = HistoryModel(client: other)
        await elsewhere.restore(saved)
        #expect(elsewhere.filter == HistoryFilter() && elsewhere.saved == nil)
        await other.close()
        let hub = try await open("hub@1")
        let changed = HistoryModel(client: hub)
        await changed.restore(saved)
        #expect(changed.filter == HistoryFilter(), "the hub has neither filter")
        await hub.close()
    }

    private func open(_ product: String, account: String = "ada") async throws -> Pocketdesk {
        var config = ClientConfig(directory: folder.url, account: account, server: sandbox.server.url, language: "de")
        config.product = #"{ "schema": 1, "id": "tested", "version": 1, "extends": "\#(product)" }"#
        config.sendDelaySeconds = 0
        try await sandbox.server.addField(#"{ "id": 360002000008, "type": "text", "titles": { "en": "Escalation state" } }"#)
        let client = try await Pocketdesk.open(config, tokens: FixedToken())
        client.setInFront(true)
        client.setOnline(true)
        return client
    }

    /// A ticket of Ada's that the help desk has escalated, once it is in the history.
    private func escalate(_ client: Pocketdesk) async throws -> Int64 {
        let ticket =
            #"{ "requester": "ada", "channel": "email", "subject": "Buchungen fehlen", "messages": [{ "by": "ada", "body": "Guten Tag 🙏" }], "#
            + #""fields": { "360002000008": "esc_submitted" } }"#
        let number = try await sandbox.server.make(ticket)
        client.syncNow()
        return try await client.waitFor("the ticket") { client in
            try await client.history(limit: 200).tickets.first { $0.number == number && $0.markKeys == ["mark.escalated"] }?.id
        }
    }
}
