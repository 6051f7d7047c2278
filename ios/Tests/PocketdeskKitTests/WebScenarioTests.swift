import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// The web product as a user lives it. Its definition is handed in as a text, as a company does with its own.
@MainActor
@Suite("The web product's scenario", .timeLimit(.minutes(5)))
struct WebScenarioTests {
    private let sandbox: SandboxProcess
    private let server: SandboxServer
    private let folder: TemporaryFolder

    init() throws {
        sandbox = try SandboxProcess.start()
        server = sandbox.server
        folder = try TemporaryFolder()
    }

    @Test("A form filled in without a network survives the end of the process: one ticket arrives with its file, and no address is copied")
    func writtenOffline() async throws {
        let picked = try folder.file("Überweisung – 2026.txt")
        let written = try FirstProcess.run("web", on: sandbox, in: support, attaching: picked)
        try FileManager.default.removeItem(at: picked)

        let ada = try await Desk.open(config, online: false)
        let ticket = ada.open(written)
        try await waitUntil("the ticket, waiting with its file") {
            ticket.screen.messages.map(\.body) == [ScenarioData.description] && ticket.screen.messages[0].attachments.count == 1
        }
        #expect(ticket.screen.ticket?.title(ada.strings) == ada.strings["delivery.queued"])

        try await server.clearFaults()
        ada.client.setOnline(true)
        try await ticket.isSent()
        let arrived = try await server.tickets(subject: ScenarioData.subject)
        let there = try #require(arrived.first)
        #expect(arrived.count == 1 && there.id == ticket.number)
        #expect(there.comments.map(\.body) == [ScenarioData.description])
        #expect(there.comments[0].attachments.map(\.fileName) == ["Überweisung – 2026.txt"])
        #expect(there.issueType == "payments_finance")
        #expect(there.access == false && there.ccs == [])
        await ada.close()
    }

    @Test("A ticket goes from open to closed in the product's words, a reply reopens what was offered, and a follow-up names it")
    func fromOpenToClosed() async throws {
        // The company's own two statuses, under the ids that the definition names.
        try await server.addCustomStatus(4711, of: "open", "Reviewed")
        try await server.addCustomStatus(4712, of: "solved", "Offered")
        let ada = try await Desk.open(config)

        let ticket = try await ada.create(ScenarioData.subject)
        try await ticket.shows("Offen", "Wir sind am Zug")
        try await server.setCustomStatus(ticket.number, 4711)
        try await ticket.shows("In Bearbeitung", "Wir sind am Zug")
        try await server.answer(ticket.number, ScenarioData.answer, status: "pending")
        try await ticket.shows("Warten auf Ihre Antwort", "Sie sind am Zug")
        try await ticket.reply("Am 12. September – תודה!")
        try await ticket.shows("Offen", "Wir sind am Zug")
        try await server.answer(ticket.number, "Die Auszahlung ist gebucht. Passt es so?", status: "solved")
        try await server.setCustomStatus(ticket.number, 4712)
        try await ticket.shows("Lösung angeboten", "Sie sind am Zug")
        #expect(ticket.screen.ticket?.reopens == true)
        try await ticket.reply("Leider nein: Sie ist nicht angekommen. 😟")
        try await ticket.shows("Offen", "Wir sind am Zug")
        try await server.setStatus(ticket.number, "closed")
        try await ticket.shows("Geschlossen", "Nichts zu tun")
        #expect(ticket.screen.ticket?.canReply == false)

        let acted = try await ticket.choose("Folgeticket erstellen")
        guard case .newTicket = acted else { throw ConditionTimeout(description: "it led elsewhere: \(acted.debugDescription)") }
        let next = try await ada.create(ada.fillIn("Auszahlung für Oktober fehlt weiterhin"))
        let there = try await server.ticket(next.number)
        #expect(there.comments.map(\.body) == ["Zu Ticket #\(ticket.number):"])
        #expect(there.followupOf == ticket.number)
        await ada.close()
    }

    @Test("Addresses can be added to a sent ticket while it is accessible to all users of the account, and at no other time")
    func moreAddresses() async throws {
        let ada = try await Desk.open(config)
        let (own, shared) = (try await ada.create("Nur für mich"), try await ada.create("Für alle", access: true, cc: [ScenarioData.cc[0]]))
        try await shared.offers("E-Mail-Adressen hinzufügen")
        try await own.offers("E-Mail-Adressen hinzufügen", false)

        try await shared.add([ScenarioData.cc[1]], with: "E-Mail-Adressen hinzufügen")
        #expect(try await Set(server.ticket(shared.number).ccs) == Set(ScenarioData.cc))

        // The company makes it private.
        try await server.setField(shared.number, 360_001_000_002, false)
        try await shared.offers("E-Mail-Adressen hinzufügen", false)
        await #expect(throws: ChangeError.NotOffered) {
            try await ada.client.act("add_cc", on: shared.id, addresses: ["spät@nordlicht-reisen.example"])
        }
        await ada.close()
    }

    @Test("A meeting without the entitlement is asked for in a ticket, with it the calendar opens, and the chat is the app's own")
    func otherChannels() async throws {
        let ada = try await Desk.open(config)
        var calls: [String] = []
        let help = ada.help { calls.append($0) }
        let entry = { id in help.entries.first { $0.id == id } }

        guard case .newTicket(let asks?)? = entry("book")?.target else { throw ConditionTimeout(description: "booking leads elsewhere") }
        let asked = try await ada.create(ada.fillIn("Termin buchen", prefill: asks))
        #expect(try await server.ticket(asked.number).comments.map(\.body) == [asks])

        ada.client.setClaims(["enterprise"])
        let calendar = HelpEntry.Target.link(try #require(URL(string: "https://meet.example.com")))
        try await waitUntil("the calendar") { entry("book")?.target == calendar }

        let chat = try #require(entry("chat"))
        #expect(chat.note == "Antworten können je nach Standort und Zeitzone länger dauern.")
        for chosen in [chat, try #require(entry("walkthroughs"))] { help.choose(chosen) }
        #expect(calls == ["chat", "walkthroughs"])
        await ada.close()
    }

    /// The client's folder.
    private var support: URL { folder.url.appendingPathComponent("support") }

    private var config: ClientConfig {
        get throws { try .web(in: support, on: server.url) }
    }
}
