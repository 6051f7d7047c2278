import Foundation
@testable import PocketdeskKit
import SandboxClient
import Testing

/// How a user finds a text in one ticket.
@MainActor
@Suite("Find in a ticket", .timeLimit(.minutes(5)))
struct FindTests {
    private let desk: SearchDesk

    init() throws {
        desk = try SearchDesk(tickets: 5)
    }

    @Test("The next message follows the last one again, and each step leads to a message in which the text is marked")
    func steps() async throws {
        let client = try await desk.open()
        let bodies = ["Die Währung stimmt nicht 💱", "Welche Währung ist es?", "Euro, wie immer.", "Die Währung ist korrigiert."]
        let (thread, _) = try await open(bodies, client)
        let (find, german) = (thread.find, client.strings("de"))
        let hits = [0, 1, 3].map { thread.messages[$0].id }
        #expect(!find.isOpen && find.position(german) == nil)
        client.setOnline(false)
        find.open()
        #expect(find.isOpen && find.position(german) == nil, "nothing is looked for yet")
        find.text = "WAHRUNG"
        try await waitUntil("what was found") { find.position(german) == "1 von 3" }
        #expect(find.hits.map(\.message) == hits)
        #expect(find.parts(of: hits[0])?.marked == "Die [Währung] stimmt nicht 💱")
        #expect(find.parts(of: thread.messages[2].id) == nil)

        var seen: [ThreadLine.ID?] = [find.jump?.line]
        for _ in 1...3 {
            find.next()
            seen.append(find.jump?.line)
        }
        #expect(seen == (hits + [hits[0]]).map { .message($0) })
        find.previous()
        #expect(find.position(german) == "3 von 3" && find.isCurrent(hits[2]) && !find.isCurrent(hits[0]))

        // A text that goes on keeps the message at which the reader is, and the only hit is gone to again.
        find.text = "währung ist korr"
        try await waitUntil("the next answer") { find.position(german) == "3 von 3" }
        find.text = "\"währung ist korr"
        try await waitUntil("one message") { find.position(german) == "1 von 1" }
        let jump = find.jump
        find.next()
        #expect(find.jump != jump && find.jump?.line == .message(hits[2]))
        find.text = "Zürich"
        try await waitUntil("nothing") { find.position(german) == "Nicht in diesem Ticket" }
        #expect(find.hits.isEmpty && find.line == nil)
        find.next()
        find.close()
        #expect(!find.isOpen && find.jump == nil && find.position(german) == nil && find.parts(of: hits[0]) == nil)
        find.text = "währung"
        find.open()
        try await waitUntil("the text from before") { find.position(german) == "1 von 3" }
        await client.close()
    }

    @Test("A message that arrives is found as well, and moves nobody who reads another one")
    func arriving() async throws {
        let client = try await desk.open()
        let (thread, number) = try await open(["Die Auszahlung fehlt.", "Wir prüfen die Auszahlung.", "Danke!"], client)
        let (find, german) = (thread.find, client.strings("de"))
        find.open()
        find.text = "auszahlung"
        try await waitUntil("what was found") { find.position(german) == "1 von 2" }
        find.next()
        var position = ThreadPosition()
        _ = position.follow(thread.lines, found: find.line)
        let jump = find.jump
        try await desk.sandbox.server.answer(number, "Die Auszahlung ist am 3. Oktober angekommen ✅", status: "pending")
        client.syncNow()
        try await waitUntil("the answer") { find.position(german) == "2 von 3" }
        #expect(find.jump == jump && find.isCurrent(thread.messages[1].id))
        #expect(position.follow(thread.lines, found: find.line) == nil)
        await client.close()
    }

