import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// Tickets of the hub as the screens get them: subjects, marks, an escalation, and what is offered in place of a reply.
@MainActor
@Suite("The hub", .timeLimit(.minutes(5)))
struct HubTests {
    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 5)
        folder = try TemporaryFolder()
    }

    @Test("The subject of a call is made in the language of the screen, and its passcode is hidden until it is asked for")
    func call() async throws {
        let client = try await open()
        let fields = [
            "ticket_type": "conference_call", "call_at": "2093-03-12T14:30:00Z", "meeting_link": "https://zoom.example.com/j/9",
            "passcode": "7Kx-204",
        ]
        let row = try await make(fields, channel: "email", for: client)
        #expect(row.title(client.strings("de")) == "Konferenzschaltung – Ada Lindqvist")
        #expect(row.title(client.strings("es")) == "Llamada en conferencia – Ada Lindqvist")
        let values = try await client.details(row.id, language: "de").items
        #expect(values["subject"]?.value == .text(text: "Konferenzschaltung – Ada Lindqvist"))
        #expect(values["call_at"]?.label == "Geplant für")
        #expect(values["passcode"]?.secret == true && values["passcode"]?.copy == true)
        await client.close()
    }

    @Test("An escalation is marked, and its fix is confirmed by a reply that can be edited")
    func escalation() async throws {
        let client = try await open()
        let row = try await make(["escalation_state": "esc_submitted", "escalation_id": "CP-20419"], channel: "email", for: client)
        #expect(row.markKeys.map { client.strings("de")[$0] } == ["Eskaliert"])
        let screen = ThreadModel(client: client, ticket: row.id, language: "de")
        let shown = Task { await screen.run() }
        try await waitUntil("the ticket") { screen.ticket != nil }
        #expect(step(screen) == "submitted" && screen.ticket?.row.markKeys == ["mark.escalated"])
        let number = try #require(row.number)
        try await sandbox.server.setField(number, 360_002_000_008, "esc_fix")
        client.syncNow()
        try await waitUntil("the step") { step(screen) == "fix_review" }
        let offer = try #require(screen.details.offer("confirm_fix"))
        _ = await screen.act(offer)
        try await waitUntil("the text") { !screen.reply.isEmpty }
        #expect(screen.reply == "Ich habe die Lösung geprüft: Das Problem ist behoben. Vielen Dank.")
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("A phone call without mails says why there is no reply, with ids to copy, the mail and a new request")
    func replyAlternatives() async throws {
        let client = try await open()
        let row = try await make([:], channel: "voice", subject: "Rückruf ☎️", for: client)
        let screen = ThreadModel(client: client, ticket: row.id, language: "en")
        let shown = Task { await screen.run() }
        try await waitUntil("the thread") { screen.ticket?.threadComplete == true }
        let details = screen.details
        #expect(details.replyPlace == .notice && details.replyNote == "This ticket has no email conversation to reply to.")
        #expect(!details.showsMessages && details.offersNewRequest)
        let number = try #require(row.number)
        #expect(details.replyAlternatives.first == .copy(label: "Ticket ID", value: "#\(number)"))
        #expect(await screen.followUp())
        #expect(try await client.ticketDraft().description == "About ticket #\(number):")
        shown.cancel()
        await shown.value
        await client.close()
    }

    private func step(_ screen: ThreadModel) -> String? {
        let sections = screen.details.parts.compactMap { part -> DetailSection? in
            if case .section(let section) = part { section } else { nil }
        }
        return sections.compactMap(\.timeline).first?.steps.first { $0.progress == .current }?.id
    }

    private let ids: [String: Int64] = [
        "ticket_type": 360_002_000_001, "call_at": 360_002_000_002, "meeting_link": 360_002_000_004, "passcode": 360_002_000_005,
        "escalation_id": 360_002_000_006, "escalation_state": 360_002_000_008,
    ]

    /// A client with the hub, at a company that has set up its fields.
    private func open() async throws -> Pocketdesk {
        for (name, id) in ids { try await sandbox.server.addField(#"{ "id": \#(id), "type": "text", "titles": { "en": "\#(name)" } }"#) }
        var config = ClientConfig(directory: folder.url, account: "ada", server: sandbox.server.url, language: "de")
        config.product = #"{ "schema": 1, "id": "tested", "version": 1, "extends": "hub@1" }"#
        config.sendDelaySeconds = 0
        let client = try await Pocketdesk.open(config, tokens: FixedToken())
        client.setOnline(true)
        return client
    }

    /// A ticket of Ada's as it came in, once it is in the history.
    private func make(
        _ fields: [String: String], channel: String, subject: String = "Buchungen fehlen", for client: Pocketdesk
    ) async throws -> TicketRow {
        let values = fields.reduce(into: [String: String]()) { $0[String(ids[$1.key] ?? 0)] = $1.value }
        let ticket: [String: Any] = [
            "requester": "ada", "channel": channel, "subject": subject, "fields": values,
            "messages": [["by": "ada", "body": "Guten Tag 🙏"]],
        ]
        let json = try JSONSerialization.data(withJSONObject: ticket)
        let number = try await sandbox.server.make(String(decoding: json, as: UTF8.self))
        client.syncNow()
        return try await client.waitFor("the ticket") { client in
            try await client.history(limit: 200).tickets.first { $0.number == number }
        }
    }
}

extension TicketDetails {
    /// The values of all sections, by their ids.
    fileprivate var items: [String: (label: String, value: ShownValue?, secret: Bool, copy: Bool)] {
        var found: [String: (label: String, value: ShownValue?, secret: Bool, copy: Bool)] = [:]
        for case .section(let section) in parts {
            for case .value(let id, let label, let value, let secret, let copy) in section.items {
                found[id] = (label, value, secret, copy)
            }
        }
        return found
    }
}
