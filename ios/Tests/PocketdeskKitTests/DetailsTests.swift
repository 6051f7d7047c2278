import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// What the screens show of a company's own fields, forms and statuses. They know none of them.
@MainActor
@Suite("Details", .timeLimit(.minutes(5)))
struct DetailsTests {
    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 60)
        folder = try TemporaryFolder()
    }

    @Test("A company's own fields, links, days and steps are shown as it says, with its actions at their places, and follow the server")
    func ownSections() async throws {
        for field in fields { try await sandbox.server.addField(field) }
        let client = try await open(repairs)
        let strings = client.strings("de", device: Locale(identifier: "de_DE"))
        let row = try #require(try await client.ownTickets().first)
        let number = try #require(row.number)
        let screen = ThreadModel(client: client, ticket: row.id, language: "de")
        let shown = Task { await screen.run() }
        try await waitUntil("the ticket") { screen.ticket != nil }
        #expect(screen.details.parts.map(\.key) == ["section.repair", "section.facts", "note.Rufen Sie im Notfall die 112. ☎️", "thread"])
        #expect(screen.details.showsMessages && screen.details.replyPlace == .field)
        let before = try #require(repair(screen))
        #expect(before.title == "Reparatur" && before.collapsible && before.hint == "Was gerade geschieht.")
        #expect(before.items.map(\.key) == ["value.line", "value.visit", "action.still_broken", "note.Ohne Gewähr."])
        #expect(before.timeline == nil)
        #expect(screen.details.menu == [], "it has a place among the items")
        #expect(screen.details.offer("still_broken")?.label == "Noch gestört")

        try await sandbox.server.setField(number, 9101, "Müllerstraße 3, שלום")
        try await sandbox.server.setField(number, 9102, "4711")
        try await sandbox.server.setField(number, 9103, "2026-03-05")
        try await sandbox.server.setField(number, 9104, "Anleitung: https://help.example/a\nhttps://help.example/ü")
        try await sandbox.server.setField(number, 9105, "rep_engineer")
        try await sandbox.server.setField(number, 9106, "review=2026-03-01T23:30:00Z\nengineer=2026-03-02T08:00:00Z")
        try await sandbox.server.setField(number, 9107, "2093-03-09")
        client.syncNow()
        try await waitUntil("every value") { repair(screen)?.timeline?.estimate != nil && repair(screen)?.items.count == 6 }

        let section = try #require(repair(screen))
        let keys = ["line", "pin", "visit", "guides"].map { "value.\($0)" } + ["action.still_broken", "note.Ohne Gewähr."]
        #expect(section.items.map(\.key) == keys)
        let line = ShownValue.text(text: "Müllerstraße 3, שלום")
        #expect(section.items[0] == .value(id: "line", label: "Anschluss", value: line, secret: false, copy: true))
        #expect(section.items[1] == .value(id: "pin", label: "PIN", value: .text(text: "4711"), secret: true, copy: true))
        let values = screen.values.reduce(into: [:]) { $0[$1.label] = $1.value }
        #expect(values["Termin"]?.text(strings) == "5. März 2026")
        guard case .links(let links) = values["Anleitungen"] else {
            Issue.record("\(screen.values)")
            return
        }
        #expect(links.map(\.title) == ["Anleitung", "https://help.example/ü"])
        #expect(links.first?.destination == URL(string: "https://help.example/a"))

        let timeline = try #require(section.timeline)
        #expect(timeline.steps.map(\.label) == ["In Prüfung", "Techniker unterwegs", "Behoben"])
        #expect(timeline.steps.map(\.progress) == [.done, .current, .notReached])
        #expect(timeline.steps.map { strings[$0.progressKey] } == ["Erledigt", "Aktueller Schritt", "Noch nicht erreicht"])
        let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
        #expect(timeline.steps.map { $0.reached.map { strings.day($0, timeZone: berlin) } } == ["2. März 2026", "2. März 2026", nil])
        #expect(timeline.steps[1].explanation == "Jemand ist auf dem Weg." && timeline.steps[1].action == "still_broken")
        #expect(timeline.estimate?.at.text(strings) == "9. März 2093")
        #expect(timeline.estimate?.note == "Ohne Gewähr.")
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("A status that only the help desk has a name for is shown by that name, in the screens' language, without another's meaning")
    func helpDesksLabel() async throws {
        let client = try await open(#"{ "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1" }"#, language: "de")
        let row = try #require(try await client.ownTickets().first)
        let number = try #require(row.number)
        try await sandbox.server.setCustomStatus(number, 1_260_800_000_012)
        client.syncNow()
        let status = try await client.waitFor("the label") { client in
            let status = try await client.ticket(row.id).row.status
            return status.label == nil ? nil : status
        }
        let strings = client.strings("de")
        #expect(status.name(strings) == "Wartet auf einen Partner")
        #expect(try await client.details(row.id, language: "de").explanation == nil)
        let rows = try await client.history(limit: 200).tickets
        #expect(rows.first { $0.id == row.id }?.status == status, "in the history as well")
        let screen = ThreadModel(client: client, ticket: row.id, language: "de")
        let shown = Task { await screen.run() }
        try await waitUntil("among the details") { screen.values.contains { $0.value == .status(status: status) } }
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("The form has the fields that the product has, in its order, and an edited ticket no files")
    func form() async throws {
        let client = try await open(#"{ "schema": 1, "id": "tested", "version": 1, "extends": "impact-web@1" }"#)
        let form = NewTicketModel(client: client)
        #expect(form.fields == [.subject, .issueType, .access, .cc, .description, .attachments])
        #expect(form.takesFiles)
        #expect(ThreadModel(client: client, ticket: 1).takesFiles)
        let edit = NewTicketModel(client: client, editing: 1)
        #expect(edit.fields == [.subject, .issueType, .access, .cc, .description] && !edit.takesFiles)
        await client.close()
    }

    @Test("Files can be offered in replies and not in the form, or in the form and not in replies", arguments: [true, false])
    func files(inReplies: Bool) async throws {
        let order = inReplies ? #""description", "subject""# : #""attachments", "description", "subject""#
        let client = try await open(
            """
            {
              "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1",
              "create": { "order": [\(order)], "cc": null, "access": null },
              "attachments": { "in": ["\(inReplies ? "reply" : "create")"], "hint": "@damage.hint" },
              "strings": { "fallback": "de", "en": null, "es": null, "de": { "damage.hint": "Fotos vom Schaden. 📷" } }
            }
            """)
        let form = NewTicketModel(client: client)
        #expect(form.fields == (inReplies ? [.description, .subject] : [.attachments, .description, .subject]))
        #expect(form.takesFiles != inReplies)
        #expect(form.files.hints(client.strings("de")).first == "Fotos vom Schaden. 📷")
        let row = try #require(try await client.ownTickets().first)
        let screen = ThreadModel(client: client, ticket: row.id)
        #expect(screen.takesFiles == inReplies)
        let shown = Task { await screen.run() }
        try await waitUntil("the ticket") { screen.ticket != nil }
        await screen.attach([ChosenFile(try folder.file("Beleg.txt"))])
        #expect(screen.files.attached.map(\.name) == (inReplies ? ["Beleg.txt"] : []))
        shown.cancel()
        await shown.value
        await client.close()
    }

    // MARK: A company that repairs lines

    private func repair(_ screen: ThreadModel) -> DetailSection? {
        for case .section(let section) in screen.details.parts where section.id == "repair" { return section }
        return nil
    }

    private let fields = [
        #"{ "id": 9101, "type": "text", "titles": { "en": "Line" } }"#,
        #"{ "id": 9102, "type": "text", "titles": { "en": "PIN" } }"#,
        #"{ "id": 9103, "type": "date", "titles": { "en": "Visit" } }"#,
        #"{ "id": 9104, "type": "textarea", "titles": { "en": "Guides" } }"#,
        """
        { "id": 9105, "type": "tagger", "titles": { "en": "State" }, "options": [
          { "value": "rep_review", "names": { "en": "Review" } }, { "value": "rep_engineer", "names": { "en": "Engineer" } },
          { "value": "rep_resolved", "names": { "en": "Resolved" } } ] }
        """,
        #"{ "id": 9106, "type": "textarea", "titles": { "en": "Dates" } }"#,
        #"{ "id": 9107, "type": "date", "titles": { "en": "Due" } }"#,
        #"{ "id": 9108, "type": "text", "titles": { "en": "Kind" } }"#,
    ]

    private let repairs = """
        {
          "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1",
          "fields": {
            "line": { "type": "text", "copy": true }, "pin": { "type": "text", "secret": true, "copy": true },
            "visit": { "type": "day" }, "guides": { "type": "list<link>" }, "due": { "type": "day" }, "kind": { "type": "text" },
            "state": { "type": "enum", "values": ["review", "engineer", "resolved"] }, "dates": { "type": "map<enum,instant>" }
          },
          "ticket_types": [
            { "id": "repair", "from": [{ "field": "kind" }], "sections": ["repair", "facts", "note:@emergency", "thread"] }
          ],
          "ticket_type_unknown": { "sections_of": "repair" },
          "sections": {
            "repair": {
              "collapsible": true, "hint": "@repair.hint",
              "show": ["line", "pin?", "visit", "guides?", "action:still_broken", "note:@not.guaranteed"],
              "timeline": {
                "state": "state", "dates": "dates", "action": { "engineer": "still_broken" },
                "estimate": { "field": "due", "until": "resolved", "note": "@not.guaranteed" }
              }
            }
          },
          "actions": [
            { "id": "still_broken", "kind": "reply", "who": "any", "when": ["status.kind!=closed"], "body": "@broken.body" }
          ],
          "strings": {
            "fallback": "de", "en": null, "es": null,
            "de": {
              "ticket_type.repair": "Reparatur", "section.repair": "Reparatur", "repair.hint": "Was gerade geschieht.",
              "emergency": "Rufen Sie im Notfall die 112. ☎️", "not.guaranteed": "Ohne Gewähr.",
              "field.line": "Anschluss", "field.pin": "PIN", "field.visit": "Termin", "field.guides": "Anleitungen", "field.due": "Bis",
              "field.kind": "Art", "field.state": "Stand", "field.state.review": "In Prüfung", "field.state.engineer": "Techniker unterwegs",
              "field.state.resolved": "Behoben", "state.engineer.explanation": "Jemand ist auf dem Weg.", "field.dates": "Daten",
              "action.still_broken": "Noch gestört", "broken.body": "Es ist weiterhin gestört. 📡"
            }
          },
          "connectors": {
            "zendesk": {
              "fields": {
                "line": 9101, "pin": 9102, "visit": 9103, "guides": { "id": 9104, "parse": "lines:link" },
                "state": { "id": 9105, "values": { "rep_review": "review", "rep_engineer": "engineer", "rep_resolved": "resolved" } },
                "dates": { "id": 9106, "parse": "lines:state=instant" }, "due": 9107, "kind": 9108
              }
            }
          }
        }
        """

    private func open(_ product: String, language: String = "en") async throws -> Pocketdesk {
        var config = ClientConfig(directory: folder.url, account: "ada", server: sandbox.server.url, language: language)
        config.product = product
        config.sendDelaySeconds = 0
        let client = try await Pocketdesk.open(config, tokens: FixedToken())
        client.setInFront(true)
        client.setOnline(true)
        return client
    }
}