    @Test("What is found in the quoted mail history is not folded away")
    func quoted() async throws {
        let client = try await desk.open()
        let mail = """
            Ja, genau so.

            Am 3. Oktober 2026 um 14:32 schrieb Mirela Kovač <mirela@beispiel.example>:
            > Meinen Sie den Gutschein „Frühbucher“?
            > Er gilt bis März.
            """
        let (thread, _) = try await open([mail], client)
        let message = try #require(thread.messages.first)
        #expect(!message.content.history.isEmpty)
        thread.find.open()
        thread.find.text = "fruhbucher"
        try await waitUntil("what was found") { thread.find.hits.count == 1 }
        let marked = message.content.marked(by: thread.find.parts(of: message.id))
        #expect(message.content.isInHistory(marked))
        #expect(marked.flatMap { $0 }.filter(\.isHit).map(\.span.text) == ["Frühbucher"])
        thread.find.text = "genau"
        try await waitUntil("what stands above") {
            !message.content.isInHistory(message.content.marked(by: thread.find.parts(of: message.id)))
        }
        await client.close()
    }

    /// Opens a mail with these messages, once all of them are on this device. It ends with the client.
    private func open(_ bodies: [String], _ client: Pocketdesk) async throws -> (ThreadModel, UInt64) {
        let number = try await desk.mail("Währung und Auszahlung", bodies)
        client.syncNow()
        let ticket = try await desk.read(number, client)
        let thread = ThreadModel(client: client, ticket: ticket, language: "de")
        Task { await thread.run() }
        try await waitUntil("the thread") { thread.messages.count == bodies.count }
        return (thread, number)
    }
}

/// What was found in the plain text of a message, in the structure in which a screen shows it.
@Suite("Marks in a message")
struct MarkedTextTests {
    @Test("A mark goes through bold text and links, and ends with the word")
    func spans() {
        let body = body([[TextSpan(text: "Die Über"), TextSpan(text: "wei", bold: true), TextSpan(text: "sung  ist da 👩🏽‍💻")]])
        #expect(marks(body, "Die [Überweisung] ist da 👩🏽‍💻") == ["Die [Über][wei][sung]  ist da 👩🏽‍💻"])
        let parts = [("Die ", false), ("Überweisung", true), (" ist da 👩🏽‍💻", false)].map { Segment(text: $0.0, hit: $0.1) }
        let found = body.marked(by: parts)[0]
        #expect(found.filter(\.isHit).map(\.span.bold) == [false, true, false], "the looks stay")
    }

    @Test("Only the place that was found is marked, also in quotes and after a picture")
    func places() {
        let quote = BodyBlock(kind: .paragraph, spans: [TextSpan(text: "im Markt\nam Montag")], quotes: 1)
        var body = body([[TextSpan(text: "Ein Mark mehr")], [], [TextSpan(text: "签合同 Mark")]])
        body.blocks[1].kind = .picture(attachment: 0)
        body.blocks.insert(quote, at: 2)
        #expect(
            marks(body, "Ein [Mark] mehr\n\n> im Markt\n> am [Montag]\n\n签[合同] Mark")
                == ["Ein [Mark] mehr", "", "im Markt\nam [Montag]", "签[合同] Mark"])
    }

    @Test("A sequence of words is one mark, and nothing is marked in what was not found")
    func sequences() {
        let body = body([[TextSpan(text: "Zahlung vom\n3. Oktober")], [TextSpan(text: "שלום")]])
        #expect(marks(body, "Zahlung [vom 3. Oktober] שלום") == ["Zahlung [vom\n3. Oktober]", "שלום"])
        #expect(marks(body, "[etwas anderes]") == ["Zahlung vom\n3. Oktober", "שלום"])
        #expect(body.marked(by: nil).flatMap { $0 }.allSatisfy { !$0.isHit })
        #expect(body.marked(by: nil).map { $0.map(\.span) } == body.blocks.map(\.spans))
    }

    private func body(_ paragraphs: [[TextSpan]]) -> MessageBody {
        MessageBody(blocks: paragraphs.map { BodyBlock(kind: .paragraph, spans: $0) })
    }

    /// The blocks with brackets around what is marked.
    private func marks(_ body: MessageBody, _ text: String) -> [String] {
        let parts = text.split(separator: "[").flatMap { part -> [Segment] in
            guard let end = part.firstIndex(of: "]") else { return [Segment(text: String(part), hit: false)] }
            return [
                Segment(text: String(part[..<end]), hit: true), Segment(text: String(part[part.index(after: end)...]), hit: false),
            ]
        }
        return body.marked(by: parts).map { $0.map { $0.isHit ? "[\($0.span.text)]" : $0.span.text }.joined() }
    }
}
