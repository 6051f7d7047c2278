import Foundation
import PocketdeskKit
import SandboxClient
import Testing

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

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
        try await waitUntil("no address is sent") { form.keptAsideKey != nil && form.canCreate }
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

    @Test("On a server without a field for ticket access, the web product offers neither access nor the addresses that depend on it")
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

/// A running Request Tracker, as named by the environment variables, and what its agents do.
private struct RequestTracker: Sendable {
    let url: URL
    /// The token of a user without any history.
    let token: String
    /// The token of an agent.
    let agent: String

    static var named: RequestTracker? {
        let environment = ProcessInfo.processInfo.environment
        guard let url = environment["POCKETDESK_RT_URL"].flatMap(URL.init(string:)),
            let token = environment["POCKETDESK_RT_TOKEN"], let agent = environment["POCKETDESK_RT_AGENT_TOKEN"]
        else { return nil }
        return RequestTracker(url: url, token: token, agent: agent)
    }

    func config(in folder: URL, product: String = RequestTracker.mobile) -> ClientConfig {
        var config = ClientConfig(directory: folder, account: "ada", server: url, language: "de")
        config.connector = .requestTracker
        config.product = product
        config.sendDelaySeconds = 0
        return config
    }

    static let mobile = """
        {
          "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1",
          "sync": { "stale_read_seconds": 1, "late_apply_seconds": 1 }
        }
        """

    /// The numbers of the tickets with exactly this subject, as the agent finds them.
    func tickets(_ subject: String) async throws -> [UInt64] {
        var query = URLComponents()
        query.queryItems = [URLQueryItem(name: "query", value: "Subject = '\(subject)'")]
        let found = try await ask("GET", "tickets?\(query.percentEncodedQuery ?? "")")
        let items = found["items"] as? [[String: Any]] ?? []
        return items.compactMap { ($0["id"] as? String).flatMap(UInt64.init) }
    }

    /// The CC addresses of a ticket.
    func copied(_ ticket: UInt64) async throws -> Set<String> {
        let people = try await ask("GET", "ticket/\(ticket)")["Cc"] as? [[String: Any]] ?? []
        return Set(people.compactMap { ($0["id"] as? String)?.lowercased() })
    }

    /// The value of a ticket's field.
    func field(_ name: String, of ticket: UInt64) async throws -> String? {
        let fields = try await ask("GET", "ticket/\(ticket)")["CustomFields"] as? [[String: Any]] ?? []
        let found = fields.first { $0["name"] as? String == name }
        return (found?["values"] as? [String])?.first
    }

    /// Sets a ticket's status.
    func setStatus(_ ticket: UInt64, _ status: String) async throws {
        _ = try await ask("PUT", "ticket/\(ticket)", JSONEncoder().encode(["Status": status]))
    }

    /// Writes a public answer of the agent, and sets the status to "awaiting your reply".
    func answer(_ ticket: UInt64, _ text: String) async throws {
        let answer = ["Content": text, "ContentType": "text/plain", "Status": "awaiting your reply"]
        _ = try await ask("POST", "ticket/\(ticket)/correspond", JSONEncoder().encode(answer))
    }

    private func ask(_ method: String, _ path: String, _ body: Data? = nil) async throws -> [String: Any] {
        guard let url = URL(string: "REST/2.0/\(path)", relativeTo: url) else { throw SandboxError.badResponse(0) }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.setValue("token \(agent)", forHTTPHeaderField: "Authorization")
        let (data, response) = try await URLSession.shared.data(for: request)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard (200..<300).contains(status) else { throw SandboxError.badResponse(status) }
        // The answer to a change is a list of sentences.
        return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }
}
