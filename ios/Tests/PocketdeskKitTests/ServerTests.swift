import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// What the user is told if the server cannot be read as usual: a thread that cannot be refreshed, a busy or unreachable help desk, and
/// messages that cannot be shown as they are.
@MainActor
@Suite("What the server may do", .timeLimit(.minutes(5)))
struct ServerTests {
    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 60)
        folder = try TemporaryFolder()
    }

    // MARK: Reading

    @Test("A thread that cannot be refreshed says so, keeps what it shows, and is asked for again at once when the user wants it")
    func refreshAgain() async throws {
        let client = try await open()
        let row = try #require(try await client.ownTickets().first)
        let number = try #require(row.number)
        let screen = ThreadModel(client: client, ticket: row.id)
        let shown = Task { await screen.run() }
        try await waitUntil("the whole thread") { screen.ticket?.threadComplete == true }
        #expect(screen.ticket?.refreshProblem == nil)
        let before = screen.messages.map(\.id)

        try await sandbox.server.fault(#"{"server_error": {"only": "GET /api/v2/requests/\#(number)/comments"}}"#)
        try await sandbox.server.answer(number, ScenarioData.answer, status: "pending")
        client.syncNow()
        try await waitUntil("could not be refreshed") { screen.ticket?.refreshProblem != nil }
        // Each failure makes the pause longer than the last one, so a later attempt than the last announced one is a new failure.
        for _ in 0..<3 {
            let announced = try #require(screen.ticket?.refreshProblem?.nextAttempt)
            await screen.retryThread()
            try await waitUntil("failed again") { screen.ticket?.refreshProblem.map { $0.nextAttempt > announced } == true }
        }
        #expect(screen.failureKey == nil)
        #expect(screen.messages.map(\.id) == before, "what was there stays")

        let nextAttempt = try #require(screen.ticket?.refreshProblem?.nextAttempt)
        try await sandbox.server.clearFaults()
        await screen.retryThread()
        try await waitUntil("the answer") { screen.ticket?.refreshProblem == nil && screen.messages.last?.body == ScenarioData.answer }
        #expect(Date().timeIntervalSince1970 * 1000 < Double(nextAttempt), "not because the next attempt was due")
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("Asking again for a thread that needs no refresh, or that does not exist, does nothing")
    func refreshForNothing() async throws {
        let client = try await open()
        let row = try #require(try await client.ownTickets().first)
        try await client.retryThread(row.id)
        try await client.retryThread(-1)
        #expect(try await client.ticket(row.id).refreshProblem == nil)
        await client.close()
        await #expect(throws: ClientError.Closed) { try await client.retryThread(row.id) }
    }

    @Test("Messages that could not be read are counted in the plural form of the language")
    func leftOut() {
        let counted = { Strings($0).counted("ticket.left_out", $1) }
        #expect(counted("en", 1) == "1 message could not be read.")
        #expect(counted("en", 3) == "3 messages could not be read.")
        #expect(counted("de-AT", 1) == "1 Nachricht konnte nicht gelesen werden.")
        #expect(counted("de", 3) == "3 Nachrichten konnten nicht gelesen werden.")
        #expect(counted("es", 1) == "No se ha podido leer 1 mensaje.")
        #expect(counted("es-MX", 3) == "No se han podido leer 3 mensajes.")
    }

    @Test("A message that is too long to keep is shown in part, and says so")
    func shortened() async throws {
        let client = try await open()
        let row = try #require(try await client.ownTickets().first)
        try await sandbox.server.answer(
            try #require(row.number), String(repeating: "Überweisung fehlt. 🧾 ", count: 15_000), status: "pending")
        let screen = ThreadModel(client: client, ticket: row.id)
        let shown = Task { await screen.run() }
        try await waitUntil("the beginning") { screen.messages.last?.shortened == true }
        #expect(screen.messages.last?.body.hasPrefix("Überweisung fehlt. 🧾") == true)
        #expect(screen.messages.dropLast().allSatisfy { !$0.shortened })
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("People whom somebody else copied are shown by name, and solving is offered only where the core says so")
    func copiesAndSolving() async throws {
        let client = try await open()
        let rows = try await client.ownTickets()
        var solvable: TicketRow?
        for row in try await client.history(limit: 200).tickets {
            let ticket = try await client.ticket(row.id)
            if ticket.canSolve {
                #expect(ticket.createdByMe && ticket.canReply)
                solvable = solvable ?? row
            }
        }

        let row = try #require(rows.first)
        let otherDevice = try TemporaryFolder()
        let elsewhere = try await open(in: otherDevice.url)
        let there = try #require(try await elsewhere.ownTickets().first { $0.number == row.number })
        try await elsewhere.addCc(["ben.okafor@nordlicht-reisen.example"], to: there.id)
        _ = try await elsewhere.waitFor("sent") { try await $0.ticket(there.id).changes.isEmpty ? true : nil }
        await elsewhere.close()
        withExtendedLifetime(otherDevice) {}
        client.syncNow()
        _ = try await client.waitFor("the name") { try await $0.ticket(row.id).cc.contains("Ben Okafor") ? true : nil }

        let screen = ThreadModel(client: client, ticket: try #require(solvable).id)
        let shown = Task { await screen.run() }
        try await waitUntil("the ticket") { screen.ticket?.canSolve == true }
        let solve = try #require(screen.details.offer("solve"))
        #expect(await screen.act(solve) == .written, "the product asks nothing before it")
        #expect(screen.failureKey == nil)
        try await waitUntil("not offered twice") { screen.ticket?.canSolve == false && screen.details.offer("solve") == nil }
        try await waitUntil("solved") { screen.ticket?.row.status.kind == .solved && screen.ticket?.changes.isEmpty == true }
        #expect(screen.ticket?.canSolve == false)
        shown.cancel()
        await shown.value
        await client.close()
    }

    // MARK: The connection

    @Test("A busy help desk says when it is asked again, and is neither unreachable nor a problem of the account")
    func busy() async throws {
        let client = try await open()
        let screen = HistoryModel(client: client)
        let shown = Task { await screen.run() }
        try await waitUntil("the history") { screen.status?.firstSyncDone == true && screen.rows.count == 50 }
        #expect(screen.status?.nextAttempt == nil)
        try await sandbox.server.fault(#"{"too_many_requests": {"retry_after": 600}}"#)
        await screen.refresh()
        try await waitUntil("busy") { screen.status?.nextAttempt != nil }
        let time = try #require(screen.status?.nextAttempt)
        #expect((500...700).contains(time.timeIntervalSinceNow))
        #expect(screen.status?.obstacleKey == nil && screen.status?.accountProblem == nil)
        #expect(screen.rows.count == 50)
        client.setOnline(false)
        try await waitUntil("offline") { screen.status?.obstacleKey == "offline.banner" }
        #expect(screen.status?.nextAttempt == nil, "without a network nothing is attempted")
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("A help desk that cannot be reached is told apart from a device without a network, and the strip counts what waits")
    func unreachable() async throws {
        let client = try await open()
        let row = try #require(try await client.ownTickets().first)
        let strip = StatusModel(client: client)
        let shown = Task { await strip.run() }
        try await waitUntil("the status") { strip.status != nil }
        #expect(strip.status?.obstacleKey == nil)
        try await sandbox.server.goOffline()
        try await reply(client, to: row.id, ScenarioData.replies[0])
        try await waitUntil("unreachable") { strip.status?.obstacleKey == "problem.desk_unreachable" && strip.status?.waiting == 1 }
        #expect(strip.status?.accountProblem == nil, "said once")
        client.setOnline(false)
        try await waitUntil("offline") { strip.status?.obstacleKey == "offline.banner" }
        try await sandbox.server.clearFaults()
        client.setOnline(true)
        try await waitUntil("sent") { strip.status?.obstacleKey == nil && strip.status?.waiting == 0 }
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("Without a network in front, a new message waits with Edit and Discard once its hold is over")
    func queuedInFront() async throws {
        let client = try await open(delay: 30)
        let row = try #require(try await client.ownTickets().first)
        let screen = ThreadModel(client: client, ticket: row.id)
        let shown = Task { await screen.run() }
        try await waitUntil("the ticket") { screen.ticket != nil }
        screen.reply = ScenarioData.replies[0]
        await screen.send()
        #expect(screen.messages.last?.body == ScenarioData.replies[0])
        let heldUntil = try #require(screen.messages.last?.delivery.heldUntil)
        // Nothing can leave any more, so the hold is over.
        client.setOnline(false)
        try await waitUntil("queued") { screen.messages.last?.delivery == .queued }
        #expect(Date() < heldUntil, "not because the time was over")
        let message = try #require(screen.messages.last)
        #expect(message.canEdit && message.canDiscard)
        #expect(message.deliveryKey == screen.ticket?.row.unsentKey, "the mark of the ticket says the same")

        screen.edit(message)
        screen.editedText = ScenarioData.replies[1]
        await screen.saveEdit()
        #expect(screen.messages.last?.body == ScenarioData.replies[1])
        #expect(screen.messages.last?.delivery == .queued, "an edit does not hold it back again")
        client.setOnline(true)
        try await waitUntil("sent") { screen.messages.last?.delivery == .sent && screen.ticket?.row.unsentKey == nil }
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test(
        "What was kept at signing out has its subject at the next sign-in without a network, and the history says that the rest is missing")
    func keptSubject() async throws {
        let client = try await open()
        let row = try #require(try await client.ownTickets().first)
        client.setOnline(false)
        try await reply(client, to: row.id, ScenarioData.replies[0])
        try await client.signOut(.keep)

        // The client assumes a network until it is told, so its first sync has to fail.
        try await sandbox.server.goOffline()
        let again = try await open(online: false)
        let screen = HistoryModel(client: again)
        let shown = Task { await screen.run() }
        try await waitUntil("what was kept") { !screen.rows.isEmpty }
        #expect(screen.rows.map(\.subject) == [row.subject])
        #expect(!row.subject.isEmpty)
        #expect(screen.rows.first?.unsentKey == "delivery.queued")
        try await waitUntil("said to be incomplete") { screen.restKey == "history.rest" }
        try await sandbox.server.clearFaults()
        again.setOnline(true)
        try await waitUntil("the rest") { screen.rows.count == 50 && screen.restKey == nil }
        #expect(try await again.ticket(try #require(screen.rows.first { $0.number == row.number }).id).row.subject == row.subject)
        shown.cancel()
        await shown.value
        await again.close()
    }

    @Test("If there is no ticket yet and no network, the history says that it is offline, and not that the help desk fails")
    func offlineFromTheStart() async throws {
        try await sandbox.server.goOffline()
        let client = try await open(online: false)
        let screen = HistoryModel(client: client)
        let shown = Task { await screen.run() }
        try await waitUntil("offline") { screen.state == .failed(.offline) }
        #expect(screen.status?.obstacleKey == "offline.banner")
        #expect(screen.restKey == nil, "there is no list that could be incomplete")
        for language in languages() {
            #expect(Strings(language).contains(HistoryModel.Failure.offline.stringKey))
        }
        try await sandbox.server.clearFaults()
        client.setOnline(true)
        try await waitUntil("the tickets") { screen.rows.count == 50 }
        shown.cancel()
        await shown.value
        await client.close()
    }

    // MARK: Helpers

    private func open(delay: UInt32 = 0, online: Bool = true, in directory: URL? = nil) async throws -> Pocketdesk {
        try await open(.ada(in: directory ?? folder.url, on: sandbox.server.url, delay: delay), online: online)
    }

    private func open(_ config: ClientConfig, online: Bool = true) async throws -> Pocketdesk {
        let client = try await Pocketdesk.open(config, tokens: FixedToken())
        client.setOnline(online)
        client.setInFront(true)
        return client
    }

    private func reply(_ client: Pocketdesk, to ticket: Int64, _ text: String) async throws {
        var draft = try await client.replyDraft(ticket)
        draft.body = text
        try await client.reply(draft)
    }
}
