import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// Push messages, from what the company's backend sends to what is in the thread.
@Suite("Push messages", .timeLimit(.minutes(5)))
struct PushTests {
    @Test("The number of a ticket is read, and every other message is left alone")
    func payloads() {
        #expect(PocketdeskPush.ticket(["pocketdesk_ticket": "120337"]) == 120_337)
        let whole: [AnyHashable: Any] = [
            "aps": ["content-available": 1], "pocketdesk_ticket": "\(Int64.max)", "order": "Überraschung 🎁", 7: 8,
        ]
        #expect(PocketdeskPush.ticket(whole) == Int64.max)
        let others: [[AnyHashable: Any]] = [
            [:],
            ["aps": ["alert": "Neues zu Ihrer Bestellung"]],
            ["order": "4711"],
            ["Pocketdesk_Ticket": "4711"],
            [4711: "4711"],
            ["pocketdesk_ticket": ""],
            ["pocketdesk_ticket": "-4711"],
            ["pocketdesk_ticket": "0"],
            ["pocketdesk_ticket": "4711.0"],
            ["pocketdesk_ticket": " 4711"],
            ["pocketdesk_ticket": "٤٧١١"],
            ["pocketdesk_ticket": "9223372036854775808"],
            ["pocketdesk_ticket": String(repeating: "7", count: 1_000_000)],
            ["pocketdesk_ticket": 4711],
            ["pocketdesk_ticket": 4711.5],
            ["pocketdesk_ticket": true],
            ["pocketdesk_ticket": ["4711"]],
            ["pocketdesk_ticket": ["id": "4711"]],
            ["pocketdesk_ticket": NSNull()],
            Dictionary(uniqueKeysWithValues: (1...10_000).map { (AnyHashable("key \($0)"), "4711") }),
        ]
        for data in others {
            #expect(PocketdeskPush.ticket(data) == nil, "\("\(data)".prefix(80))")
        }
    }

    @Test("An agent's answer is in the thread through a push message, although the client was suspended and is again afterwards")
    func readInTheBackground() async throws {
        let sandbox = try SandboxProcess.start(tickets: 20)
        defer { sandbox.stop() }
        let folder = try TemporaryFolder()
        let config = ClientConfig(directory: folder.url, account: "ada", server: sandbox.server.url)
        let host = PocketdeskHost(scheduler: RecordingScheduler(), inFront: false) { onEnqueue in
            try await Pocketdesk.open(config, tokens: FixedToken("ada-token"), onEnqueue: onEnqueue)
        }
        #expect(await host.work(for: BackgroundTime(seconds: 60)))
        let client = try #require(try await host.client())
        try await host.enterFront()
        let row = try #require(try await client.history().tickets.first { $0.visible && $0.status.kind != .closed })
        let number = try #require(row.number)
        await host.leaveFront(for: BackgroundTime(seconds: 60))
        await #expect(throws: ClientError.Suspended) { try await client.history() }

        let text = "Ihre Auszahlung ist unterwegs. הכסף בדרך 🚚"
        try await sandbox.server.answer(number, text, status: "pending")
        let ticket = try #require(PocketdeskPush.ticket(["pocketdesk_ticket": "\(number)"]))
        #expect(await host.onPush(ticket, for: BackgroundTime(seconds: 60)))
        await #expect(throws: ClientError.Suspended) { try await client.history() }

        // Without the server there is only what the message has brought.
        try await sandbox.server.goOffline()
        try await host.enterFront()
        let page = try await client.thread(row.id)
        #expect(page.messages.last?.body == text)
        #expect(try await client.ticket(row.id).row.unread)
        await host.forget()
    }

    @Test("A push message for which nobody is signed in, or whose client does not open, harms nothing")
    func nobody() async throws {
        let nobody = PocketdeskHost(scheduler: RecordingScheduler(), inFront: false) { _ in nil }
        #expect(await nobody.onPush(4711, for: BackgroundTime(seconds: 5)))
        let scheduler = RecordingScheduler()
        let broken = PocketdeskHost(scheduler: scheduler, inFront: false) { _ in throw CancellationError() }
        #expect(await !broken.onPush(4711, for: BackgroundTime(seconds: 5)))
        #expect(scheduler.requests.count == 1, "the system is asked to try again")
    }
}
