import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// What the whole library is for: a ticket and two replies written in a tunnel, by a process that ends, arrive once and in order.
@Suite("The scenario", .serialized, .timeLimit(.minutes(3)))
struct ScenarioTests {
    @Test("A ticket and two replies survive the end of the process, arrive once and in order, and are answered")
    func survivesTheEndOfTheProcess() async throws {
        let desk = try SandboxProcess.start()
        defer { desk.stop() }
        let folder = try Folder()
        let ticket = try liveFirstLife(url: desk.sandbox.url, folder: folder)

        // A new process; still no network.
        let config = try DeskConfig.ada(in: folder.url, on: desk.sandbox.url)
        let app = try await Pocketdesk.open(config, tokens: FixedToken())
        app.setInFront(true)
        let history = try await app.history(limit: 200)
        #expect(history.total == 301)
        let row = try #require(history.tickets.first)
        #expect(row.id == ticket)
        #expect(row.subject == Story.subject)
        #expect(row.number == nil)
        #expect(row.waiting == 3)
        let head = try await app.ticket(ticket)
        #expect(head.cc == Story.cc)
        #expect(head.access == true)
        #expect(head.issueType == "payments_finance")
        #expect(head.createdByMe)
        let written = try await app.thread(ticket).messages
        #expect(written.map(\.body) == [Story.description] + Story.replies)
        #expect(written.allSatisfy { $0.mine && $0.delivery != .sent })

        // Daylight.
        try await desk.sandbox.clearFaults()
        app.setOnline(true)
        let number = try await app.first("everything is sent") { app in
            let messages = try await app.thread(ticket).messages
            return messages.allSatisfy { $0.delivery == .sent } ? try await app.ticket(ticket).row.number : nil
        }
        let arrived = try await desk.sandbox.tickets(subject: Story.subject)
        #expect(arrived.count == 1)
        let there = try #require(arrived.first)
        #expect(there.id == number)
        #expect(there.comments.map(\.body) == [Story.description] + Story.replies)
        #expect(Set(there.ccs) == Set(Story.cc))
        #expect(there.access == true)
        #expect(try await app.thread(ticket).messages.map(\.id) == written.map(\.id), "a message is one row for life")

        // An agent's answer, often within the same second of the desk's clock.
        try await desk.sandbox.answer(number, Story.answer, status: "pending")
        app.syncNow()
        let answered = try await app.first("the answer") { app in
            let row = try await app.ticket(ticket).row
            return row.status == .awaitingReply && row.unread ? row : nil
        }
        #expect(answered.waiting == 0)
        let screen = await ThreadModel(desk: app, ticket: ticket)
        let shown = Task { await screen.run() }
        try await until("the answer is on screen") {
            guard case .thread(_, let messages) = screen.state else { return false }
            return messages.last?.body == Story.answer && messages.last?.fromDesk == true
        }
        _ = try await app.first("opened means read") { try await $0.ticket(ticket).row.unread ? nil : true }
        shown.cancel()
        await shown.value
        await app.close()
    }

    @Test(
        "A ticket whose answer is lost, or that the desk makes late, is one ticket, and no message is ever seen twice",
        arguments: ["cut_after": "", "late_apply": #""seconds": 0.5, "#])
    func answerLost(_ fault: String, _ figure: String) async throws {
        let desk = try SandboxProcess.start(tickets: 20)
        defer { desk.stop() }
        let folder = try Folder()
        let app = try await Pocketdesk.open(.ada(in: folder.url, on: desk.sandbox.url), tokens: FixedToken())
        app.setInFront(true)
        _ = try await app.first("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        let creation = #""only": "POST /api/v2/requests""#
        try await desk.sandbox.fault(#"{"\#(fault)": {\#(figure)"times": 1, \#(creation)}, "ignore_idempotency": {\#(creation)}}"#)

        var draft = try await app.ticketDraft()
        draft.subject = Story.subject
        draft.description = Story.description
        let ticket = try await app.submit(draft)
        var reply = try await app.replyDraft(ticket)
        reply.body = Story.replies[0]
        try await app.reply(reply)

        let texts = [Story.description, Story.replies[0]]
        _ = try await app.first("everything is sent") { app -> Bool? in
            let messages = try await app.thread(ticket).messages
            #expect(messages.map(\.body) == texts)
            let rows = try await app.history(limit: 200).tickets.filter { $0.subject == Story.subject }
            #expect(rows.map(\.id) == [ticket])
            return messages.allSatisfy { $0.delivery == .sent } ? true : nil
        }
        #expect(try await !desk.sandbox.isOn(fault), "the answer was lost")
        let arrived = try await desk.sandbox.tickets(subject: Story.subject)
        #expect(arrived.map { $0.comments.map(\.body) } == [texts])
        await app.close()
    }

    /// Runs the first process to its end and gives back the id of the ticket it wrote.
    private func liveFirstLife(url: URL, folder: Folder) throws -> Int64 {
        let child = Process()
        let output = Pipe()
        child.executableURL = try program("ScenarioChild")
        child.arguments = [url.absoluteString, folder.url.path]
        child.standardOutput = output
        try child.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        child.waitUntilExit()
        #expect(child.terminationStatus == 0)
        return try #require(Int64(String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    /// A program of this package, beside the one that runs now.
    private func program(_ name: String) throws -> URL {
        var folder = try #require(Bundle.main.executableURL).deletingLastPathComponent()
        while folder.path != "/" {
            let program = folder.appendingPathComponent(name)
            if FileManager.default.isExecutableFile(atPath: program.path) { return program }
            folder.deleteLastPathComponent()
        }
        throw CocoaError(.fileNoSuchFile)
    }
}
