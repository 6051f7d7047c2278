import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// What a real Request Tracker offers of the hub. Disabled without one: see `make test-rt`.
@MainActor
@Suite("The hub on a Request Tracker", .enabled(if: RequestTracker.named != nil), .timeLimit(.minutes(5)))
struct RequestTrackerHubTests {
    private let folder: TemporaryFolder
    private let subject = "\(HubData.escalated) \(UUID().uuidString)"

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("An escalation is read with its facts and confirmed, and its owner closes the ticket, where no feedback is taken")
    func readAndClosed() async throws {
        let tracker = try #require(RequestTracker.named)
        let fields = ["Ticket Type": "email", "Escalation ID": "CP-20419", "Escalation State": "submitted"]
        let copied = ["erin.vogt@nordlicht-reisen.example"]
        let number = try await tracker.make(subject, ScenarioData.description, copied: copied, fields: fields)
        try await tracker.answer(number, ScenarioData.answer)
        let ada = try await Desk.open(tracker.config(in: folder.url, product: Self.hub), token: tracker.token)
        try await standsInTheHistory(ada, number)
        let ticket = try await ada.open(number: number)
        try await hasItsFactsAndItsThread(ticket)

        #expect(!ada.client.capabilities.feedback && !ada.client.capabilities.toggles)
        try await waitUntil("closing") { ticket.screen.details.offer("close") != nil }
        #expect(ticket.screen.details.actions.allSatisfy { $0.toggle == nil && $0.feedback == nil }, "this server has no place for them")

        try await tracker.fill(number, "Escalation State", "fix_review")
        ada.client.syncNow()
        try await waitUntil("the step that needs her") { ticket.step == "Lösung wird geprüft" }
        #expect(await ticket.screen.act(try await ticket.isOffered("confirm_fix")) == .replyDraft)
        #expect(ticket.screen.reply == HubData.confirmed)
        try await ticket.reply("\(HubData.confirmed) תודה!")
        try await tracker.fill(number, "Escalation State", "resolved")
        ada.client.syncNow()
        try await waitUntil("the end of it") { ticket.step == "Behoben" && ticket.screen.ticket?.row.markKeys == [] }

        try await isClosedByItsOwner(ada, ticket)
        #expect(try await tracker.status(number) == "solved")
        await ada.close()
    }

    private func standsInTheHistory(_ ada: Desk, _ number: UInt64) async throws {
        let history = ada.history()
        try await waitUntil("the ticket") { history.row(number) != nil }
        let row = try #require(history.row(number))
        #expect(row.subject == subject && row.column("escalation_id") == ["CP-20419"] && row.ticketType == "email")
        #expect(row.markKeys.map { ada.strings[$0] } == ["Eskaliert"] && row.status.kind == .open)
        #expect(row.createdAt > 0 && row.createdAt <= row.lastActivityAt)
        #expect(row.column("users") == [], "only in the organisation's view")
    }

    private func hasItsFactsAndItsThread(_ ticket: TicketOnScreen) async throws {
        let written = [ScenarioData.description, ScenarioData.answer]
        try await waitUntil("the whole thread") { ticket.screen.messages.map(\.body) == written }
        #expect(ticket.screen.messages.map(\.fromAgent) == [false, true] && ticket.screen.messages.last?.author == "Marta Feld")
        let facts = ticket.screen.values.reduce(into: [String: ShownValue]()) { $0[$1.label] = $1.value }
        #expect(facts["Betreffzeile"] == .text(text: subject))
        #expect(facts["Typ"] == .text(text: "E-Mail"))
        #expect(facts["Support-Mitarbeiter"] == .text(text: "Marta Feld"))
        #expect(facts["Eingereicht von"] == .text(text: "Sie"))
        #expect(facts["Zusätzliche Benutzer"] == .texts(texts: ["erin.vogt@nordlicht-reisen.example"]))
        #expect(ticket.step == "Eskalation eingereicht")
    }

    private func isClosedByItsOwner(_ ada: Desk, _ ticket: TicketOnScreen) async throws {
        ada.client.setOnline(false)
        let close = try await ticket.isOffered("close")
        #expect(await ticket.screen.act(close) == nil && ticket.screen.question == close)
        #expect(await ticket.screen.confirm(close) == .written)
        #expect(ticket.screen.ticket?.changes.map(\.kind) == [.solve])
        ada.client.setOnline(true)
        try await ticket.isClosed()
        #expect(try await ticket.takesNoReply().hasPrefix("Dieses Ticket wurde geschlossen."))
        #expect(ticket.screen.details.actions.map(\.id) == ["follow_up"], "nothing but a new ticket")
        #expect(ticket.screen.details.thanks == nil)
    }

    @Test("Administrators see the account's tickets and reply, further users only see, and nobody else sees anything")
    func whoMayWhat() async throws {
        let tracker = try #require(RequestTracker.named)
        let clara = try await tracker.address(tracker.colleagues.clara)
        let number = try await tracker.make(subject, ScenarioData.description, copied: [clara], shared: true)

        try await user(tracker.colleagues.ben, claims: ["support_admin"]) { ben in
            let history = ben.history()
            try await waitUntil("the switch") { history.scopes.count == 2 && history.status?.firstSyncDone == true }
            #expect(history.row(number) == nil, "it is not his")
            await history.choose("organisation")
            try await waitUntil("Ada's ticket") { history.scope == "organisation" && history.row(number) != nil }
            #expect(history.row(number)?.column("users") == ["Ada Lindqvist", "Clara Núñez"])
            let ticket = try await ben.open(number: number, in: "organisation")
            try await waitUntil("the field for a reply") { ticket.screen.ticket?.canReply == true }
            try await ticket.reply(HubData.colleague)
            #expect(ticket.screen.details.actions.allSatisfy { $0.kind != .solve }, "he does not close it")
        }
        try await user(tracker.colleagues.clara) { clara in
            let ticket = try await clara.open(number: number)
            #expect(ticket.screen.ticket?.row.linked == true)
            #expect(try await ticket.takesNoReply() == "Dieses Ticket gehört jemand anderem. Sie können es lesen, aber nicht beantworten.")
            #expect(ticket.screen.messages.map(\.body) == [ScenarioData.description, HubData.colleague])
            #expect(ticket.copies.first == "#\(number)")
        }
        try await user(tracker.stranger, claims: ["support_admin"]) { zoe in
            let status = try await zoe.client.waitFor("the first sync") { client in
                let status = try await client.status()
                return status.firstSyncDone ? status : nil
            }
            #expect(status.knownTickets == 0)
        }
    }

    private func user(_ token: String, claims: [String] = [], _ lives: (Desk) async throws -> Void) async throws {
        let tracker = try #require(RequestTracker.named)
        var config = tracker.config(in: folder.url.appendingPathComponent(UUID().uuidString), product: Self.hub)
        config.claims = claims
        let user = try await Desk.open(config, token: token)
        try await lives(user)
        await user.close()
    }

    private static let hub = """
        {
          "schema": 1, "id": "tested", "version": 1, "extends": "hub@1",
          "sync": { "stale_read_seconds": 1, "late_apply_seconds": 1 }
        }
        """
}
