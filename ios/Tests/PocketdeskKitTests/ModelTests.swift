import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// The view models on the real core and a sandbox.
@MainActor
@Suite("View models", .timeLimit(.minutes(5)))
struct ModelTests {
    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 120)
        folder = try TemporaryFolder()
    }

    @Test("Help & Support shows the courses in German only")
    func entries() async throws {
        let client = try await open()
        let entries = { HelpSupportModel(client: client, strings: client.strings($0)).entries }
        #expect(entries("de-CH").map(\.id) == ["new_ticket", "help_centre", "courses", "email"])
        #expect(entries("en").map(\.id) == ["new_ticket", "help_centre", "email"])
        #expect(entries("es-MX").map(\.id) == ["new_ticket", "help_centre", "email"])
        #expect(entries("en").first?.target == .history)
        #expect(entries("de").first?.label == "Ein Support-Ticket melden")
        await client.close()
    }

    @Test("The history fills, loads more at its end, and can be read offline")
    func history() async throws {
        let client = try await open()
        let screen = HistoryModel(client: client, pageSize: 50)
        let shown = Task { await screen.run() }
        try await waitUntil("the first page") { screen.rows.count == 50 && screen.status?.firstSyncDone == true }
        #expect(screen.hasMore)
        #expect(screen.rows.map(\.lastActivityAt) == screen.rows.map(\.lastActivityAt).sorted(by: >))
        await screen.loadMore()
        try await waitUntil("the second page") { screen.rows.count == 100 }
        await screen.loadMore()
        try await waitUntil("the last page") { screen.rows.count == 120 && !screen.hasMore }
        #expect(Set(screen.rows.map(\.id)).count == 120)

        try await sandbox.server.goOffline()
        client.setOnline(false)
        try await waitUntil("offline") { screen.status?.online == false }
        #expect(screen.rows.count == 120)
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("Refreshing ends when the sync has ended with its result, and at once without a network")
    func refresh() async throws {
        let client = try await open()
        let screen = HistoryModel(client: client)
        let shown = Task { await screen.run() }
        try await waitUntil("the history") { screen.status?.firstSyncDone == true && screen.status?.syncing == false }
        let row = try #require(screen.rows.first { $0.status.kind == .open })
        try await sandbox.server.answer(try #require(row.number), ScenarioData.answer, status: "pending")
        // A refresh that waited for its limit would take longer than this suite may.
        await screen.refresh(waitingFor: .seconds(3600))
        #expect(try await client.ticket(row.id).row.status.kind == .awaitingUser, "the answer is there when it ends")

        try await sandbox.server.goOffline()
        await screen.refresh(waitingFor: .seconds(3600))
        #expect(try await client.status().connectionKey == "problem.desk_unreachable", "a failed sync ends it as well")
        client.setOnline(false)
        try await waitUntil("offline") { screen.status?.network == false }
        await screen.refresh(waitingFor: .seconds(3600))
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("If the server was never reached, the history shows a failure and not an empty list")
    func neverReached() async throws {
        try await sandbox.server.goOffline()
        let client = try await open()
        let screen = HistoryModel(client: client)
        let shown = Task { await screen.run() }
        try await waitUntil("failed") { screen.state == .failed(.account(.serverUnreachable)) }
        try await sandbox.server.clearFaults()
        await screen.refresh()
        try await waitUntil("the tickets") { screen.rows.count == 50 }
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("The history of a user without tickets is empty")
    func empty() async throws {
        let newcomer = try SandboxProcess.start(tickets: 0)
        defer { newcomer.stop() }
        let client = try await open(at: newcomer.server.url)
        let screen = HistoryModel(client: client)
        let shown = Task { await screen.run() }
        try await waitUntil("empty") { screen.state == .empty }
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("A new ticket is validated while it is typed, saved after a pause, still there in the next process, and created once")
    func newTicket() async throws {
        try await sandbox.server.goOffline()
        let before = try await open()
        let form = NewTicketModel(client: before, pause: .milliseconds(10))
        let shown = Task { await form.run() }
        try await waitUntil("the form") { form.isReady && form.check != nil }
        #expect(form.draft.issueType == "support_ui_general", "preselected")
        #expect(!form.canCreate)
        #expect(form.problem(.subject) == nil, "nothing is red before it was touched")

        form.draft.subject = String(repeating: "é", count: 141)
        try await waitUntil("too long") { form.problem(.subject)?.problem == .tooLong(count: 141, limit: 140) }
        form.draft.subject = ScenarioData.subject
        form.draft.description = ScenarioData.description
        form.draft.ccEntry = "nicht fertig@"
        form.addAddress()
        try await waitUntil("malformed") { form.problem(.cc, at: 0)?.problem == .malformed }
        #expect(!form.canCreate)
        form.removeAddress(at: 0)
        form.draft.ccEntry = ScenarioData.cc[0]
        form.addAddress()
        form.draft.ccEntry = ScenarioData.cc[1]
        try await waitUntil("valid and saved") { form.canCreate && form.isSaved }
        #expect(form.problem(.cc) == nil)
        let typed = form.draft

        // The client is opened again, although the screen was never closed.
        await before.close()
        shown.cancel()
        let client = try await open()
        let again = NewTicketModel(client: client)
        let shownAgain = Task { await again.run() }
        try await waitUntil("the saved form") { again.canCreate }
        #expect(again.draft == typed)

        for tap in [Task { await again.create() }, Task { await again.create() }] { await tap.value }
        let ticket = try #require(again.created)
        #expect(try await client.history(limit: 200).tickets.map(\.id) == [ticket])
        #expect(try await client.ticket(ticket).cc == ScenarioData.cc)
        #expect(try await client.ticketDraft().subject == "", "the draft was used up")
        shownAgain.cancel()
        await shownAgain.value
        await client.close()
    }

    @Test("A draft is saved when the screen closes before the pause is over, and deleted when it is discarded")
    func leavingAndDiscarding() async throws {
        try await sandbox.server.goOffline()
        let client = try await open()
        let form = NewTicketModel(client: client, pause: .seconds(3600))
        let shown = Task { await form.run() }
        try await waitUntil("the form") { form.isReady }
        form.draft.subject = ScenarioData.subject
        shown.cancel()
        await shown.value
        #expect(try await client.ticketDraft().subject == ScenarioData.subject)
        await form.discard()
        #expect(try await client.ticketDraft().subject == "")
        #expect(form.draft.subject == "")
        await client.close()
    }

    @Test("A reply is saved while it is typed, appears at once as waiting, and can be withdrawn")
    func thread() async throws {
        let client = try await open()
        _ = try await client.waitFor("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        let row = try #require(try await client.history(limit: 200).tickets.first { [.open, .awaitingUser].contains($0.status.kind) })
        let screen = ThreadModel(client: client, ticket: row.id, pause: .milliseconds(10))
        let shown = Task { await screen.run() }
        try await waitUntil("the whole thread") { screen.ticket?.threadComplete == true && screen.messages.first?.description == true }
        let before = screen.messages.map(\.id)
        #expect(!screen.canSend)

        try await sandbox.server.goOffline()
        client.setOnline(false)
        screen.reply = ScenarioData.replies[0]
        try await waitUntil("saved") { screen.isSaved }
        #expect(try await client.replyDraft(row.id).body == ScenarioData.replies[0])
        #expect(screen.canSend)
        await screen.send()
        #expect(screen.failureKey == nil)
        #expect(screen.reply == "")
        #expect(screen.messages.dropLast().map(\.id) == before)
        let message = try #require(screen.messages.last)
        #expect(message.body == ScenarioData.replies[0])
        #expect(message.delivery.stringKey != nil)

        try await waitUntil("can be withdrawn") { screen.messages.last?.canDiscard == true }
        await screen.discard(message)
        #expect(screen.messages.map(\.id) == before)
        #expect(screen.reply == ScenarioData.replies[0])
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("An answer that arrives while its thread is on screen counts as read at once")
    func answerOnScreen() async throws {
        let client = try await open()
        _ = try await client.waitFor("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        let row = try #require(try await client.history(limit: 200).tickets.first { $0.status.kind == .open })
        let screen = ThreadModel(client: client, ticket: row.id)
        let shown = Task { await screen.run() }
        try await waitUntil("the whole thread") { screen.ticket?.threadComplete == true }
        try await sandbox.server.answer(try #require(row.number), ScenarioData.answer, status: "pending")
        client.syncNow()
        try await waitUntil("the answer, read") {
            let isRead = screen.ticket?.row.unread == false && screen.ticket?.row.status.kind == .awaitingUser
            return isRead && screen.messages.last?.body == ScenarioData.answer
        }
        shown.cancel()
        await shown.value
        await client.close()
    }

    private func open(at url: URL? = nil) async throws -> Pocketdesk {
        let config = ClientConfig.ada(in: folder.url, on: url ?? sandbox.server.url)
        let client = try await Pocketdesk.open(config, tokens: FixedToken())
        client.setInFront(true)
        client.setOnline(true)
        return client
    }
}
