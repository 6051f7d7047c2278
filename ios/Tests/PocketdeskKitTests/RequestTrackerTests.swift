import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// The scenario against a real Request Tracker, which `make test-rt` starts. Disabled without one.
@Suite("The scenario on a Request Tracker", .enabled(if: RequestTracker.named != nil), .timeLimit(.minutes(5)))
struct RequestTrackerTests {
    @Test("A ticket with CC addresses and its replies, written without a network, arrive once, and the conversation continues")
    func arrivesOnce() async throws {
        let tracker = try #require(RequestTracker.named)
        let folder = try TemporaryFolder()
        let subject = "\(ScenarioData.subject) \(UUID().uuidString)"
        let copied = ["buchhaltung@nordlicht-reisen.example", "Steuer+Ada@kanzlei.example"]

        var client = try await Pocketdesk.open(tracker.config(in: folder.url), tokens: FixedToken(tracker.token))
        client.setInFront(true)
        _ = try await client.waitFor("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        client.setOnline(false)
        var draft = try await client.ticketDraft()
        draft.subject = subject
        draft.description = ScenarioData.description
        draft.cc = copied
        draft.access = true
        let ticket = try await client.submit(draft)
        for text in ScenarioData.replies { try await client.say(ticket, text) }
        await client.close()
        #expect(try await tracker.tickets(subject).isEmpty, "nothing may have reached the server")

        client = try await Pocketdesk.open(tracker.config(in: folder.url), tokens: FixedToken(tracker.token))
        client.setOnline(false)
        client.setInFront(true)
        let written = try await client.thread(ticket).messages
        #expect(written.map(\.body) == [ScenarioData.description] + ScenarioData.replies)
        #expect(written.allSatisfy { $0.mine && $0.delivery != .sent })

        client.setOnline(true)
        let number = try await client.sent(ticket)
        #expect(try await tracker.tickets(subject) == [number])
        #expect(try await tracker.copied(number) == Set(copied.map { $0.lowercased() }))
        #expect(try await client.thread(ticket).messages.map(\.id) == written.map(\.id), "a message is one row for life")

        try await tracker.answer(number, ScenarioData.answer)
        client.syncNow()
        _ = try await client.waitFor("the answer") { client in
            let row = try await client.ticket(ticket).row
            return row.status.kind == .awaitingUser && row.unread ? row : nil
        }
        try await client.threadOpened(ticket)
        _ = try await client.waitFor("opened means read") { try await $0.ticket(ticket).row.unread ? nil : true }
        let reply = "Am 12. September – תודה!"
        try await client.say(ticket, reply)
        #expect(try await client.sent(ticket) == number)

        // Another device, which knows only what is on the server.
        await client.close()
        let second = try TemporaryFolder()
        let other = try await Pocketdesk.open(tracker.config(in: second.url), tokens: FixedToken(tracker.token))
        other.setInFront(true)
        _ = try await other.waitFor("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        let known = try await other.history(limit: 200).tickets.filter { $0.subject == subject }
        #expect(known.map(\.number) == [number])
        let found = try #require(known.first)
        try await other.threadOpened(found.id)
        let all = [ScenarioData.description] + ScenarioData.replies + [ScenarioData.answer, reply]
        _ = try await other.waitFor("the whole thread") { client -> Bool? in
            try await client.thread(found.id).messages.map(\.body) == all ? true : nil
        }
        await other.close()
    }

    @Test("The web product takes its issue types and statuses from the server, and offers nothing that the server cannot do")
    @MainActor
    func webProduct() async throws {
        let tracker = try #require(RequestTracker.named)
        let folder = try TemporaryFolder()
        let ada = try await Desk.open(tracker.config(in: folder.url, product: ClientConfig.webProduct()), token: tracker.token)
        let form = try await ada.fillIn("Nur für mich \(UUID().uuidString)", ScenarioData.description, cc: ScenarioData.cc)
        #expect(form.fields == [.subject, .issueType, .access, .cc, .description, .attachments])
        form.draft.issueType = "data_reports"
        try await waitUntil("no address is sent") { form.noteOnAddresses != nil && form.canCreate }
        let ticket = try await ada.create(form)
        #expect(try await tracker.field("Issue Type", of: ticket.number) == "Data & Reporting")
        #expect(try await tracker.field("Account Access", of: ticket.number) == "No")
        #expect(try await tracker.copied(ticket.number) == [])
        try await ticket.offers("E-Mail-Adressen hinzufügen", false)

        try await ticket.shows("Offen", "Wir sind am Zug")
        try await tracker.setStatus(ticket.number, "in progress")
        try await ticket.shows("In Bearbeitung", "Wir sind am Zug")
        try await tracker.answer(ticket.number, ScenarioData.answer)
        try await ticket.shows("Warten auf Ihre Antwort", "Sie sind am Zug")
        try await ticket.reply("Am 12. September – תודה!")
        try await ticket.shows("In Bearbeitung", "Wir sind am Zug")
        try await tracker.setStatus(ticket.number, "solution offered")
        try await ticket.shows("Lösung angeboten", "Sie sind am Zug")
        try await ticket.reply("Leider nein. 😟")
        try await ticket.shows("In Bearbeitung", "Wir sind am Zug")
        try await tracker.setStatus(ticket.number, "closed")
        try await ticket.shows("Geschlossen", "Nichts zu tun")

        // This server has no link from a new ticket to a closed one, so the follow-up only names it.
        guard case .newTicket(let draft)? = try await ticket.choose("Folgeticket erstellen") else {
            Issue.record("it led elsewhere")
            return
        }
        #expect(draft.description == "Zu Ticket #\(ticket.number):" && draft.follows == nil)
        await ada.close()
    }

    @Test("On a server without a field for ticket access, the web product offers neither access nor more addresses")
    @MainActor
    func withoutAccess() async throws {
        let tracker = try #require(RequestTracker.named)
        let folder = try TemporaryFolder()
        let product = """
            {
              "schema": 1, "id": "tested", "version": 1, "extends": "impact-web@1",
              "connectors": { "request_tracker": { "fields": { "access": null } } }
            }
            """
        let ada = try await Desk.open(tracker.config(in: folder.url, product: product), token: tracker.token)
        let ticket = try await ada.create("Ohne Zugriff \(UUID().uuidString)")
        #expect(!ada.client.product.form.contains(.access))
        try await ticket.offers("E-Mail-Adressen hinzufügen", false)
        #expect(!ada.client.capabilities.access && !ada.client.capabilities.followUp && !ada.client.capabilities.sharedReadMarks)
        await ada.close()
    }
}

extension Pocketdesk {
    fileprivate func say(_ ticket: Int64, _ text: String) async throws {
        var reply = try await replyDraft(ticket)
        reply.body = text
        try await self.reply(reply)
    }

    /// Waits until every message of the ticket is on the server, and returns the ticket's number.
    fileprivate func sent(_ ticket: Int64) async throws -> UInt64 {
        try await waitFor("everything is sent") { client in
            let messages = try await client.thread(ticket).messages
            return messages.allSatisfy { $0.delivery == .sent } ? try await client.ticket(ticket).row.number : nil
        }
    }
}
