import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// What the screens show, on the real core and a real desk.
@MainActor
@Suite("View models", .timeLimit(.minutes(2)))
struct ModelTests {
    private let desk: SandboxProcess
    private let folder: Folder

    init() throws {
        desk = try SandboxProcess.start(tickets: 120)
        folder = try Folder()
    }

    @Test("Help & Support shows the courses in German only")
    func entries() async throws {
        let app = try await open()
        let kinds = { HelpSupportModel(profile: app.profile, words: Words($0)).entries.map(\.kind) }
        #expect(kinds("de-CH") == [.newTicket, .helpCentre, .courses, .email])
        #expect(kinds("en") == [.newTicket, .helpCentre, .email])
        #expect(kinds("es-MX") == [.newTicket, .helpCentre, .email])
        await app.close()
    }

    @Test("The history fills, loads more at its end, and stays readable offline")
    func history() async throws {
        let app = try await open()
        let screen = HistoryModel(desk: app, pageSize: 50)
        let shown = Task { await screen.run() }
        try await until("the first page") { screen.rows.count == 50 && screen.status?.firstSyncDone == true }
        #expect(screen.hasMore)
        #expect(screen.rows.map(\.lastActivityAt) == screen.rows.map(\.lastActivityAt).sorted(by: >))
        await screen.loadMore()
        try await until("the second page") { screen.rows.count == 100 }
        await screen.loadMore()
        try await until("the last page") { screen.rows.count == 120 && !screen.hasMore }
        #expect(Set(screen.rows.map(\.id)).count == 120)

        try await desk.sandbox.goOffline()
        app.setOnline(false)
        try await until("offline") { screen.status?.online == false }
        #expect(screen.rows.count == 120)
        shown.cancel()
        await shown.value
        await app.close()
    }

    @Test("A desk that was never reached is a failure, not an empty history")
    func neverReached() async throws {
        try await desk.sandbox.goOffline()
        let app = try await open()
        let screen = HistoryModel(desk: app)
        let shown = Task { await screen.run() }
        try await until("failed") { screen.state == .failed(.account(.deskUnreachable)) }
        try await desk.sandbox.clearFaults()
        screen.refresh()
        try await until("there after all") { screen.rows.count == 50 }
        shown.cancel()
        await shown.value
        await app.close()
    }

    @Test("A user without tickets is told so")
    func empty() async throws {
        let newcomer = try SandboxProcess.start(tickets: 0)
        defer { newcomer.stop() }
        let app = try await open(at: newcomer.sandbox.url)
        let screen = HistoryModel(desk: app)
        let shown = Task { await screen.run() }
        try await until("empty") { screen.state == .empty }
        shown.cancel()
        await shown.value
        await app.close()
    }

    @Test("A new ticket is checked while it is typed, kept at a pause, still there in the next process, and created once")
    func newTicket() async throws {
        try await desk.sandbox.goOffline()
        let before = try await open()
        let form = NewTicketModel(desk: before, pause: .milliseconds(10))
        let shown = Task { await form.run() }
        try await until("the form") { form.isReady && form.check != nil }
        #expect(form.draft.issueType == "support_ui_general", "preselected")
        #expect(!form.canCreate)
        #expect(form.problem(.subject) == nil, "nothing is red before it was touched")

        form.draft.subject = String(repeating: "é", count: 141)
        try await until("too long") { form.problem(.subject)?.problem == .tooLong(count: 141, limit: 140) }
        form.draft.subject = Story.subject
        form.draft.description = Story.description
        form.draft.ccEntry = "nicht fertig@"
        form.addAddress()
        try await until("malformed") { form.problem(.cc, at: 0)?.problem == .malformed }
        #expect(!form.canCreate)
        form.removeAddress(at: 0)
        form.draft.ccEntry = Story.cc[0]
        form.addAddress()
        form.draft.ccEntry = Story.cc[1]
        try await until("ready and kept") { form.canCreate && form.isKept }
        #expect(form.problem(.cc) == nil)
        let typed = form.draft

        // The desk is opened again without the screen having been left.
        await before.close()
        shown.cancel()
        let app = try await open()
        let again = NewTicketModel(desk: app)
        let shownAgain = Task { await again.run() }
        try await until("the kept form") { again.canCreate }
        #expect(again.draft == typed)

        for tap in [Task { await again.create() }, Task { await again.create() }] { await tap.value }
        let ticket = try #require(again.created)
        #expect(try await app.history(limit: 200).tickets.map(\.id) == [ticket])
        #expect(try await app.ticket(ticket).cc == Story.cc)
        #expect(try await app.ticketDraft().subject == "", "the draft was used up")
        shownAgain.cancel()
        await shownAgain.value
        await app.close()
    }

