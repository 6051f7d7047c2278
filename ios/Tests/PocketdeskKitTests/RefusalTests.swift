import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// What the user is told, and can do, if the server refuses a message or does not show it.
@MainActor
@Suite("What the server refuses", .timeLimit(.minutes(5)))
struct RefusalTests {
    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 60)
        folder = try TemporaryFolder()
    }

    @Test("A message that the help desk has and does not show stays; its text can be used in a new reply, or be removed")
    func notShown() async throws {
        let client = try await open()
        let rows = Array(try await client.ownTickets().prefix(2))
        let screens = rows.map { ThreadModel(client: client, ticket: $0.id, pause: .milliseconds(10)) }
        let shown = screens.map { screen in Task { await screen.run() } }
        // Reads show the state of now for an hour, but writes are applied and confirmed.
        for screen in screens {
            try await waitUntil("the whole thread") { screen.ticket?.threadComplete == true }
        }
        try await sandbox.server.fault(#"{"stale_reads": {"seconds": 3600}}"#)
        for (screen, text) in zip(screens, ScenarioData.replies) {
            screen.reply = text
            await screen.send()
        }
        for (screen, text) in zip(screens, ScenarioData.replies) {
            try await waitUntil("not shown") { screen.messages.last?.delivery == .notShown }
            let message = try #require(screen.messages.last)
            #expect(message.body == text)
            #expect(message.canDiscard && !message.canRetry && !message.canEdit)
            #expect(message.reasonKey == nil)
        }

        await screens[0].discard(try #require(screens[0].messages.last))
        #expect(screens[0].reply == ScenarioData.replies[0])
        #expect(screens[0].messages.last?.body != ScenarioData.replies[0])

        let removed = try #require(screens[1].messages.last)
        await screens[1].remove(removed)
        #expect(screens[1].reply == "")
        #expect(screens[1].messages.allSatisfy { $0.id != removed.id })
        #expect(try await client.replyDraft(rows[1].id).body == "")
        #expect(try await client.unsent().messages == 0)
        // By now it cannot be removed any more, and nothing is wrong with that.
        await screens[1].remove(removed)
        #expect(screens[1].failureKey == nil)
        await #expect(throws: ClientError.self) { try await client.remove(removed.id) }
        for running in shown {
            running.cancel()
            await running.value
        }
        await client.close()
    }

    @Test("A refused ticket shows the server's words, and can be sent again, edited and discarded")
    func refused() async throws {
        var config = ClientConfig.ada(in: folder.url, on: sandbox.server.url)
        // An issue type by a value that the server does not know.
        config.product = """
            {
              "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1",
              "connectors": { "zendesk": { "fields": { "issue_type": { "id": 360001000001, "values": { "stardust": "data_reports" } } } } }
            }
            """
        let client = try await open(config)
        var draft = try await client.ticketDraft()
        draft.subject = ScenarioData.subject
        draft.description = ScenarioData.description
        draft.issueType = "data_reports"
        let ticket = try await client.submit(draft)
        let screen = ThreadModel(client: client, ticket: ticket)
        let shown = Task { await screen.run() }
        try await waitUntil("refused") { screen.messages.last?.reasonKey == "reason.refused" }
        let message = try #require(screen.messages.last)
        #expect(message.delivery == .needsUser(reason: Reason(kind: .refused, serverMessage: "Issue type: is not a valid option")))
        #expect(message.canRetry && message.canEdit && message.canDiscard)
        #expect(screen.ticket?.row.unsentKey == "history.needs_you")

        var edited = try await client.unsentTicket(ticket)
        edited.issueType = "payments_finance"
        try await client.editTicket(ticket, to: edited)
        try await waitUntil("sent") { screen.messages.last?.delivery == .sent && screen.ticket?.row.hasStatus == true }
        #expect(screen.messages.last?.reasonKey == nil)
        #expect(try await sandbox.server.tickets(subject: ScenarioData.subject).count == 1)
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test(
        "A file that the server does not accept says so itself, and its message can be sent again",
        arguments: [
            ("size", ReasonKind.attachmentTooLarge, "file.refused.too_large"), ("type", .attachmentType, "file.refused.type"),
        ])
    func refusedFile(_ fault: String, _ kind: ReasonKind, _ key: String) async throws {
        let client = try await open()
        let row = try #require(try await client.ownTickets().first)
        let screen = ThreadModel(client: client, ticket: row.id, pause: .milliseconds(10))
        let shown = Task { await screen.run() }
        try await waitUntil("the ticket") { screen.ticket != nil }
        try await sandbox.server.fault(#"{"upload_refused": {"reason": "\#(fault)"}}"#)
        await screen.attach(try ["Überweisung.txt", "Notiz.txt"].map(folder.file).map(ChosenFile.init))
        screen.reply = ScenarioData.replies[0]
        await screen.send()
        try await waitUntil("refused") { screen.messages.last?.attachments.first?.refusedKey != nil }
        let message = try #require(screen.messages.last)
        #expect(message.attachments.map(\.refusedKey) == [key, nil])
        #expect(message.reasonKey == nil, "said at the file, and not again")
        guard case .needsUser(let reason) = message.delivery else {
            Issue.record("\(message.delivery)")
            return
        }
        #expect(reason.kind == kind)
        #expect(message.canRetry && message.canDiscard)
        for language in languages() {
            #expect(Strings(language).contains(key), "\(language)")
        }
        try await sandbox.server.clearFaults()
        await screen.retry(message)
        try await waitUntil("sent") { screen.messages.last?.delivery == .sent }
        #expect(screen.messages.last?.attachments.compactMap(\.refusedKey) == [])
        shown.cancel()
        await shown.value
        await client.close()
    }

    private func open(_ config: ClientConfig? = nil) async throws -> Pocketdesk {
        let client = try await Pocketdesk.open(config ?? .ada(in: folder.url, on: sandbox.server.url), tokens: FixedToken())
        client.setInFront(true)
        client.setOnline(true)
        return client
    }
}
