import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// What a user marks as read and unread.
@MainActor
@Suite("Read marks", .timeLimit(.minutes(5)))
struct ReadMarksTests {
    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 40)
        folder = try TemporaryFolder()
    }

    @Test("A ticket that is marked as unread is counted until it is opened or marked as read")
    func reminder() async throws {
        let client = try await open()
        let (history, status) = (HistoryModel(client: client), StatusModel(client: client))
        let shown = [Task { await history.run() }, Task { await status.run() }]
        try await waitUntil("the history") { history.rows.contains { !$0.unread && $0.markKey != nil } }
        let before = try await client.unreadTickets()
        let read = try #require(history.rows.first { !$0.unread && $0.markKey != nil })
        #expect(read.markKey == "history.mark_unread")

        await history.mark(read)
        try await waitUntil("the reminder") { history.rows.contains { $0.id == read.id && $0.unread && $0.reminder } }
        try await waitUntil("the number on the account") { status.unreadTickets == before + 1 }
        let marked = try #require(history.rows.first { $0.id == read.id })
        #expect(marked.markKey == "history.mark_read")
        await history.mark(marked)
        try await waitUntil("the number as before") { status.unreadTickets == before }

        await history.markAllRead()
        try await waitUntil("nothing unread") { status.unreadTickets == 0 }
        let key = try #require(history.readMarksKey)
        #expect(Strings("de")[key] == "Was Sie gelesen haben, wird nur auf diesem Gerät vermerkt.")
        shown.forEach { $0.cancel() }
        for task in shown { await task.value }
        await client.close()
    }

    @Test("A thread that is on screen stays unread once it was marked so, until it is opened again")
    func openThread() async throws {
        let client = try await open()
        let ticket = try #require(try await client.ownTickets().first)
        let thread = ThreadModel(client: client, ticket: ticket.id)
        let shown = Task { await thread.run() }
        try await waitUntil("the thread") { if case .thread(let ticket, _) = thread.state { !ticket.row.unread } else { false } }

        // In another window, or from the thread's own menu.
        try await client.markUnread(ticket.id)
        try await waitUntil("the reminder") { if case .thread(let ticket, _) = thread.state { ticket.row.reminder } else { false } }
        // Something else happens in it, and the screen follows.
        client.setOnline(false)
        var draft = try await client.replyDraft(ticket.id)
        let text = "Nachtrag: die IBAN hat sich geändert. 🧾"
        draft.body = text
        try await client.reply(draft)
        try await waitUntil("the reply") { if case .thread(_, let messages) = thread.state { messages.last?.body == text } else { false } }
        #expect(try await client.ticket(ticket.id).row.unread)
        shown.cancel()
        await shown.value
        #expect(try await client.ticket(ticket.id).row.unread, "also after it was left")

        let again = ThreadModel(client: client, ticket: ticket.id)
        let shownAgain = Task { await again.run() }
        try await waitUntil("the thread is read") { if case .thread(let ticket, _) = again.state { !ticket.row.unread } else { false } }
        shownAgain.cancel()
        await shownAgain.value
        await client.close()
    }

    private func open() async throws -> Pocketdesk {
        let client = try await Pocketdesk.open(.ada(in: folder.url, on: sandbox.server.url), tokens: FixedToken())
        client.setInFront(true)
        client.setOnline(true)
        return client
    }
}