    @Test("A draft is kept when the screen is left before the pause is over, and gone when it is discarded")
    func leavingAndDiscarding() async throws {
        try await desk.sandbox.goOffline()
        let app = try await open()
        let form = NewTicketModel(desk: app, pause: .seconds(3600))
        let shown = Task { await form.run() }
        try await until("the form") { form.isReady }
        form.draft.subject = Story.subject
        shown.cancel()
        await shown.value
        #expect(try await app.ticketDraft().subject == Story.subject)
        await form.discard()
        #expect(try await app.ticketDraft().subject == "")
        #expect(form.draft.subject == "")
        await app.close()
    }

    @Test("A reply is kept while it is typed, shows at once as waiting, and can be taken back")
    func thread() async throws {
        let app = try await open()
        _ = try await app.first("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        let row = try #require(try await app.history(limit: 200).tickets.first { $0.status == .open || $0.status == .awaitingReply })
        let screen = ThreadModel(desk: app, ticket: row.id, pause: .milliseconds(10))
        let shown = Task { await screen.run() }
        try await until("the whole thread") { screen.ticket?.threadComplete == true && screen.messages.first?.description == true }
        let before = screen.messages.map(\.id)
        #expect(!screen.canSend)

        try await desk.sandbox.goOffline()
        app.setOnline(false)
        screen.reply = Story.replies[0]
        try await until("kept") { screen.isKept }
        #expect(try await app.replyDraft(row.id).body == Story.replies[0])
        #expect(screen.canSend)
        await screen.send()
        #expect(screen.failureKey == nil)
        #expect(screen.reply == "")
        #expect(screen.messages.dropLast().map(\.id) == before)
        let message = try #require(screen.messages.last)
        #expect(message.body == Story.replies[0])
        #expect(message.delivery.wordKey != nil)

        try await until("may be taken back") { screen.messages.last?.canDiscard == true }
        await screen.discard(message)
        #expect(screen.messages.map(\.id) == before)
        #expect(screen.reply == Story.replies[0])
        shown.cancel()
        await shown.value
        await app.close()
    }

    @Test("An answer that arrives while its thread is on screen is read at once")
    func answerOnScreen() async throws {
        let app = try await open()
        _ = try await app.first("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        let row = try #require(try await app.history(limit: 200).tickets.first { $0.status == .open })
        let screen = ThreadModel(desk: app, ticket: row.id)
        let shown = Task { await screen.run() }
        try await until("the whole thread") { screen.ticket?.threadComplete == true }
        try await desk.sandbox.answer(try #require(row.number), Story.answer, status: "pending")
        app.syncNow()
        try await until("the answer, read") {
            screen.messages.last?.body == Story.answer && screen.ticket?.row.unread == false && screen.ticket?.row.status == .awaitingReply
        }
        shown.cancel()
        await shown.value
        await app.close()
    }

    private func open(at url: URL? = nil) async throws -> Pocketdesk {
        let app = try await Pocketdesk.open(.ada(in: folder.url, on: url ?? desk.sandbox.url), tokens: FixedToken())
        app.setInFront(true)
        app.setOnline(true)
        return app
    }
}
