import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// What the rows of the history say, and where they stand.
@MainActor
@Suite("History", .timeLimit(.minutes(5)))
struct HistoryScreenTests {
    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 40)
        folder = try TemporaryFolder()
    }

    @Test("What was not sent stands on top, then what happened today, then what was earlier; a row shows the beginning of the last message")
    func sections() async throws {
        let client = try await open()
        let own = try await client.ownTickets()
        let (answered, replied) = (try #require(own.first), try #require(own.last))
        #expect(answered.id != replied.id)
        let screen = HistoryModel(client: client)
        let shown = Task { await screen.run() }
        try await sandbox.server.answer(try #require(answered.number), ScenarioData.answer, status: "pending")
        client.syncNow()
        try await waitUntil("the answer") { screen.rows.contains { $0.id == answered.id && $0.snippet?.text == ScenarioData.answer } }
        try await sandbox.server.goOffline()
        client.setOnline(false)
        var draft = try await client.replyDraft(replied.id)
        draft.body = "Nachtrag:\n\nDie IBAN hat sich geändert."
        try await client.reply(draft)
        try await waitUntil("the reply") { screen.rows.first?.id == replied.id }

        let german = Strings("de", device: Locale(identifier: "de_DE"))
        let moment = try #require(screen.rows.first { $0.id == answered.id }).lastActivity
        let sections = screen.sections(on: LocalDays(now: moment))
        #expect(sections.map { german[$0.nameKey] } == ["Noch nicht gesendet", "Heute", "Früher"])
        #expect(sections.flatMap(\.tickets).map(\.row) == screen.rows, "each row once, in order")
        #expect(sections[0].tickets.map(\.id) == [replied.id])
        #expect(sections[0].tickets.first?.row.snippetText(Strings("de")) == "Sie: Nachtrag: Die IBAN hat sich geändert.")
        let answer = try #require(sections[1].tickets.first)
        #expect(answer.id == answered.id && answer.row.unread && answer.time(german) == german["time.now"])
        #expect(answer.row.snippetText(Strings("de")) == ScenarioData.answer)

        let later = screen.sections(on: LocalDays(now: moment + 5 * 60 + 1)).flatMap(\.tickets)
        #expect(later.first { $0.id == answered.id }?.time(german) == "5 Min.")
        let tomorrow = try #require(Calendar.current.date(byAdding: .day, value: 1, to: moment))
        let sectionsTomorrow = screen.sections(on: LocalDays(now: tomorrow))
        #expect(sectionsTomorrow.map(\.section) == [.unsent, .earlier], "a section without tickets is not there")
        #expect(sectionsTomorrow.last?.tickets.first?.time(german) == "Gestern")
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("Days begin where the device is, also when the clocks change")
    func days() throws {
        func days(_ moment: String, _ zone: String) throws -> LocalDays {
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = try #require(TimeZone(identifier: zone))
            return LocalDays(now: try date(moment), calendar: calendar)
        }
        func date(_ moment: String) throws -> Date { try Date(moment, strategy: .iso8601) }
        func expect(_ days: LocalDays, _ today: String, _ yesterday: String) throws {
            let expected = try [today, yesterday].map { Int64(try date($0).timeIntervalSince1970 * 1000) }
            #expect([days.today, days.yesterday] == expected)
        }

        let evening = "2026-03-12T22:30:00Z"
        try expect(days(evening, "Europe/Berlin"), "2026-03-11T23:00:00Z", "2026-03-10T23:00:00Z")
        try expect(days(evening, "Asia/Tokyo"), "2026-03-12T15:00:00Z", "2026-03-11T15:00:00Z")
        // Yesterday had 25 hours.
        try expect(days("2026-10-26T10:00:00Z", "Europe/Berlin"), "2026-10-25T23:00:00Z", "2026-10-24T22:00:00Z")
        // Today has no midnight: it begins at one.
        try expect(days("2026-04-24T10:00:00Z", "Africa/Cairo"), "2026-04-23T22:00:00Z", "2026-04-22T22:00:00Z")
    }

    @Test("A row says when its ticket was created, and not a number that is still to come")
    func facts() {
        let strings = Strings("en", device: Locale(identifier: "en_GB"))
        #expect(Samples.row().facts(strings).hasPrefix("#48213 · Created 2"))
        #expect(Samples.row(number: nil).facts(strings).hasPrefix("Created 2"))
        #expect(Samples.row().title(strings) == "Auszahlung für Oktober fehlt – עדיין לא הגיע 🧾")
        #expect(Samples.row(visible: false).title(strings) == "No longer visible")
        #expect(Samples.row().snippetText(strings) == nil)
        #expect(Samples.row(snippet: Snippet(text: "Und jetzt?", mine: true)).snippetText(strings) == "You: Und jetzt?")
    }

    private func open() async throws -> Pocketdesk {
        let client = try await Pocketdesk.open(.ada(in: folder.url, on: sandbox.server.url), tokens: FixedToken())
        client.setInFront(true)
        client.setOnline(true)
        return client
    }
}
