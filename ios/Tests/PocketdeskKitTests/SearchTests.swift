import Foundation
import Observation
@testable import PocketdeskKit
import SandboxClient
import Testing

/// How a user searches the history: what is found while it is typed, what is said of it, and what the filters have to do with it.
@MainActor
@Suite("Search in the history", .timeLimit(.minutes(5)))
struct SearchTests {
    private let desk: SearchDesk

    init() throws {
        desk = try SearchDesk(tickets: 10)
    }

    @Test("Hits come with every letter, in any script, without a network, and what was found is marked in the subject")
    func typing() async throws {
        let client = try await desk.open()
        let subjects = ["Überweisung für März fehlt 💶", "签合同之前的问题 📄", "متى يصل المبلغ؟", "Rechnung 4471 👩🏽‍💻"]
        var numbers: [UInt64] = []
        for subject in subjects { numbers.append(try await desk.mail(subject)) }
        let screen = try await history(client, with: numbers)
        #expect(screen.options?.search == true && !screen.isSearching)
        client.setOnline(false)
        try await desk.sandbox.server.goOffline()

        for text in ["ü", "üb", "UBERW", "überweisung marz"] {
            let found = try await screen.type(text)
            #expect(found.hits.contains { $0.row.number == numbers[0] }, "\(text)")
            #expect(found.count == UInt32(found.hits.count) && !found.countIsCapped)
        }
        #expect(screen.isSearching)
        let hit = try #require(screen.found?.hits.first)
        #expect(hit.titleParts(client.strings("de")).marked == "[Überweisung] für [März] fehlt 💶")
        #expect(hit.titleParts(client.strings("de")).plainText == subjects[0], "VoiceOver reads the subject as it is")
        #expect(hit.place(client.strings("de")) == nil && hit.route("überweisung marz") == .thread(hit.row.id))

        let found = try await screen.type("合同")
        #expect(found.hits.map { $0.title.marked } == ["签[合同]之前的问题 📄"])
        #expect(try await screen.type("المبلغ").hits.map(\.row.number) == [numbers[2]])
        #expect(try await screen.type("#\(numbers[3])").hits.first?.foundIn == .number)
        // Who looks for nothing but an emoji finds nothing, and is told so.
        let nothing = try await screen.type("💶")
        #expect(nothing.hits.isEmpty)
        #expect(nothing.emptyText([], client.strings("de")) == "Kein Ticket auf diesem Gerät enthält „💶“.")
        screen.searchText = ""
        try await waitUntil("the whole history again") { screen.rows.count >= numbers.count }
        #expect(!screen.isSearching)
        await client.close()
    }

