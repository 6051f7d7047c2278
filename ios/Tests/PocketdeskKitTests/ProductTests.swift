import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// Products are data: the screens show what a definition says, in its own words, and a wrong definition is refused at its place.
@MainActor
@Suite("Products", .timeLimit(.minutes(5)))
struct ProductTests {
    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder

    init() throws {
        // Of fewer tickets none of the user's own is open, and the telecom company takes no reply to a solved one.
        sandbox = try SandboxProcess.start(tickets: 60)
        folder = try TemporaryFolder()
    }

    // MARK: The telecom company, which is only a file

    @Test("A definition that is handed in as text brings its own statuses, issue types, entries and German texts")
    func telecom() async throws {
        let client = try await open(telecomDefinition())
        let strings = client.strings("de-AT", device: Locale(identifier: "de_AT"))
        #expect(strings.language == "de" && strings.locale.identifier == "de_AT")
        #expect(client.product.statuses.map(\.kind) == [.open, .working, .awaitingUser, .closed])
        #expect(
            client.product.statuses.map { strings[$0.labelKey] } == ["Eingegangen", "Techniker unterwegs", "Wir brauchen Sie", "Erledigt"])
        #expect(client.product.statuses.map(\.turn) == [.helpDesk, .helpDesk, .you, .nobody])
        #expect(client.product.issueTypes.map { strings[$0.labelKey] } == ["Störung", "Rechnung"])
        #expect(client.product.issueTypes.first?.explanationKey.map { strings[$0] } == "Leitung, Router oder Empfang.")
        #expect(client.product.form == [.issueType, .subject, .description], "in its own order")
        #expect(client.product.attachments == nil && !client.product.filesInReplies)
        #expect(client.product.subjectLimit == 80)

