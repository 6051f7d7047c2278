import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// Which rows a screen holds while a long history is scrolled, and where its list goes.
@MainActor
@Suite("A long history", .timeLimit(.minutes(5)))
struct HistoryWindowTests {
    @Test("Scrolled to its end and back it shows every ticket, and never holds more than twelve pages")
    func wholeHistory() async throws {
        let (client, screen, shown) = try await open()
        let first = screen.rows.map(\.id)
        var seen = Set(first)
        while screen.hasMore {
            let before = screen.rows.map(\.id)
            try await other(screen) { await screen.loadMore() }
            let now = screen.rows.map(\.id)
            #expect(now.count <= most && now != before)
            #expect(Set(now).isSuperset(of: before.dropFirst(page)), "a page and no more is dropped")
            seen.formUnion(now)
        }
        #expect(seen.count == tickets && screen.hasPrevious)
        while screen.hasPrevious {
            let before = screen.rows.map(\.id)
            try await other(screen) { await screen.loadPrevious() }
            let now = screen.rows.map(\.id)
            #expect(now.count <= most && now != before)
            #expect(Set(now).isSuperset(of: before.dropLast(page)), "a page and no more is dropped")
        }
        #expect(screen.rows.map(\.id).starts(with: first))
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("What happens while somebody reads far below moves nothing, and stands at the top on the way back")
    func newTicket() async throws {
        let (client, screen, shown) = try await open()
        for _ in 0..<14 { try await other(screen) { await screen.loadMore() } }
        let before = screen.rows.map(\.id)
        #expect(before.count == most && screen.hasPrevious)
        let new = try await write("Während des Lesens geschrieben 🧾", client)
        try await waitUntil("the new ticket") { screen.status?.waiting == 1 }
        #expect(screen.rows.map(\.id) == before)
        while screen.hasPrevious { try await other(screen) { await screen.loadPrevious() } }
        #expect(screen.rows.first?.id == new)
        let second = try await write("Noch eines", client)
        try await waitUntil("what is written at the top") { screen.rows.first?.id == second }
        #expect(screen.rows.count == most)
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("What is asked for while a page is being read adds nothing to it")
    func twice() async throws {
        let (client, screen, shown) = try await open()
        async let one: Void = screen.loadMore()
        async let two: Void = screen.loadMore()
        _ = await (one, two)
        try await waitUntil("the second page") { screen.rows.count == 2 * page }
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("What is at the top of the screen stays there while pages come and go above it, and the top of the list shows what is new")
    func place() {
        let position = HistoryPosition()
        #expect(position.follow(Array(1...600), hasPrevious: false) == nil)
        for ticket in 580...595 { position.appeared(Int64(ticket)) }
        #expect(position.follow(Array(51...650), hasPrevious: true) == 580, "a page was dropped above")
        #expect(position.follow(Array(51...700), hasPrevious: true) == nil, "one came below")
        for ticket in 580...595 { position.disappeared(Int64(ticket)) }
        for ticket in 51...60 { position.appeared(Int64(ticket)) }
        let left: [Int64] = Array(1...50) + Array(52...600)
        #expect(position.follow(left, hasPrevious: false) == 52, "the first one is gone meanwhile")
        #expect(position.follow([700] + left, hasPrevious: false) == nil, "a new one")
    }

    private let page = 20
    private let most = 240
    private let tickets = 420

    /// A screen that shows the first page of a history that is read as a whole, without a network.
    private func open() async throws -> (Pocketdesk, HistoryModel, Task<Void, Never>) {
        let client = try await Pocketdesk.open(.ada(in: folder.url, on: sandbox.server.url), tokens: FixedToken())
        client.setInFront(true)
        client.setOnline(true)
        let screen = HistoryModel(client: client, pageSize: page)
        let shown = Task { await screen.run() }
        let all = UInt64(tickets)
        _ = try await client.waitFor("every ticket") { try await $0.history().total >= all ? true : nil }
        client.setOnline(false)
        try await waitUntil("the first page") {
            screen.rows.count == page && screen.status?.network == false && screen.status?.syncing == false
        }
        return (client, screen, shown)
    }

    /// Waits until a call has led to other rows. Another read may be under way, which shows them later.
    private func other(_ screen: HistoryModel, _ move: () async -> Void) async throws {
        let before = screen.rows.map(\.id)
        await move()
        try await waitUntil("other rows") { screen.rows.map(\.id) != before }
    }

    private func write(_ subject: String, _ client: Pocketdesk) async throws -> Int64 {
        var draft = try await client.ticketDraft()
        (draft.subject, draft.issueType, draft.description) = (subject, "payments_finance", "Die Auszahlung fehlt.")
        return try await client.submit(draft)
    }

    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 420)
        folder = try TemporaryFolder()
    }
}