    @Test("A hit in a message says where it was found, and opens the thread at that message with it marked")
    func messages() async throws {
        let client = try await desk.open()
        let bodies = ["Seit Montag fehlt die Zahlung.", "Die Überweisung ist unterwegs.", "Danke 🙏", "Gern geschehen."]
        let number = try await desk.mail("Zahlung", bodies)
        let ticket = try await desk.read(number, client)
        let screen = try await history(client, with: [number])
        let hit = try #require(try await screen.type("uberweisung ist").hits.first)
        let german = client.strings("de")
        #expect(hit.place(german) == "In einer Nachricht")
        #expect(hit.excerpt.marked == "Die [Überweisung] [ist] unterwegs.")
        let messages = try await client.thread(ticket).messages
        #expect(hit.route("uberweisung ist") == .thread(ticket, found: FoundMessage(text: "uberweisung ist", message: messages[1].id)))
        #expect(try await screen.type("montag").hits.first?.place(german) == "In der Beschreibung")

        let found = FoundMessage(text: "uberweisung ist", message: messages[1].id)
        let thread = ThreadModel(client: client, ticket: ticket, language: "de", found: found)
        let shown = Task { await thread.run() }
        try await waitUntil("the thread") { thread.ticket != nil }
        var position = ThreadPosition()
        #expect(position.follow(thread.lines, found: thread.find.line) == .toFound(.message(messages[1].id)))
        #expect(thread.find.isOpen && thread.find.isCurrent(messages[1].id))
        #expect(thread.find.parts(of: messages[1].id)?.marked == "Die [Überweisung] [ist] unterwegs.")
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("A filter holds for what is searched, and where nothing is found the text and the filter are said")
    func filters() async throws {
        let client = try await desk.open()
        let numbers = [try await desk.mail("Störung im Shop"), try await desk.mail("Störung gelöst")]
        let screen = try await history(client, with: numbers)
        try await desk.sandbox.server.setStatus(numbers[1], "closed")
        client.syncNow()
        try await waitUntil("the closed one") { screen.row(numbers[1])?.status.id == "closed" }
        let counts = screen.counts
        #expect(try await screen.type("störung").count == 2)
        await screen.toggle(status: "closed")
        try await waitUntil("the closed one") { screen.found?.hits.map(\.row.number) == [numbers[1]] }
        #expect(screen.found?.countText(client.strings("de")) == "1 Ticket")
        #expect(screen.counts?.statuses == counts?.statuses, "beside the values stands how many tickets the history has")

        let nothing = try await screen.type("störung shop")
        #expect(nothing.hits.isEmpty && nothing.coverage == nil)
        let german = client.strings("de")
        let said = "Kein Ticket auf diesem Gerät enthält „störung shop“. Sie filtern nach: Geschlossen"
        #expect(nothing.emptyText(screen.chosen(german), german) == said)
        await screen.clearFilter()
        try await waitUntil("the open one") { screen.found?.hits.map(\.row.number) == [numbers[0]] }
        await client.close()
    }

    @Test("Hits go on as far as the user scrolls, and keep their place while tickets arrive")
    func paging() async throws {
        // A thread that is read meanwhile would change its row.
        let client = try await desk.open(readsThreads: false)
        var numbers: [UInt64] = []
        for number in 1...45 { numbers.append(try await desk.mail("Gutschrift \(number)")) }
        let screen = try await history(client, with: numbers, pageSize: 20)
        var found = try await screen.type("gutschrift")
        #expect(found.count == 45 && found.hits.count == 20 && screen.hasMore)
        for count in [40, 45] {
            await screen.loadMore()
            try await waitUntil("\(count) hits") { screen.found?.hits.count == count }
            let more = try #require(screen.found)
            #expect(more.hits.map(\.row.id).starts(with: found.hits.map(\.row.id)))
            found = more
        }
        #expect(!screen.hasMore && Set(found.hits.compactMap(\.row.number)) == Set(numbers))
        #expect(found.tickets().map(\.id) == found.hits.map(\.row.id))
        #expect(found.countText(client.strings("de")) == "45 Tickets")

        let late = try await desk.mail("Gutschrift 46")
        client.syncNow()
        try await waitUntil("the new one") { screen.found?.count == 46 }
        #expect(screen.found?.hits.map(\.row.number) == [late] + found.hits.map(\.row.number))
        // Another text begins at its top.
        #expect(try await screen.type("gutschrift 4").hits.count <= 20)
        screen.searchText = ""
        try await waitUntil("a page of the history") { screen.rows.count == 20 }
        await client.close()
    }

    @Test("Whoever types faster than is answered never sees the answer to an earlier text")
    func latestWins() async throws {
        let client = try await desk.open()
        let number = try await desk.mail("Währungsumrechnung in Zürich")
        let screen = try await history(client, with: [number])
        let (texts, continuation) = AsyncStream.makeStream(of: String.self)
        record(screen, continuation)
        for length in 1...12 { screen.searchText = String("währungsumre".prefix(length)) }
        var seen: [String] = []
        for await text in texts {
            seen.append(text)
            if text == screen.searchText { break }
        }
        #expect(seen == ["währungsumre"])
        #expect(screen.found?.hits.map(\.row.number) == [number])
        // What is cleared at once is never shown.
        screen.searchText = "wäh"
        screen.searchText = ""
        try await waitUntil("the history") { !screen.rows.isEmpty }
        await client.close()
    }

    @Test("Below what was found here the help desk can be asked, and what it finds obeys the filter")
    func atTheHelpDesk() async throws {
        let client = try await desk.open(readsThreads: false)
        // The thread of the newest ticket is read in any case. That of an older one is not on this device.
        let newest = try await desk.mail("Neue Frage 🙋")
        let screen = try await history(client, with: [newest])
        let own = try await client.ownTickets()
        let row = try #require(own.last { $0.number != newest })
        let said = try await desk.sandbox.server.ticket(try #require(row.number)).comments.dropFirst().first?.body
        let text = try #require(said).split { !$0.isLetter }.filter { $0.count > 4 }.prefix(4).joined(separator: " ")

        #expect(screen.serverSearch == .notOffered, "nothing is searched")
        #expect(try await screen.type(text).hits.allSatisfy { $0.row.id != row.id })
        try await waitUntil("the offer") { screen.serverSearch == .offered }
        await screen.searchServer()
        try await waitUntil("the help desk's answer") { screen.serverSearch.ids.contains(row.id) }
        #expect(screen.serverSearch.tickets().map(\.id) == screen.serverSearch.ids)
        let other = row.status.id == "closed" ? "open" : "closed"
        await screen.toggle(status: other)
        try await waitUntil("tickets with the other status") {
            screen.found != nil && screen.filter.statuses == [other] && !screen.serverSearch.ids.contains(row.id)
        }
        await screen.clearFilter()
        try await waitUntil("the ticket again") { screen.serverSearch.ids.contains(row.id) }
        // What is found here is not shown a second time.
        try await client.threadOpened(row.id)
        try await waitUntil("the hit") {
            screen.found?.hits.contains { $0.row.id == row.id } == true && !screen.serverSearch.ids.contains(row.id)
        }

        // The answer belongs to its text.
        _ = try await screen.type("Frage")
        #expect(screen.serverSearch == .offered)
        _ = try await screen.type(text)
        #expect(screen.serverSearch != .offered && !screen.serverSearch.ids.contains(row.id))
        screen.searchText = ""
        try await waitUntil("the history") { !screen.rows.isEmpty && screen.serverSearch == .notOffered }
        await client.close()
    }

    @Test("A help desk that does not answer is said to have failed, and without a network it is not offered")
    func noAnswer() async throws {
        let client = try await desk.open()
        let number = try await desk.mail("Störung")
        let screen = try await history(client, with: [number])
        _ = try await screen.type("störung")
        try await waitUntil("the offer") { screen.serverSearch == .offered }
        try await desk.sandbox.server.goOffline()
        await screen.searchServer()
        try await waitUntil("the failure") { screen.serverSearch == .failed(again: false) || screen.serverSearch == .failed(again: true) }
        #expect(screen.found?.hits.map(\.row.number) == [number], "what was found here stays")
        client.setOnline(false)
        try await waitUntil("no network") { screen.serverSearch == .failed(again: false) }
        await screen.searchServer()
        #expect(screen.serverSearch == .failed(again: false))
        _ = try await screen.type("störun")
        #expect(screen.serverSearch == .notOffered)
        await client.close()
    }

    @Test("Where the product has no search, a text changes nothing")
    func notOffered() async throws {
        let client = try await desk.open("impact-mobile@1")
        let screen = HistoryModel(client: client)
        let shown = Task { await screen.run() }
        try await waitUntil("the history") { screen.status?.firstSyncDone == true && !screen.rows.isEmpty }
        let rows = screen.rows.map(\.id)
        screen.searchText = "zzz"
        await screen.loadMore()
        #expect(screen.options?.search == false && !screen.isSearching && screen.rows.map(\.id) == rows)
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("A long list says that there are more, and an index that is being made how far it is")
    func texts() {
        let german = Strings("de", device: Locale(identifier: "de_DE"))
        let coverage = SearchCoverage(tickets: 1_200, of: 20_000)
        let page = SearchPage(hits: [], count: 1_000, countIsCapped: true, next: nil, coverage: coverage)
        let found = FoundTickets(page, of: "rechnung")
        #expect(found.countText(german) == "Mehr als 1.000 Tickets")
        #expect(found.coverageText(german) == "Bisher durchsucht: 1.200 von 20.000 Tickets.")
        let whole = FoundTickets(SearchPage(hits: [], count: 0, countIsCapped: false, next: nil, coverage: nil), of: "rechnung")
        #expect(whole.coverageText(german) == "Alles auf diesem Gerät wurde durchsucht.")
        let row = Samples.row(visible: false)
        let hit = TicketHit(row: row, foundIn: .number, title: [Segment(text: row.subject, hit: false)], excerpt: [])
        #expect(hit.titleParts(german).plainText == row.title(german), "what is no longer visible has no subject")
        let field = TicketHit(row: row, foundIn: .field(field: "issue_type"), title: [], excerpt: [])
        #expect(field.place(german) == german["column.issue_type"] && field.route("x") == .thread(row.id))
    }

    /// Opens the history, once it has these tickets. It ends with the client.
    private func history(_ client: Pocketdesk, with numbers: [UInt64], pageSize: Int = 200) async throws -> HistoryModel {
        client.syncNow()
        _ = try await client.waitFor("the tickets") { client in
            let known = Set(try await client.history(limit: 200).tickets.compactMap(\.number))
            return known.isSuperset(of: numbers) ? true : nil
        }
        let screen = HistoryModel(client: client, pageSize: pageSize)
        Task { await screen.run() }
        try await waitUntil("the history") { !screen.rows.isEmpty }
        return screen
    }

    /// Reports the text of everything that was found, when the screen shows it.
    private func record(_ screen: HistoryModel, _ texts: AsyncStream<String>.Continuation) {
        withObservationTracking {
            _ = screen.state
        } onChange: {
            Task { @MainActor in
                if let text = screen.found?.text { texts.yield(text) }
                record(screen, texts)
            }
        }
    }
}

extension ServerSearchState {
    /// What the help desk has found, and this device has not.
    fileprivate var ids: [Int64] {
        if case .found(let rows) = self { rows.map(\.id) } else { [] }
    }
}