        let call = try #require(URL(string: "tel:+4922100000"))
        let screen = HelpSupportModel(client: client, strings: strings)
        #expect(screen.entries.map(\.label) == ["Störungen und Fragen", "Rufen Sie uns an"])
        #expect(screen.entries.map(\.target) == [.history, .link(call)])
        #expect(strings["reply.send"] == "Senden", "what it does not say is shared")
        #expect(Strings("de")["issue_type.fault"] == "issue_type.fault", "the built-in product knows nothing of it")
        await client.close()
    }

    @Test("The tickets of the server are shown with the statuses of the definition, and a form without a default asks for the issue type")
    func telecomTickets() async throws {
        let client = try await open(telecomDefinition())
        let row = try #require(try await client.ownTickets().first)
        try await sandbox.server.answer(try #require(row.number), ScenarioData.answer, status: "pending")
        client.syncNow()
        let answered = try await client.waitFor("the answer") { client in
            let now = try await client.ticket(row.id).row
            return now.status.kind == .awaitingUser ? now : nil
        }
        let strings = client.strings("de")
        #expect(answered.status.name(strings) == "Wir brauchen Sie")
        let explanation = try await client.details(row.id, language: "de").explanation
        #expect(explanation == "Bitte antworten Sie, damit es weitergeht.")
        let known = Set(client.product.statuses.map(\.id))
        #expect(try await client.history(limit: 200).tickets.allSatisfy { $0.status.id.map(known.contains) == true })

        let form = NewTicketModel(client: client, pause: .milliseconds(10))
        let shown = Task { await form.run() }
        try await waitUntil("the form") { form.isReady && form.check != nil }
        #expect(form.draft.issueType == "")
        form.draft.subject = "Kein Empfang seit dem Gewitter ⛈️"
        form.draft.description = ScenarioData.description
        form.draft.issueType = "fault"
        try await waitUntil("an issue type is chosen") { form.canCreate }
        form.draft.issueType = ""
        try await waitUntil("none is chosen") { form.check?.problems.first?.field == .issueType }
        #expect(!form.canCreate)
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("A product can extend a definition that is handed in beside it")
    func extended() async throws {
        let product = """
            {
              "schema": 1, "id": "telco-business", "version": 1, "extends": "telco@3",
              "strings": {
                "en": { "status.technician": "Engineer on site" },
                "de": { "status.technician": "Technikerin vor Ort" },
                "es": { "status.technician": "Técnica en camino" }
              }
            }
            """
        let client = try await open(product, definitions: [telecomDefinition()])
        let technician = TicketStatus(id: "technician", kind: .working, turn: .helpDesk, nameKey: "status.technician")
        #expect(technician.name(client.strings("de")) == "Technikerin vor Ort")
        #expect(client.strings("de")["status.done"] == "Erledigt")
        #expect(client.strings("en")["status.technician"] == "Engineer on site", "each language has its own")
        await client.close()
    }

    @Test("A language that only the product has is shown in it, and one that it does not have in its fallback")
    func languages() async throws {
        let product = """
            {
              "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1",
              "strings": { "fallback": "de", "en": null, "es": null }
            }
            """
        let client = try await open(product)
        let strings = client.strings("en-GB", device: Locale(identifier: "en_GB"))
        #expect(strings.language == "de")
        #expect(strings["reply.send"] == "Senden")
        #expect(strings.locale.identifier == "de", "dates are written as the texts")
        #expect(strings.counted("ticket.left_out", 1).replacing("1", with: "2") != strings.counted("ticket.left_out", 2), "by its rules")
        await client.close()
    }

    @Test("A product with types, a timeline and a toggle opens, and what this version cannot do is not offered")
    func workshop() async throws {
        let client = try await open(definition("workshop"))
        let rows = try await client.waitFor("the tickets") { client in
            let rows = try await client.history(limit: 200).tickets
            return rows.isEmpty ? nil : rows
        }
        let row = try #require(rows.first { $0.visible && $0.status.kind != .closed })
        let details = try await client.details(row.id, language: "de")
        guard case .section(let facts)? = details.parts.first, details.parts.last == .thread else {
            Issue.record("\(details.parts)")
            return
        }
        let labels = facts.items.compactMap { item in
            if case .value(_, let label, _, _, _) = item { label } else { nil }
        }
        #expect(labels == ["Ticketnummer", "Ticket-Status", "Kanal"], "nothing is repaired here")
        #expect(details.actions.isEmpty)
        await client.close()
    }

    // MARK: The web product

    @Test("An entry leads where the definition says; what the app does not take, or no screen serves, is not shown")
    func entries() async throws {
        let client = try await open(
            """
            {
              "schema": 1, "id": "tested", "version": 1, "extends": "impact-web@1",
              "entries": [{ "id": "pxa", "to": "https://academy.example.com/start?lang={locale}" }]
            }
            """)
        let strings = client.strings("es-MX")
        func entries(_ takesCalls: Bool) -> [HelpEntry] {
            if takesCalls { return HelpSupportModel(client: client, strings: strings, onHostCall: { _ in }).entries }
            return HelpSupportModel(client: client, strings: strings).entries
        }
        #expect(entries(true).map(\.id) == ["tickets", "articles", "walkthroughs", "pxa", "chat", "book"])
        #expect(entries(false).map(\.id) == ["tickets", "articles", "pxa", "book"])
        let academy = try #require(URL(string: "https://academy.example.com/start?lang=es"))
        let upgrade = strings["book.upgrade"]
        let targets: [HelpEntry.Target] = [
            .history, .articles, .host("walkthroughs"), .link(academy), .host("chat"), .newTicket(prefill: upgrade),
        ]
        #expect(entries(true).map(\.target) == targets)
        #expect(entries(true).map(\.label).first == "Pestaña de Tickets")
        #expect(entries(true).compactMap(\.note) == [strings["chat.delay"]])
        #expect(strings.contains("book.upgrade") && strings.contains("chat.delay"))
        await client.close()
    }

    @Test("An entitlement changes where an entry leads while the screen is open")
    func entitlement() async throws {
        let client = try await open(#"{ "schema": 1, "id": "tested", "version": 1, "extends": "impact-web@1" }"#)
        let strings = client.strings("de")
        let screen = HelpSupportModel(client: client, strings: strings)
        let shown = Task { await screen.run() }
        let booking = { screen.entries.first { $0.id == "book" }?.target }
        let upgrade = HelpEntry.Target.newTicket(prefill: strings["book.upgrade"])
        #expect(booking() == upgrade)
        let meeting = HelpEntry.Target.link(try #require(URL(string: "https://meet.example.com")))
        client.setClaims(["enterprise"])
        try await waitUntil("the link") { booking() == meeting }
        client.setClaims([])
        try await waitUntil("the ticket that asks for it") { booking() == upgrade }
        shown.cancel()
        await client.close()
    }

    @Test("A text that an entry brings into the form stands below the user's own, and becomes a draft only with what the user types")
    func prefilled() async throws {
        let client = try await open(#"{ "schema": 1, "id": "tested", "version": 1, "extends": "impact-web@1" }"#)
        let upgrade = client.strings("de")["book.upgrade"]
        let opened = NewTicketModel(client: client, prefill: upgrade, pause: .seconds(3600))
        var shown = Task { await opened.run() }
        try await waitUntil("the form") { opened.isReady }
        #expect(opened.draft.description == upgrade)
        shown.cancel()
        await shown.value
        #expect(try await client.ticketDraft().description == "", "looking at the form leaves no draft")

        var draft = try await client.ticketDraft()
        draft.description = ScenarioData.description
        try await client.save(draft)
        let form = NewTicketModel(client: client, prefill: upgrade, pause: .seconds(3600))
        shown = Task { await form.run() }
        try await waitUntil("the form again") { form.isReady }
        #expect(form.draft.description == "\(ScenarioData.description)\n\n\(upgrade)")
        form.draft.subject = ScenarioData.subject
        shown.cancel()
        await shown.value
        #expect(try await client.ticketDraft().description == form.draft.description)

        let again = NewTicketModel(client: client, prefill: upgrade)
        shown = Task { await again.run() }
        try await waitUntil("the form once more") { again.isReady }
        #expect(again.draft.description == form.draft.description, "it is not added twice")
        await again.discard()
        #expect(again.draft.description == "")
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("Addresses that are typed while access is off stay in the form with a note, and none is sent")
    func keptAside() async throws {
        let client = try await open(#"{ "schema": 1, "id": "tested", "version": 1, "extends": "impact-web@1" }"#)
        let form = NewTicketModel(client: client, pause: .milliseconds(10))
        let shown = Task { await form.run() }
        try await waitUntil("the form") { form.isReady && form.check != nil }
        #expect(form.noteOnAddresses == nil, "nothing is said before there is an address")
        form.draft.subject = ScenarioData.subject
        form.draft.description = ScenarioData.description
        form.draft.access = true
        form.draft.cc = ScenarioData.cc
        try await waitUntil("with access") { form.canCreate && form.check?.notes == [] }
        form.draft.access = false
        try await waitUntil("a note") { form.noteOnAddresses != nil }
        for language in ["en", "de", "es"] {
            #expect(client.strings(language).contains(form.noteOnAddresses ?? ""), "\(language)")
        }
        #expect(form.draft.cc == ScenarioData.cc && form.canCreate)
        await form.create()
        let ticket = try #require(form.created)
        #expect(try await client.ticket(ticket).cc == [])
        shown.cancel()
        await shown.value
        await client.close()
    }

    // MARK: Wrong definitions

    @Test(
        "A wrong definition is refused with its line and its path",
        arguments: [
            ("\"statuses\": [\n  { \"id\": \"open\", \"kind\": \"waiting\" }\n]", "line 3", "statuses[0].kind"),
            ("\"create\": {\n  \"subject\": {\n    \"max\": 0\n  }\n}", "line 4", "create.subject.max"),
            ("\"entries\": [\n  { \"id\": \"email\", \"to\": \"javascript:alert(1)\" }\n]", "line 3", "entries[3].to"),
            ("\n\n\"holograms\": true", "line 4", "holograms"),
        ])
    func wrong(_ change: String, _ line: String, _ path: String) async throws {
        let product = #"{ "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1","# + "\n\(change)\n}"
        let what = try #require(await refusal(of: product))
        #expect(what.contains("\(line),") && what.contains(" \(path):"), "\(what)")
    }

    @Test("A definition that is cut off, that extends itself, or that extends an unknown one is refused, and the next one opens")
    func refused() async throws {
        let itself = #"{ "schema": 1, "id": "tested", "version": 1, "extends": "tested@1" }"#
        let unknown = #"{ "schema": 1, "id": "tested", "version": 1, "extends": "unheard-of@7" }"#
        for product in [String(try telecomDefinition().dropLast(200)), itself, unknown] {
            let what = try #require(await refusal(of: product))
            #expect(what.contains("line "), "\(what)")
        }
        let client = try await open(telecomDefinition())
        await client.close()
    }

    // MARK: Helpers

    private func open(_ product: String, definitions: [String] = []) async throws -> Pocketdesk {
        var config = ClientConfig(directory: folder.url, account: "ada", server: sandbox.server.url)
        config.product = product
        config.definitions = definitions
        config.sendDelaySeconds = 0
        let client = try await Pocketdesk.open(config, tokens: FixedToken())
        client.setInFront(true)
        client.setOnline(true)
        return client
    }

    /// Why the client does not open with this product; `nil` if it opens, or does not for another reason.
    private func refusal(of product: String) async -> String? {
        do {
            await (try open(product)).close()
        } catch OpenError.InvalidProduct(let what) {
            return what
        } catch {
            Issue.record("it led to \(error)")
        }
        return nil
    }

    /// The definition of a company that the library does not know.
    private func telecomDefinition() throws -> String { try definition("telecom") }

    private func definition(_ name: String) throws -> String {
        let path = "../../../../tests/products/definitions/\(name).json"
        return try String(contentsOf: URL(fileURLWithPath: #filePath).appendingPathComponent(path).standardized, encoding: .utf8)
    }
}
