import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// What the thread's screen offers besides replies: more addresses, the draft of a ticket that was closed meanwhile, and previews of files.
@MainActor
@Suite("Thread", .timeLimit(.minutes(5)))
struct ThreadScreenTests {
    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 20)
        folder = try TemporaryFolder()
    }

    @Test("Several addresses are added at a time, and a malformed one is named before anything is added")
    func addresses() async throws {
        let client = try await open()
        let row = try #require(try await client.ownTickets().first)
        let screen = ThreadModel(client: client, ticket: row.id, language: "de")
        let shown = Task { await screen.run() }
        try await waitUntil("the ticket") { screen.ticket != nil }
        let offer = try #require(screen.details.menu.first { $0.kind == .addCc })
        try await sandbox.server.goOffline()
        client.setOnline(false)

        #expect(await screen.act(offer) == nil, "it asks first")
        let form = try #require(screen.addingCc)
        #expect(form.action.label == client.strings("de")["action.add_cc"])
        #expect(!form.canAdd)
        form.text = "bücher@reisen.example; kasse@"
        #expect(form.canAdd)
        #expect(await form.add() == false)
        #expect(form.failureKey == "field.cc.malformed" && !form.isSaving)
        #expect(try await client.ticket(row.id).changes.isEmpty)
        form.text = "bücher@reisen.example; kasse@reisen.example"
        #expect(form.failureKey == nil, "it may be right now")
        #expect(await form.add())
        try await waitUntil("the change") { screen.ticket?.changes.first?.addresses == ["bücher@reisen.example", "kasse@reisen.example"] }

        try await sandbox.server.clearFaults()
        client.setOnline(true)
        try await waitUntil("sent") { screen.ticket?.changes.isEmpty == true }
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("What was written for a ticket that was closed meanwhile goes into a new ticket once, and stays until it is deleted")
    func followUp() async throws {
        let client = try await open()
        let row = try #require(try await client.ownTickets().first)
        let number = try #require(row.number)
        let screen = ThreadModel(client: client, ticket: row.id, language: "de", pause: .milliseconds(10))
        let shown = Task { await screen.run() }
        try await waitUntil("the thread") { screen.ticket?.threadComplete == true }
        screen.reply = "Noch eine Frage: מתי?\n"
        try await waitUntil("saved") { screen.isSaved }
        #expect(!screen.hasKeptReply, "the ticket takes replies")
        try await sandbox.server.setStatus(number, "closed")
        client.syncNow()
        try await waitUntil("closed") { screen.ticket?.canReply == false }
        #expect(screen.hasKeptReply && !screen.canSend)
        #expect(screen.details.offer("add_cc") == nil)

        var draft = try await client.ticketDraft()
        draft.description = "Schon begonnen."
        try await client.save(draft)
        for _ in 0..<2 { #expect(await screen.followUp()) }
        let about = Strings("de")("reply.follow_up", ["number": "\(number)"])
        #expect(try await client.ticketDraft().description == "Schon begonnen.\n\n\(about)\n\nNoch eine Frage: מתי?")
        #expect(screen.hasKeptReply, "it is copied, not moved")

        await screen.discardReply()
        #expect(!screen.hasKeptReply && screen.failureKey == nil)
        #expect(try await client.replyDraft(row.id).body == "")
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("An unsent ticket says that it waits, and not whose turn it is; so does one with an unsent reply")
    func turns() async throws {
        let client = try await open()
        let row = try #require(try await client.ownTickets().first)
        #expect(try await client.ticket(row.id).turnKey != nil)
        try await sandbox.server.goOffline()
        client.setOnline(false)
        var reply = try await client.replyDraft(row.id)
        reply.body = ScenarioData.replies[0]
        try await client.reply(reply)
        #expect(try await client.ticket(row.id).turnKey == nil)

        var draft = try await client.ticketDraft()
        draft.subject = ScenarioData.subject
        draft.description = ScenarioData.description
        let unsent = try await client.ticket(client.submit(draft))
        #expect(!unsent.row.hasStatus && unsent.turnKey == nil)
        #expect(unsent.row.unsentKey == "delivery.queued")
        #expect(try await client.details(unsent.row.id).actions == [], "nothing can be done with it yet")
        await client.close()
    }

    @Test("A thread that has something new opens below a line that says so, and the line stays until the thread is left")
    func opensAtTheFirstNewMessage() async throws {
        let client = try await open()
        let row = try #require(try await client.ownTickets().first)
        let number = try #require(row.number)
        let before = ThreadModel(client: client, ticket: row.id)
        let read = Task { await before.run() }
        try await waitUntil("the thread, read") { before.ticket?.threadComplete == true && before.ticket?.row.unread == false }
        read.cancel()
        await read.value
        try await sandbox.server.answer(number, ScenarioData.answer, status: "pending")
        client.syncNow()
        _ = try await client.waitFor("unread") { try await $0.ticket(row.id).row.unread ? true : nil }

        let screen = ThreadModel(client: client, ticket: row.id)
        let shown = Task { await screen.run() }
        try await waitUntil("the answer") { screen.messages.last?.body == ScenarioData.answer }
        let answer = try #require(screen.messages.last)
        #expect(screen.lines.suffix(3) == [.new, .message(answer, isNew: true), .end])
        var position = ThreadPosition()
        #expect(position.follow(screen.lines) == .toNew)
        // A second answer while the thread is on screen.
        try await sandbox.server.answer(number, "Und noch etwas: בבקשה", status: "pending")
        client.syncNow()
        try await waitUntil("both") { screen.unread?.count == 2 }
        #expect(screen.unread?.first == answer.id, "the line stays where it is")
        shown.cancel()
        await shown.value

        let again = ThreadModel(client: client, ticket: row.id)
        let shownAgain = Task { await again.run() }
        try await waitUntil("the thread") { !again.messages.isEmpty }
        #expect(again.unread == nil && !again.lines.contains(.new))
        shownAgain.cancel()
        await shownAgain.value
        await client.close()
    }

    @Test("The head of a ticket says its number or what it waits for, and opens to what is known of it")
    func details() async throws {
        let client = try await open()
        let strings = Strings("en", device: Locale(identifier: "en_GB"))
        let row = try #require(try await client.ownTickets().first)
        let screen = ThreadModel(client: client, ticket: row.id, language: "en")
        let shown = Task { await screen.run() }
        try await waitUntil("the ticket") { screen.ticket != nil }
        let labels = ["Ticket number", "Created by", "Created", "Issue type", "Ticket status"]
        #expect(screen.values.map(\.label).prefix(5) == labels[...])
        let texts = screen.values.map { $0.value?.text(strings) }
        #expect(texts[0] == "#\(try #require(row.number))" && texts[1] == "You")
        #expect(texts[2] == strings.moment(row.created))
        #expect(screen.values[4].value == .status(status: row.status))
        await screen.show(in: "es")
        #expect(screen.values.first?.label == "Número de ticket", "the host app may change the language")
        shown.cancel()
        await shown.value

        var draft = try await client.ticketDraft()
        draft.subject = ScenarioData.subject
        draft.description = ScenarioData.description
        try await sandbox.server.goOffline()
        client.setOnline(false)
        let waiting = ThreadModel(client: client, ticket: try await client.submit(draft), language: "en")
        let waitingShown = Task { await waiting.run() }
        try await waitUntil("the unsent ticket") { waiting.ticket != nil }
        #expect(waiting.values.first?.value == .text(text: strings["ticket.unsent_number"]))
        #expect(waiting.values.contains { $0.label == "Ticket status" && $0.value == nil }, "the server decides about it")
        #expect(waiting.details.head + waiting.details.menu + waiting.details.notice == [])
        #expect(waiting.ticket?.title(strings) == "Waiting to be sent")
        #expect(Samples.ticket().title(strings) == "#48213")
        waitingShown.cancel()
        await waitingShown.value
        await client.close()
    }

    @Test("A message names its author: the user, or an agent with Support beside the name")
    func authors() async throws {
        let client = try await open()
        let row = try #require(try await client.ownTickets().first)
        try await sandbox.server.answer(try #require(row.number), ScenarioData.answer, status: "pending")
        let screen = ThreadModel(client: client, ticket: row.id)
        let shown = Task { await screen.run() }
        client.syncNow()
        try await waitUntil("the answer") { screen.messages.last?.body == ScenarioData.answer }
        let ticket = try #require(screen.ticket)
        let answer = try #require(screen.messages.last)
        #expect(answer.fromAgent && answer.isNamedAgent)
        #expect(answer.authorName(in: ticket, Strings("de")) == answer.author)
        let own = try #require(screen.messages.first)
        #expect(own.mine && !own.isNamedAgent)
        #expect(own.authorName(in: ticket, Strings("de")) == "Sie")
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("A file is previewed as a copy under the name that the user knows, and the copy is deleted afterwards")
    func preview() async throws {
        let client = try await open()
        var draft = try await client.ticketDraft()
        draft.subject = ScenarioData.subject
        draft.description = ScenarioData.description
        try await client.save(draft)
        _ = try await client.attach(try folder.file("Überweisung – 2026.txt"), to: draft.id)
        let ticket = try await client.submit(draft)
        let screen = ThreadModel(client: client, ticket: ticket)
        let shown = Task { await screen.run() }
        try await waitUntil("sent, and shown by the server") { screen.messages.first?.attachments.first?.state == .onServer }
        let message = try #require(screen.messages.first)
        #expect(await screen.preview(0, of: message) == nil, "not on this device yet")
        #expect(await screen.preview(7, of: message) == nil)
        // The server may not have shown the file yet. A user would tap again.
        _ = try await client.waitFor("asked for") { try? await $0.download(0, of: message.id) }
        try await waitUntil("downloaded") { screen.messages.first?.attachments.first?.state == .onDevice }

        let preview = try #require(await screen.preview(0, of: message))
        #expect(preview.url.lastPathComponent == "Überweisung – 2026.txt")
        #expect(try String(contentsOf: preview.url, encoding: .utf8) == "Überwiesen am 3. Oktober. 🧾")
        let kept = try #require(try await client.file(0, of: message.id))
        #expect(preview.url.deletingLastPathComponent() != kept.deletingLastPathComponent())
        preview.remove()
        #expect(!FileManager.default.fileExists(atPath: preview.url.path))
        #expect(FileManager.default.fileExists(atPath: kept.path), "the client keeps its own")

        // A preview that is still open, or that a kill left behind.
        let left = try #require(await screen.preview(0, of: message))
        #expect(FileManager.default.fileExists(atPath: left.url.path))
        shown.cancel()
        await shown.value
        await client.close()
        let next = try await open()
        #expect(!FileManager.default.fileExists(atPath: left.url.path), "deleted at the next opening")
        let open = try #require(await ThreadModel(client: next, ticket: ticket).preview(0, of: message))
        try await next.signOut(.discard)
        #expect(!FileManager.default.fileExists(atPath: open.url.path), "nothing of the account stays")
    }

    private func open() async throws -> Pocketdesk {
        let config = ClientConfig.ada(in: folder.url.appendingPathComponent("support"), on: sandbox.server.url)
        let client = try await Pocketdesk.open(config, tokens: FixedToken())
        client.setInFront(true)
        client.setOnline(true)
        return client
    }
}
