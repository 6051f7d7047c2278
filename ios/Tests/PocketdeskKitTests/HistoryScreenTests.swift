import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// What the rows of the history say, and where they stand.
@MainActor
@Suite("History", .timeLimit(.minutes(2)))
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

        let moment = try #require(screen.rows.first { $0.id == answered.id }).lastActivity
        let sections = screen.sections(on: LocalDays(now: moment))
        #expect(sections.map(\.section) == [.unsent, .today, .earlier])
        #expect(sections.flatMap(\.tickets).map(\.row) == screen.rows, "each row once, in order")
        #expect(sections[0].tickets.map(\.id) == [replied.id])
        #expect(sections[0].tickets.first?.row.snippetText(Strings("de")) == "Sie: Nachtrag: Die IBAN hat sich geändert.")
        let answer = try #require(sections[1].tickets.first)
        #expect(answer.id == answered.id && answer.row.unread && answer.written == .now)
        #expect(answer.row.snippetText(Strings("de")) == ScenarioData.answer)

        let later = screen.sections(on: LocalDays(now: moment + 5 * 60 + 1)).flatMap(\.tickets)
        #expect(later.first { $0.id == answered.id }?.written == .minutes(count: 5))
        let tomorrow = try #require(Calendar.current.date(byAdding: .day, value: 1, to: moment))
        let sectionsTomorrow = screen.sections(on: LocalDays(now: tomorrow))
        #expect(sectionsTomorrow.map(\.section) == [.unsent, .earlier], "a section without tickets is not there")
        #expect(sectionsTomorrow.last?.tickets.first?.written == .yesterday)
        shown.cancel()
        await shown.value
        await client.close()
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
