import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// What a user can still do with what is not sent yet: undo, edit, take back, in a tunnel or before the delay is over.
@MainActor
@Suite("Unsent", .timeLimit(.minutes(2)))
struct OutboxTests {
    private let desk: SandboxProcess
    private let folder: Folder

    init() throws {
        desk = try SandboxProcess.start(tickets: 120)
        folder = try Folder()
    }

    @Test("A reply that was undone, written anew and edited in a tunnel arrives once, as it was at last and in its place")
    func undoneEditedSent() async throws {
        let app = try await open(delay: 30)
        let row = try await openTicket(app)
        let number = try #require(row.number)
        let screen = ThreadModel(desk: app, ticket: row.id, pause: .milliseconds(10))
        let shown = Task { await screen.run() }
        try await until("the whole thread") { screen.ticket?.threadComplete == true }
        let before = try await comments(number)

        try await desk.sandbox.goOffline()
        app.setOnline(false)
        try await send(screen, Story.replies[0])
        let held = try #require(screen.messages.last)
        let now = Date()
        #expect(held.delivery.secondsHeld(at: now).map { (1...30).contains($0) } == true)
        #expect(held.delivery.secondsHeld(at: now + 3600) == 0)
        #expect(held.delivery.secondsHeld(at: now - 3600) == 30, "whatever the clock says")

        await screen.discard(held)
        #expect(screen.reply == Story.replies[0], "undone")
        #expect(screen.messages.allSatisfy { $0.delivery == .sent })

        try await send(screen, Story.replies[0])
        try await send(screen, Story.replies[1])
        let first = try #require(screen.messages.dropLast().last)
        screen.edit(first)
        #expect(screen.editedText == Story.replies[0])
        #expect(!screen.canSaveEdit, "nothing is different yet")
        screen.editedText = " \n"
        #expect(!screen.canSaveEdit, "blank")
        screen.editedText = edited
        await screen.saveEdit()
        #expect(screen.editing == nil && screen.failureKey == nil)
        #expect(screen.messages.suffix(2).map(\.body) == [edited, Story.replies[1]])
        #expect(screen.messages.suffix(2).first?.id == first.id, "a message is one row for life")
        #expect(screen.reply == "")

        // Leaving ends the delay; then daylight.
        app.setInFront(false)
        try await desk.sandbox.clearFaults()
        app.setOnline(true)
        try await until("everything is sent") { screen.messages.allSatisfy { $0.delivery == .sent } }
        #expect(try await comments(number) == before + [edited, Story.replies[1]])
        shown.cancel()
        await shown.value
        await app.close()
    }

