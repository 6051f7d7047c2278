import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// The actions that a product offers on a ticket: where they stand, what is asked first, and what they lead to.
@MainActor
@Suite("Actions", .timeLimit(.minutes(5)))
struct ActionTests {
    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder

    init() throws {
        // Of fewer tickets none of the user's own is open, and the telecom company takes no reply to a solved one.
        sandbox = try SandboxProcess.start(tickets: 60)
        folder = try TemporaryFolder()
    }

    @Test("The telecom company's own action asks with the text that it writes; answered, one message is sent, which also solves")
    func worksAgain() async throws {
        let path = "../../../../tests/products/definitions/telecom.json"
        let telecom = try String(contentsOf: URL(fileURLWithPath: #filePath).appendingPathComponent(path).standardized, encoding: .utf8)
        let client = try await open(telecom)
        let row = try await answered(client)
        let number = try #require(row.number)
        let screen = ThreadModel(client: client, ticket: row.id, language: "de", pause: .seconds(3600))
        let shown = Task { await screen.run() }
        try await waitUntil("the action") { !screen.menuOffers.isEmpty }
        let offer = try #require(screen.menuOffers.first)
        #expect(screen.details.actions == [offer] && screen.headOffers == [] && screen.noticeOffers == [])
        #expect(offer.label == "Es geht wieder" && offer.kind == .solve)

        #expect(await screen.act(offer) == nil)
        #expect(screen.question == offer)
        #expect(screen.question?.confirm == "Wir schließen den Vorgang. Funktioniert alles?")
        #expect(screen.question?.explanation == "“Es geht wieder, vielen Dank.”")
        #expect(try await client.thread(row.id).messages.allSatisfy { $0.delivery == .sent }, "nothing is written before the answer")
        screen.question = nil
        #expect(await screen.act(offer) == nil && screen.question != nil, "it can be asked again")
        client.setOnline(false)
        for tap in [Task { await screen.confirm(offer) }, Task { await screen.confirm(offer) }] { _ = await tap.value }
        #expect(screen.question == nil && screen.failureKey == nil && !screen.isActing)
        #expect(screen.details.actions == [], "it is not offered twice")
        #expect(await screen.confirm(offer) == .written, "a late tap is no failure, and writes nothing")

        client.setOnline(true)
        try await waitUntil("sent") { screen.messages.allSatisfy { $0.delivery == .sent } }
        client.syncNow()
        try await waitUntil("done") { screen.ticket?.row.status.kind == .closed }
        let texts = try await sandbox.server.ticket(number).comments.map(\.body)
        #expect(texts.count { $0 == "Es geht wieder, vielen Dank." } == 1)
        // The company has no action for what comes afterwards.
        #expect(screen.noticeOffers == [])
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("A closed ticket leads to a new one from its notice, with what was typed until that moment, and a second tap adds nothing")
    func newRequest() async throws {
        let client = try await open(#"{ "schema": 1, "id": "tested", "version": 1, "extends": "impact-web@1" }"#)
        let row = try #require(try await client.ownTickets().first)
        let number = try #require(row.number)
        let screen = ThreadModel(client: client, ticket: row.id, language: "de", pause: .seconds(3600))
        let shown = Task { await screen.run() }
        try await waitUntil("the thread") { screen.ticket?.threadComplete == true }
        #expect(screen.noticeOffers == [] && screen.details.offer("follow_up") == nil, "the ticket takes replies")
        try await sandbox.server.setStatus(number, "closed")
        client.syncNow()
        try await waitUntil("closed") { screen.ticket?.canReply == false }
        screen.reply = "Es ist schon wieder passiert: מתי? 🧾"
        #expect(!screen.isSaved)

        let offer = try #require(screen.noticeOffers.first)
        #expect(offer.label == "Folgeticket erstellen")
        #expect(screen.headOffers == [] && screen.menuOffers == [], "offered once")
        let expected = "Zu Ticket #\(number):\n\nEs ist schon wieder passiert: מתי? 🧾"
        for _ in 0..<2 {
            guard case .newTicket(let draft) = await screen.act(offer) else {
                Issue.record("it led elsewhere: \(screen.failureKey ?? "")")
                return
            }
            #expect(draft.description == expected)
            #expect(try await client.ticketDraft() == draft, "the form shows it")
        }
        #expect(screen.hasKeptReply && screen.isSaved, "it is copied, not moved")
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("An action that proposes a reply adds its text below what was typed until that moment, to be changed before it is sent")
    func proposedReply() async throws {
        let client = try await open(proposing)
        let row = try await answered(client)
        let screen = ThreadModel(client: client, ticket: row.id, language: "de", pause: .seconds(3600))
        let shown = Task { await screen.run() }
        try await waitUntil("the actions") { !screen.headOffers.isEmpty }
        #expect(screen.headOffers.map(\.label) == ["Noch gestört"] && screen.menuOffers.map(\.id) == ["ask_first", "add_cc"])
        screen.reply = "Gleich dazu:"
        #expect(await screen.act(try #require(screen.headOffers.first)) == .replyDraft)
        #expect(screen.reply == "Gleich dazu:\n\nEs ist weiterhin gestört. 📡" && screen.isSaved)
        #expect(try await client.replyDraft(row.id).body == screen.reply)

        // A question comes first, whatever the action does.
        let asking = try #require(screen.menuOffers.first)
        #expect(await screen.act(asking) == nil)
        #expect(screen.question?.explanation == "“Bitte rufen Sie an.”\n\nNur werktags.")
        #expect(await screen.confirm(asking) == .replyDraft)
        #expect(screen.reply.hasSuffix("\n\nBitte rufen Sie an."))
        await screen.send()
        #expect(screen.messages.last?.body == "Gleich dazu:\n\nEs ist weiterhin gestört. 📡\n\nBitte rufen Sie an.")
        #expect(screen.reply == "")
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("An action that cannot be done says why, and nothing that was typed is lost")
    func failure() async throws {
        let client = try await open(proposing)
        let row = try await answered(client)
        let screen = ThreadModel(client: client, ticket: row.id, language: "de", pause: .seconds(3600))
        let shown = Task { await screen.run() }
        try await waitUntil("the actions") { !screen.headOffers.isEmpty }
        let offer = try #require(screen.headOffers.first)
        screen.reply = ScenarioData.replies[0]
        await client.suspend()
        #expect(await screen.act(offer) == nil)
        #expect(screen.failureKey == "error.suspended" && screen.reply == ScenarioData.replies[0] && !screen.isActing)
        try await client.resume()
        try await waitUntil("saved") { screen.isSaved }

        var unheardOf = offer
        unheardOf.id = "unheard_of"
        #expect(await screen.act(unheardOf) == nil)
        #expect(screen.failureKey == "error.change.not_offered" && screen.reply == ScenarioData.replies[0])
        await #expect(throws: ChangeError.NotOffered) { try await client.act("unheard_of", on: row.id) }
        await #expect(throws: ClientError.NoSuchTicket) { try await client.details(-1) }
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("What an action writes has the system launch the app for it; a prepared draft does not")
    func enqueued() async throws {
        let count = Counter()
        let client = try await open(proposing, onEnqueue: { count.add() })
        let row = try await answered(client)
        try await client.addToReply("Noch etwas.", in: row.id)
        #expect(try await client.act("still_broken", on: row.id, language: "de") == .replyDraft)
        #expect(try await client.replyDraft(row.id).body == "Noch etwas.\n\nEs ist weiterhin gestört. 📡")
        #expect(try await client.followUp(row.id, about: "Zu #1:").description.hasPrefix("Zu #1:\n\nNoch etwas."))
        #expect(count.value == 0)
        #expect(try await client.act("add_cc", on: row.id, addresses: ScenarioData.cc) == .written)
        #expect(count.value == 1)
        #expect(try await client.ticket(row.id).changes.first?.addresses == ScenarioData.cc)
        await client.close()
    }

    /// Proposes replies at the head, and in the menu after a question.
    private let proposing = """
        {
          "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1",
          "actions": [
            { "id": "still_broken", "kind": "reply", "who": "any", "when": ["status.kind!=closed"], "place": "head", "body": "@broken.body" },
            {
              "id": "ask_first", "kind": "reply", "who": "any", "when": ["status.kind!=closed"], "body": "@call.body", "confirm": "@call.ask",
              "warn": "@call.warn"
            },
            { "id": "add_cc", "kind": "add_cc", "who": "any", "when": ["status.kind!=closed"] }
          ],
          "strings": {
            "fallback": "de", "en": null, "es": null,
            "de": {
              "action.still_broken": "Noch gestört", "broken.body": "Es ist weiterhin gestört. 📡", "action.ask_first": "Rückruf",
              "call.body": "Bitte rufen Sie an.", "call.ask": "Dürfen wir anrufen?", "call.warn": "Nur werktags."
            }
          }
        }
        """

    private func open(_ product: String, onEnqueue: (@Sendable () -> Void)? = nil) async throws -> Pocketdesk {
        var config = ClientConfig(directory: folder.url, account: "ada", server: sandbox.server.url)
        config.product = product
        config.sendDelaySeconds = 0
        let client = try await Pocketdesk.open(config, tokens: FixedToken(), onEnqueue: onEnqueue)
        client.setInFront(true)
        client.setOnline(true)
        return client
    }

    /// One of the user's own tickets, which now waits for the user.
    private func answered(_ client: Pocketdesk) async throws -> TicketRow {
        let row = try #require(try await client.ownTickets().first)
        try await sandbox.server.answer(try #require(row.number), ScenarioData.answer, status: "pending")
        client.syncNow()
        return try await client.waitFor("the answer") { client in
            let now = try await client.ticket(row.id).row
            return now.status.kind == .awaitingUser ? now : nil
        }
    }
}

/// Counts on any thread.
private final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0

    var value: Int { lock.withLock { count } }

    func add() { lock.withLock { count += 1 } }
}
