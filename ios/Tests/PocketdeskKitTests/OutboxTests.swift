import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// What a user can do with messages that are not sent: undo, edit and withdraw them, without a network or before the delay is over.
@MainActor
@Suite("Unsent", .timeLimit(.minutes(5)))
struct OutboxTests {
    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 120)
        folder = try TemporaryFolder()
    }

    @Test(
        "A reply that was undone, written again and edited while the server does not answer arrives once, with its last text and in the right order"
    )
    func undoneEditedSent() async throws {
        let client = try await open(delay: 30)
        let row = try await openTicket(client)
        let number = try #require(row.number)
        let screen = ThreadModel(client: client, ticket: row.id, pause: .milliseconds(10))
        let shown = Task { await screen.run() }
        try await waitUntil("the whole thread") { screen.ticket?.threadComplete == true }
        let before = try await comments(number)

        // There is a network, so what is written is held back, and a server that does not answer.
        try await sandbox.server.goOffline()
        try await send(screen, ScenarioData.replies[0])
        let held = try #require(screen.messages.last)
        let now = Date()
        #expect(held.delivery.countdown(at: now).map { (1...30).contains($0.seconds) } == true)
        #expect(held.delivery.countdown(at: now + 3600)?.seconds == 0)
        #expect(held.delivery.countdown(at: now - 3600)?.seconds == 30, "at most 30, whatever the clock says")

        await screen.discard(held)
        #expect(screen.reply == ScenarioData.replies[0], "undone")
        #expect(screen.messages.allSatisfy { $0.delivery == .sent })

        try await send(screen, ScenarioData.replies[0])
        try await send(screen, ScenarioData.replies[1])
        let first = try #require(screen.messages.dropLast().last)
        screen.edit(first)
        #expect(screen.editedText == ScenarioData.replies[0])
        #expect(!screen.canSaveEdit, "nothing is different yet")
        screen.editedText = " \n"
        #expect(!screen.canSaveEdit, "blank")
        screen.editedText = edited
        await screen.saveEdit()
        #expect(screen.editing == nil && screen.failureKey == nil)
        #expect(screen.messages.suffix(2).map(\.body) == [edited, ScenarioData.replies[1]])
        #expect(screen.messages.suffix(2).first?.id == first.id, "a message is one row for life")
        #expect(screen.reply == "")

        // Leaving the front ends the delay. Then the server answers again.
        client.setInFront(false)
        try await sandbox.server.clearFaults()
        client.setOnline(true)
        try await waitUntil("everything is sent") { screen.messages.allSatisfy { $0.delivery == .sent } }
        #expect(try await comments(number) == before + [edited, ScenarioData.replies[1]])
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("The text of an unsaved edit survives the end of the process, and the message is unchanged")
    func editSurvives() async throws {
        let client = try await open()
        let row = try await openTicket(client)
        let screen = ThreadModel(client: client, ticket: row.id, pause: .milliseconds(10))
        let shown = Task { await screen.run() }
        try await waitUntil("the thread") { screen.ticket != nil }
        try await sandbox.server.goOffline()
        client.setOnline(false)
        try await send(screen, ScenarioData.replies[0])
        try await waitUntil("can be edited") { screen.messages.last?.canEdit == true }
        screen.reply = "Noch etwas:"
        screen.edit(try #require(screen.messages.last))
        screen.editedText = edited
        try await waitUntil("saved") { screen.isSaved }
        let saved = "Noch etwas:\n\n\(edited)"
        #expect(try await client.replyDraft(row.id).body == saved)
        // The process ends without closing its screens.
        await client.close()
        shown.cancel()

        let again = try await open()
        #expect(try await again.replyDraft(row.id).body == saved)
        #expect(try await again.thread(row.id).messages.last?.body == ScenarioData.replies[0])
        let next = ThreadModel(client: again, ticket: row.id, pause: .milliseconds(10))
        let shownAgain = Task { await next.run() }
        try await waitUntil("the thread again") { next.ticket != nil && next.reply == saved }
        next.edit(try #require(next.messages.last))
        next.editedText = edited
        try await waitUntil("saved again") { next.isSaved }
        await next.cancelEdit()
        #expect(try await again.replyDraft(row.id).body == saved)
        #expect(next.reply == saved)
        shownAgain.cancel()
        await shownAgain.value
        await again.close()
    }

    @Test("If a reply is sent while it is edited, both texts are kept")
    func sentWhileEdited() async throws {
        let client = try await open()
        let row = try await openTicket(client)
        let screen = ThreadModel(client: client, ticket: row.id, pause: .milliseconds(10))
        let shown = Task { await screen.run() }
        try await waitUntil("the thread") { screen.ticket != nil }
        try await sandbox.server.goOffline()
        client.setOnline(false)
        try await send(screen, ScenarioData.replies[0])
        try await waitUntil("can be edited") { screen.messages.last?.canEdit == true }
        screen.edit(try #require(screen.messages.last))
        screen.editedText = edited
        try await sandbox.server.clearFaults()
        client.setOnline(true)
        try await waitUntil("sent") { screen.messages.allSatisfy { $0.delivery == .sent } }
        await screen.saveEdit()
        #expect(screen.failureKey == "edit.settled")
        #expect(screen.editing == nil)
        #expect(screen.reply == edited)
        #expect(try await client.replyDraft(row.id).body == edited)
        #expect(try await comments(try #require(row.number)).last == ScenarioData.replies[0])
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("A waiting ticket can be edited in every field, and arrives once with the last values")
    func ticketEdited() async throws {
        try await sandbox.server.goOffline()
        let client = try await open()
        var draft = try await client.ticketDraft()
        draft.subject = "Auszahlung"
        draft.description = "Fehlt."
        let ticket = try await client.submit(draft)
        _ = try await client.waitFor("can be edited") { try await $0.thread(ticket).messages.first?.canEdit == true ? true : nil }
        var next = try await client.ticketDraft()
        next.subject = "Ein anderes Ticket, angefangen"
        try await client.save(next)

        let form = NewTicketModel(client: client, editing: ticket, pause: .milliseconds(10))
        let shown = Task { await form.run() }
        try await waitUntil("the form") { form.canCreate }
        #expect(form.draft.subject == "Auszahlung" && form.draft.description == "Fehlt.")
        form.draft.subject = ScenarioData.subject
        form.draft.description = ScenarioData.description
        form.draft.cc = ScenarioData.cc
        form.draft.issueType = "payments_finance"
        try await waitUntil("saved") { form.isSaved && form.canCreate }
        #expect(try await client.replyDraft(ticket).body == ScenarioData.description, "what was typed would survive the process")
        for tap in [Task { await form.create() }, Task { await form.create() }] { await tap.value }
        #expect(form.failureKey == nil)
        #expect(form.created == ticket)
        #expect(try await client.replyDraft(ticket).body == "")
        #expect(try await client.ticketDraft().subject == next.subject, "the draft of another ticket is not touched")
        shown.cancel()
        await shown.value

        try await sandbox.server.clearFaults()
        client.setOnline(true)
        _ = try await client.waitFor("a number") { try await $0.ticket(ticket).row.number }
        let arrived = try await sandbox.server.tickets(subject: ScenarioData.subject)
        #expect(arrived.map { $0.comments.map(\.body) } == [[ScenarioData.description]])
        #expect(Set(arrived.first?.ccs ?? []) == Set(ScenarioData.cc))
        #expect(try await sandbox.server.tickets(subject: "Auszahlung").isEmpty)
        await client.close()
    }

    @Test("Adding CC addresses and marking as solved wait without a network, can be withdrawn, and reach the server")
    func changes() async throws {
        let client = try await open()
        // The server does not let a user solve a ticket that nobody works on. Without a network it has not said so yet.
        try await sandbox.server.goOffline()
        client.setOnline(false)
        var draft = try await client.ticketDraft()
        draft.subject = ScenarioData.subject
        draft.description = ScenarioData.description
        let ticket = try await client.submit(draft)
        let screen = ThreadModel(client: client, ticket: ticket)
        let shown = Task { await screen.run() }
        try await waitUntil("the ticket") { screen.ticket != nil }

        let malformed = [FieldProblem(field: .cc, index: 0, problem: .malformed)]
        await #expect(throws: ChangeError.Invalid(problems: malformed)) { try await client.addCc(["niemand@"], to: ticket) }
        try await client.addCc(ScenarioData.cc, to: ticket)
        try await client.solve(ticket)
        try await waitUntil("both") { screen.ticket?.changes.count == 2 }
        #expect(screen.ticket?.changes.map(\.kind) == [.addCc, .solve])
        #expect(screen.ticket?.changes.first?.addresses == ScenarioData.cc)
        try await waitUntil("can be withdrawn") { screen.ticket?.changes.last?.canDiscard == true }
        await screen.discard(try #require(screen.ticket?.changes.last))
        #expect(screen.ticket?.changes.map(\.kind) == [.addCc])

        try await sandbox.server.clearFaults()
        client.setOnline(true)
        try await waitUntil("the server has them") { screen.ticket?.changes.isEmpty == true }
        let arrived = try #require(try await sandbox.server.tickets(subject: ScenarioData.subject).first)
        #expect(Set(arrived.ccs) == Set(ScenarioData.cc))
        shown.cancel()
        await shown.value
        await client.close()
    }

    // MARK: Helpers

    private let edited = "Nachtrag: Die IBAN hat sich im **August** geändert. 🙇🏼"

    private func open(delay: UInt32 = 0) async throws -> Pocketdesk {
        let config = ClientConfig.ada(in: folder.url, on: sandbox.server.url, delay: delay)
        let client = try await Pocketdesk.open(config, tokens: FixedToken())
        client.setInFront(true)
        client.setOnline(true)
        return client
    }

    private func openTicket(_ client: Pocketdesk) async throws -> TicketRow {
        _ = try await client.waitFor("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        let active: [StatusKind] = [.open, .working, .awaitingUser]
        return try #require(try await client.history(limit: 200).tickets.first { active.contains($0.status.kind) })
    }

    private func send(_ screen: ThreadModel, _ text: String) async throws {
        screen.reply = text
        try await waitUntil("can be sent") { screen.canSend }
        await screen.send()
        #expect(screen.failureKey == nil)
    }

    /// The public comments of a ticket on the server.
    private func comments(_ number: UInt64) async throws -> [String] {
        try #require(try await sandbox.server.ticket(number)).comments.map(\.body)
    }
}
