import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// Signing out on the real core and a sandbox: what is unsent is said first, and the user decides what happens to it.
@MainActor
@Suite("Signing out", .timeLimit(.minutes(5)))
struct SignOutTests {
    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 20)
        folder = try TemporaryFolder()
    }

    @Test("Without a network nothing can be sent first, the question says why, and what is kept is there at the next sign-in")
    func kept() async throws {
        let client = try await open()
        let ticket = try #require(try await client.ownTickets().first).id
        try await sandbox.server.goOffline()
        client.setOnline(false)
        var reply = try await client.replyDraft(ticket)
        reply.body = ScenarioData.replies[0]
        try await client.reply(reply)
        var draft = try await client.ticketDraft()
        draft.subject = ScenarioData.subject
        try await client.save(draft)

        let screen = SignOutModel(client: client)
        #expect(screen.state == .idle && !screen.loses)
        await screen.ask()
        #expect(screen.state == .asking(Unsent(messages: 1, drafts: 1)))
        #expect(screen.loses)
        #expect(screen.connectionKey == "offline.no_connection")
        #expect(!screen.canSend)
        await screen.send()
        #expect(screen.state == .asking(Unsent(messages: 1, drafts: 1)), "nothing happens, and the question stays open")
        screen.cancel()
        #expect(screen.state == .idle)
        await screen.signOut(.discard)
        #expect(try await client.unsent().messages == 1, "nobody was asked, so nobody has decided")

        await screen.ask()
        await screen.signOut(.keep)
        #expect(screen.state == .done && screen.failureKey == nil)
        await #expect(throws: ClientError.Closed) { try await client.status() }

        let next = try await open()
        #expect(try await next.unsent() == Unsent(messages: 1, drafts: 1))
        #expect(try await next.ticketDraft().subject == ScenarioData.subject)
        await next.close()
    }

    @Test("What is sent first is no longer counted, and then nothing stays on this device")
    func sentFirst() async throws {
        let client = try await open()
        let row = try #require(try await client.ownTickets().first)
        try await sandbox.server.goOffline()
        var reply = try await client.replyDraft(row.id)
        reply.body = ScenarioData.replies[0]
        try await client.reply(reply)
        _ = try await client.waitFor("cannot be reached") { try await $0.status().obstacleKey }

        let screen = SignOutModel(client: client)
        await screen.ask()
        let shown = Task { await screen.run() }
        #expect(screen.connectionKey == "problem.desk_unreachable" && !screen.canSend)
        try await sandbox.server.clearFaults()
        client.syncNow()
        try await waitUntil("it is sent, and no longer counted") { screen.state == .asking(Unsent(messages: 0, drafts: 0)) }
        #expect(!screen.loses)
        let number = try #require(row.number)
        #expect(try await sandbox.server.ticket(number).comments.last?.body == ScenarioData.replies[0])

        await screen.signOut(.discard)
        #expect(screen.state == .done)
        shown.cancel()
        await shown.value
        try await sandbox.server.goOffline()
        let next = try await open()
        #expect(try await next.status().knownTickets == 0)
        await next.close()
    }

    @Test("Sending first sends, and then asks about what is left")
    func send() async throws {
        let client = try await open(delay: 30)
        let row = try #require(try await client.ownTickets().first)
        var reply = try await client.replyDraft(row.id)
        reply.body = ScenarioData.replies[1]
        try await client.reply(reply)
        var draft = try await client.ticketDraft()
        draft.subject = ScenarioData.subject
        try await client.save(draft)
        // The message could still be undone. A user who signs out wants it to be sent.
        client.setInFront(false)

        let screen = SignOutModel(client: client)
        await screen.ask()
        #expect(screen.loses && screen.connectionKey == nil)
        await screen.send()
        try await waitUntil("the draft is left") { screen.state == .asking(Unsent(messages: 0, drafts: 1)) }
        #expect(screen.failureKey == nil && !screen.isWorking && !screen.canSend)
        await screen.signOut(.keep)
        #expect(screen.state == .done)
    }

    private func open(delay: UInt32 = 0) async throws -> Pocketdesk {
        let config = ClientConfig.ada(in: folder.url.appendingPathComponent("support"), on: sandbox.server.url, delay: delay)
        let client = try await Pocketdesk.open(config, tokens: FixedToken())
        client.setInFront(true)
        client.setOnline(true)
        return client
    }
}