    @Test("An edit that was not saved is still there after the process ended, and the message as it was before")
    func editSurvives() async throws {
        let app = try await open()
        let row = try await openTicket(app)
        let screen = ThreadModel(desk: app, ticket: row.id, pause: .milliseconds(10))
        let shown = Task { await screen.run() }
        try await until("the thread") { screen.ticket != nil }
        try await desk.sandbox.goOffline()
        app.setOnline(false)
        try await send(screen, Story.replies[0])
        try await until("may be edited") { screen.messages.last?.canEdit == true }
        screen.reply = "Noch etwas:"
        screen.edit(try #require(screen.messages.last))
        screen.editedText = edited
        try await until("kept") { screen.isKept }
        let kept = "Noch etwas:\n\n\(edited)"
        #expect(try await app.replyDraft(row.id).body == kept)
        // The process ends without a word; its screens never come back.
        await app.close()
        shown.cancel()

        let again = try await open()
        #expect(try await again.replyDraft(row.id).body == kept)
        #expect(try await again.thread(row.id).messages.last?.body == Story.replies[0])
        let next = ThreadModel(desk: again, ticket: row.id, pause: .milliseconds(10))
        let shownAgain = Task { await next.run() }
        try await until("the thread again") { next.ticket != nil && next.reply == kept }
        next.edit(try #require(next.messages.last))
        next.editedText = edited
        try await until("kept again") { next.isKept }
        await next.cancelEdit()
        #expect(try await again.replyDraft(row.id).body == kept)
        #expect(next.reply == kept)
        shownAgain.cancel()
        await shownAgain.value
        await again.close()
    }

    @Test("A reply that is sent while it is edited keeps both texts")
    func sentWhileEdited() async throws {
        let app = try await open()
        let row = try await openTicket(app)
        let screen = ThreadModel(desk: app, ticket: row.id, pause: .milliseconds(10))
        let shown = Task { await screen.run() }
        try await until("the thread") { screen.ticket != nil }
        try await desk.sandbox.goOffline()
        app.setOnline(false)
        try await send(screen, Story.replies[0])
        try await until("may be edited") { screen.messages.last?.canEdit == true }
        screen.edit(try #require(screen.messages.last))
        screen.editedText = edited
        try await desk.sandbox.clearFaults()
        app.setOnline(true)
        try await until("sent") { screen.messages.allSatisfy { $0.delivery == .sent } }
        await screen.saveEdit()
        #expect(screen.failureKey == "edit.settled")
        #expect(screen.editing == nil)
        #expect(screen.reply == edited)
        #expect(try await app.replyDraft(row.id).body == edited)
        #expect(try await comments(try #require(row.number)).last == Story.replies[0])
        shown.cancel()
        await shown.value
        await app.close()
    }

    @Test("A ticket that waits is edited in every field and arrives once, as it was at last")
    func ticketEdited() async throws {
        try await desk.sandbox.goOffline()
        let app = try await open()
        var draft = try await app.ticketDraft()
        draft.subject = "Auszahlung"
        draft.description = "Fehlt."
        let ticket = try await app.submit(draft)
        _ = try await app.first("may be edited") { try await $0.thread(ticket).messages.first?.canEdit == true ? true : nil }
        var next = try await app.ticketDraft()
        next.subject = "Ein anderes Ticket, angefangen"
        try await app.save(next)

        let form = NewTicketModel(desk: app, editing: ticket, pause: .milliseconds(10))
        let shown = Task { await form.run() }
        try await until("the form") { form.canCreate }
        #expect(form.draft.subject == "Auszahlung" && form.draft.description == "Fehlt.")
        form.draft.subject = Story.subject
        form.draft.description = Story.description
        form.draft.cc = Story.cc
        form.draft.issueType = "payments_finance"
        try await until("kept") { form.isKept && form.canCreate }
        #expect(try await app.replyDraft(ticket).body == Story.description, "what was typed would survive the process")
        for tap in [Task { await form.create() }, Task { await form.create() }] { await tap.value }
        #expect(form.failureKey == nil)
        #expect(form.created == ticket)
        #expect(try await app.replyDraft(ticket).body == "")
        #expect(try await app.ticketDraft().subject == next.subject, "the draft of another ticket is not touched")
        shown.cancel()
        await shown.value

        try await desk.sandbox.clearFaults()
        app.setOnline(true)
        _ = try await app.first("a number") { try await $0.ticket(ticket).row.number }
        let arrived = try await desk.sandbox.tickets(subject: Story.subject)
        #expect(arrived.map { $0.comments.map(\.body) } == [[Story.description]])
        #expect(Set(arrived.first?.ccs ?? []) == Set(Story.cc))
        #expect(try await desk.sandbox.tickets(subject: "Auszahlung").isEmpty)
        await app.close()
    }

    @Test("Addresses and Solved wait in a tunnel, can be taken back, and reach the desk")
    func changes() async throws {
        let app = try await open()
        var draft = try await app.ticketDraft()
        draft.subject = Story.subject
        draft.description = Story.description
        let ticket = try await app.submit(draft)
        _ = try await app.first("a number") { try await $0.ticket(ticket).row.number }
        let screen = ThreadModel(desk: app, ticket: ticket)
        let shown = Task { await screen.run() }
        try await until("the whole thread") { screen.ticket?.threadComplete == true }
        try await desk.sandbox.goOffline()
        app.setOnline(false)

        let malformed = [FieldProblem(field: .cc, index: 0, problem: .malformed)]
        await #expect(throws: ChangeError.Invalid(problems: malformed)) { try await app.addCc(["niemand@"], to: ticket) }
        await screen.addCc(Story.cc)
        await screen.solve()
        #expect(screen.failureKey == nil)
        #expect(screen.ticket?.changes.map(\.kind) == [.addCc, .solve])
        #expect(screen.ticket?.changes.first?.addresses == Story.cc)
        try await until("may be taken back") { screen.ticket?.changes.last?.canDiscard == true }
        await screen.discard(try #require(screen.ticket?.changes.last))
        #expect(screen.ticket?.changes.map(\.kind) == [.addCc])

        try await desk.sandbox.clearFaults()
        app.setOnline(true)
        try await until("the desk has them") { screen.ticket?.changes.isEmpty == true }
        let arrived = try #require(try await desk.sandbox.tickets(subject: Story.subject).first)
        #expect(Set(arrived.ccs) == Set(Story.cc))
        shown.cancel()
        await shown.value
        await app.close()
    }

    // MARK: Helpers

    private let edited = "Nachtrag: Die IBAN hat sich im **August** geändert. 🙇🏼"

    private func open(delay: UInt32 = 0) async throws -> Pocketdesk {
        let config = try DeskConfig.ada(in: folder.url, on: desk.sandbox.url, delay: delay)
        let app = try await Pocketdesk.open(config, tokens: FixedToken())
        app.setInFront(true)
        app.setOnline(true)
        return app
    }

    private func openTicket(_ app: Pocketdesk) async throws -> TicketRow {
        _ = try await app.first("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        return try #require(try await app.history(limit: 200).tickets.first { [.open, .pending, .awaitingReply].contains($0.status) })
    }

    private func send(_ screen: ThreadModel, _ text: String) async throws {
        screen.reply = text
        try await until("may be sent") { screen.canSend }
        await screen.send()
        #expect(screen.failureKey == nil)
    }

    /// The public comments of a ticket at the desk.
    private func comments(_ number: UInt64) async throws -> [String] {
        try #require(try await desk.sandbox.ticket(number)).comments.map(\.body)
    }
}
