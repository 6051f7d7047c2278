import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// What the library is for: a ticket and two replies, written without a network by a process that then ends, arrive once and in order.
@Suite("The scenario", .serialized, .timeLimit(.minutes(5)))
struct ScenarioTests {
    @Test("A ticket and two replies survive the end of the process, arrive once and in order, and are answered")
    func survivesTheEndOfTheProcess() async throws {
        let sandbox = try SandboxProcess.start()
        defer { sandbox.stop() }
        let folder = try TemporaryFolder()
        let ticket = try FirstProcess.run("mobile", on: sandbox, in: folder.url)

        // A new process, still without a network.
        let config = ClientConfig.ada(in: folder.url, on: sandbox.server.url)
        let client = try await Pocketdesk.open(config, tokens: FixedToken())
        client.setInFront(true)
        let history = try await client.history(limit: 200)
        #expect(history.total == 301)
        let row = try #require(history.tickets.first)
        #expect(row.id == ticket)
        #expect(row.subject == ScenarioData.subject)
        #expect(row.number == nil)
        #expect(row.waiting == 3)
        let head = try await client.ticket(ticket)
        #expect(head.cc == ScenarioData.cc)
        #expect(head.access == true)
        #expect(head.issueType == "payments_finance")
        #expect(head.createdByMe)
        let written = try await client.thread(ticket).messages
        #expect(written.map(\.body) == [ScenarioData.description] + ScenarioData.replies)
        #expect(written.allSatisfy { $0.mine && $0.delivery != .sent })

        // The network returns.
        try await sandbox.server.clearFaults()
        client.setOnline(true)
        let number = try await client.waitFor("everything is sent") { client in
            let messages = try await client.thread(ticket).messages
            return messages.allSatisfy { $0.delivery == .sent } ? try await client.ticket(ticket).row.number : nil
        }
        let arrived = try await sandbox.server.tickets(subject: ScenarioData.subject)
        #expect(arrived.count == 1)
        let there = try #require(arrived.first)
        #expect(there.id == number)
        #expect(there.comments.map(\.body) == [ScenarioData.description] + ScenarioData.replies)
        #expect(Set(there.ccs) == Set(ScenarioData.cc))
        #expect(there.access == true)
        #expect(try await client.thread(ticket).messages.map(\.id) == written.map(\.id), "a message is one row for life")

        // An agent's answer, often within the same second of the server's clock.
        try await sandbox.server.answer(number, ScenarioData.answer, status: "pending")
        client.syncNow()
        let answered = try await client.waitFor("the answer") { client in
            let row = try await client.ticket(ticket).row
            return row.status.kind == .awaitingUser && row.unread ? row : nil
        }
        #expect(answered.waiting == 0)
        let screen = await ThreadModel(client: client, ticket: ticket)
        let shown = Task { await screen.run() }
        try await waitUntil("the answer is on screen") {
            guard case .thread(_, let messages) = screen.state else { return false }
            return messages.last?.body == ScenarioData.answer && messages.last?.fromAgent == true
        }
        _ = try await client.waitFor("opened means read") { try await $0.ticket(ticket).row.unread ? nil : true }
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test(
        "If the response to a new ticket is lost, or the server creates it late, there is one ticket, and no message is ever shown twice",
        arguments: ["cut_after": "", "late_apply": #""seconds": 0.5, "#])
    func answerLost(_ fault: String, _ figure: String) async throws {
        let sandbox = try SandboxProcess.start(tickets: 20)
        defer { sandbox.stop() }
        let folder = try TemporaryFolder()
        let client = try await Pocketdesk.open(.ada(in: folder.url, on: sandbox.server.url), tokens: FixedToken())
        client.setInFront(true)
        _ = try await client.waitFor("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        let creation = #""only": "POST /api/v2/requests""#
        try await sandbox.server.fault(#"{"\#(fault)": {\#(figure)"times": 1, \#(creation)}, "ignore_idempotency": {\#(creation)}}"#)

        var draft = try await client.ticketDraft()
        draft.subject = ScenarioData.subject
        draft.description = ScenarioData.description
        let ticket = try await client.submit(draft)
        var reply = try await client.replyDraft(ticket)
        reply.body = ScenarioData.replies[0]
        try await client.reply(reply)

        let texts = [ScenarioData.description, ScenarioData.replies[0]]
        _ = try await client.waitFor("everything is sent") { client -> Bool? in
            let messages = try await client.thread(ticket).messages
            #expect(messages.map(\.body) == texts)
            let rows = try await client.history(limit: 200).tickets.filter { $0.subject == ScenarioData.subject }
            #expect(rows.map(\.id) == [ticket])
            return messages.allSatisfy { $0.delivery == .sent } ? true : nil
        }
        #expect(try await !sandbox.server.isOn(fault), "the fault happened")
        let arrived = try await sandbox.server.tickets(subject: ScenarioData.subject)
        #expect(arrived.map { $0.comments.map(\.body) } == [texts])
        await client.close()
    }
}
