import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// Tickets without an account: for those who have none yet, or cannot sign in.
@MainActor
@Suite("Signed out", .timeLimit(.minutes(5)))
struct SignedOutTests {
    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 20)
        folder = try TemporaryFolder()
    }

    @Test("Whoever is not signed in is offered the two ways to write to support, and what was written once there is something")
    func entries() async throws {
        let client = try await open()
        let strings = client.strings("de")
        let help = HelpSupportModel(client: client, strings: strings)
        let shown = Task { await help.run() }
        let ways = ["Noch kein Konto: Support kontaktieren", "Brauchen Sie Hilfe beim Anmelden?"]
        #expect(help.entries.map(\.label) == ["Hilfedokumente", "PXA"] + ways, "nothing that needs an account")
        #expect(help.entries.suffix(2).map(\.target) == [.newTicket(prefill: nil), .newTicket(prefill: nil)])
        _ = try await create(client)
        try await waitUntil("the tickets") { help.entries.first?.target == .history && help.entries.count == 5 }
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("The form asks for name and address first, and names what is wrong with them once the user has left them")
    func form() async throws {
        let client = try await open()
        let form = NewTicketModel(client: client, pause: .milliseconds(10))
        let shown = Task { await form.run() }
        try await waitUntil("the form") { form.isReady && form.check != nil }
        #expect(form.fields == [.name, .email, .subject, .issueType, .description] && !form.takesFiles)
        #expect(client.strings("de")[form.titleKey] == "Support kontaktieren")
        form.draft.subject = ScenarioData.subject
        form.draft.description = ScenarioData.description
        form.draft.email = "ada@"
        try await waitUntil("saved") { form.isSaved }
        #expect(form.messages(.name) == [] && !form.canCreate)
        form.leave(.name)
        form.leave(.email)
        try await waitUntil("both are named") {
            form.messages(.name).map(\.key) == ["field.required"] && form.messages(.email).map(\.key) == ["field.cc.malformed"]
        }
        form.draft.name = "Ada Lindqvist"
        form.draft.email = "ada.lindqvist@nordlicht-reisen.example"
        try await waitUntil("complete") { form.canCreate && form.check?.messages == [] }
        shown.cancel()
        await shown.value
        #expect(try await client.ticketDraft().name == "Ada Lindqvist", "kept with the draft")
        await client.close()
    }

    @Test("A ticket that was written without a network arrives once, says where the answer comes, and can be removed from the device")
    func answeredByMail() async throws {
        let client = try await open()
        try await sandbox.server.goOffline()
        client.setOnline(false)
        let ticket = try await create(client)
        let screen = ThreadModel(client: client, ticket: ticket, language: "de")
        let shown = Task { await screen.run() }
        try await waitUntil("the ticket") { screen.ticket != nil }
        #expect(screen.ticket?.title(client.strings("de")) == "Wartet auf das Senden")
        #expect(!screen.canRemoveTicket && screen.details.replyPlace == .none && screen.details.replyNote == nil)

        try await sandbox.server.clearFaults()
        client.setOnline(true)
        try await waitUntil("sent") { screen.ticket?.delivery == .sent }
        #expect(screen.details.replyNote == "Gesendet. Unsere Antwort kommt per E-Mail an ada.lindqvist@nordlicht-reisen.example.")
        #expect(screen.details.replyPlace == .notice && screen.details.explanation == nil && screen.ticket?.turnKey == nil)
        let arrived = try await sandbox.server.tickets(subject: ScenarioData.subject)
        #expect(arrived.map { $0.comments.map(\.body) } == [[ScenarioData.description]])
        #expect(arrived.first?.requester == .init(name: "Ada Lindqvist", email: "ada.lindqvist@nordlicht-reisen.example"))

        #expect(screen.canRemoveTicket)
        await screen.removeTicket()
        #expect(screen.state == .removed && !screen.isDraftAgain)
        #expect(try await client.history().total == 0)
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("What may have been sent says so, and is sent again by the user only, or taken back as the draft that it was")
    func mayHaveBeenSent() async throws {
        let client = try await open()
        try await sandbox.server.fault(#"{"cut_after": {"times": 2, "only": "POST /api/v2/requests"}}"#)
        let ticket = try await create(client)
        let screen = ThreadModel(client: client, ticket: ticket, language: "de")
        let shown = Task { await screen.run() }
        try await waitUntil("nobody knows") { screen.messages.first?.delivery == .mayHaveBeenSent }
        let message = try #require(screen.messages.first)
        let said = try #require(message.deliveryKey)
        #expect(client.strings("de")[said].hasPrefix("Es ist vielleicht angekommen"))
        #expect(message.canRetry && message.canDiscard && screen.details.replyNote == nil)
        _ = try await client.syncUntil(seconds: 10)
        #expect(try await sandbox.server.tickets(subject: ScenarioData.subject).count == 1, "not by itself")

        await screen.retry(message)
        try await waitUntil("again nobody knows") { screen.messages.first?.delivery == .mayHaveBeenSent && screen.failureKey == nil }
        await screen.discard(try #require(screen.messages.first))
        #expect(screen.state == .removed && screen.isDraftAgain)
        let draft = try await client.ticketDraft()
        #expect((draft.name, draft.description) == ("Ada Lindqvist", ScenarioData.description))
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("Tickets without an account are not among those of an account on the same device, which may be open at the same time")
    func besideAnAccount() async throws {
        let client = try await open()
        _ = try await create(client)
        let ada = try await Pocketdesk.open(.web(in: folder.url, on: sandbox.server.url), tokens: FixedToken())
        #expect(try await ada.history(limit: 200).tickets.allSatisfy { $0.subject != ScenarioData.subject })
        #expect(try await client.history().tickets.map(\.subject) == [ScenarioData.subject])
        await ada.close()
        await client.close()
    }

    // MARK: Helpers

    private func open() async throws -> Pocketdesk {
        var config = ClientConfig.signedOut(directory: folder.url, server: sandbox.server.url, language: "de")
        config.product = try ClientConfig.webProduct()
        config.sendDelaySeconds = 0
        let client = try await Pocketdesk.open(config)
        client.setInFront(true)
        client.setOnline(true)
        return client
    }

    private func create(_ client: Pocketdesk) async throws -> Int64 {
        var draft = try await client.ticketDraft()
        draft.name = "Ada Lindqvist"
        draft.email = "ada.lindqvist@nordlicht-reisen.example"
        draft.subject = ScenarioData.subject
        draft.description = ScenarioData.description
        return try await client.submit(draft)
    }
}
