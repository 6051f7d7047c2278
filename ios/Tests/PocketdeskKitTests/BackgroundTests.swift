import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// An app that leaves the front, is frozen, comes back, or is started by the system without any screen.
@Suite("Background", .timeLimit(.minutes(2)))
struct BackgroundTests {
    private let sandbox: SandboxProcess
    private let folder: Folder
    private let requests = Requests()

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 20)
        folder = try Folder()
    }

    // MARK: Asleep and awake

    @Test("A suspended desk leaves no lock and no open file, refuses at once, and is itself again when it resumes")
    func suspended() async throws {
        let desk = try await open()
        _ = try await desk.first("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        #expect(!openFiles().isEmpty)
        #expect(try locks() != [])
        await desk.suspend()
        await desk.suspend()
        #expect(openFiles().isEmpty)
        #expect(try locks() == [])

        let asked = ContinuousClock.now
        await #expect(throws: DeskError.Suspended) { try await desk.history() }
        await #expect(throws: DeskError.Suspended) { try await desk.save(ReplyDraft(id: "a", ticket: 1, body: Story.replies[0])) }
        #expect(ContinuousClock.now - asked < .seconds(5))

        try await desk.resume()
        try await desk.resume()
        #expect(try await desk.history().total == 20)
        #expect(try await write(desk) > 0)
        await desk.close()
    }

    @MainActor
    @Test("What is typed while the desk is suspended stays on screen, and is on disk after it resumes")
    func typedMeanwhile() async throws {
        let desk = try await open()
        _ = try await desk.first("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        let row = try #require(try await desk.history().tickets.first)
        let thread = ThreadModel(desk: desk, ticket: row.id, pause: .milliseconds(10))
        let form = NewTicketModel(desk: desk, pause: .milliseconds(10))
        let history = HistoryModel(desk: desk)
        let shown = [Task { await thread.run() }, Task { await form.run() }, Task { await history.run() }]
        try await until("the screens") { thread.ticket != nil && form.isReady && !history.rows.isEmpty }

        await desk.suspend()
        thread.reply = Story.replies[0]
        form.draft.subject = Story.subject
        await thread.keep()
        await form.keep()
        #expect(!thread.isKept && !form.isKept)
        #expect(thread.failureKey == nil && form.failureKey == nil)
        history.refresh()

        try await desk.resume()
        try await until("kept") { thread.isKept && form.isKept }
        #expect(try await desk.replyDraft(row.id).body == Story.replies[0])
        #expect(try await desk.ticketDraft().subject == Story.subject)
        #expect(thread.ticket != nil && history.rows.count == 20)
        shown.forEach { $0.cancel() }
        for screen in shown { await screen.value }
        await desk.close()
    }

    @Test("An app that leaves the front sends what waits, holds nothing afterwards, and wakes up where it was")
    func leavesAndComesBack() async throws {
        let host = host(delay: 30)
        let desk = try #require(try await host.desk())
        desk.setInFront(true)
        desk.setOnline(true)
        let ticket = try await write(desk)
        #expect(requests.all == [.atOnce], "every write asks the system")
        await host.leaveFront(for: BackgroundTime(seconds: 20))
        #expect(try await sandbox.sandbox.tickets(subject: Story.subject).count == 1, "sent before its delay was over")
        #expect(openFiles().isEmpty)
        #expect(try locks() == [])
        #expect(requests.all == [.atOnce], "nothing is left to be asked for")

        try await host.enterFront()
        #expect(try await desk.ticket(ticket).row.number != nil)
        #expect(try await host.desk() === desk)
        await host.forget()
    }

    @Test("Whoever comes back while the app still sends finds the desk awake, and it stays awake")
    func comesBackEarly() async throws {
        let host = host()
        let desk = try #require(try await host.desk())
        desk.setOnline(true)
        _ = try await desk.first("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        try await sandbox.sandbox.fault(#"{"latency_ms": 300}"#)
        let leaving = Task { await host.leaveFront(for: BackgroundTime(seconds: 20)) }
        _ = try await desk.first("syncing") { try await $0.status().syncing ? true : nil }
        try await host.enterFront()
        #expect(try await desk.history().total == 20)
        await leaving.value
        #expect(try await desk.history().total == 20)
        await host.forget()
    }

    @Test("When time is over the work stops, nothing is held, and the system is asked again")
    func timeIsOver() async throws {
        let host = host()
        let desk = try #require(try await host.desk())
        desk.setOnline(true)
        _ = try await desk.first("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        try await sandbox.sandbox.fault(#"{"latency_ms": 30000}"#)
        let ticket = try await write(desk)
        let time = BackgroundTime(seconds: 60)
        let leaving = Task { await host.leaveFront(for: time) }
        _ = try await desk.first("syncing") { try await $0.status().syncing ? true : nil }
        time.expire()
        let expired = ContinuousClock.now
        await leaving.value
        #expect(ContinuousClock.now - expired < .seconds(10))
        #expect(openFiles().isEmpty)
        #expect(try locks() == [])
        #expect(requests.all == [.atOnce, .atOnce])

        // The next piece of time finishes it.
        try await sandbox.sandbox.clearFaults()
        let done = await host.work(for: BackgroundTime(seconds: 60))
        #expect(done)
        #expect(openFiles().isEmpty)
        #expect(try await sandbox.sandbox.tickets(subject: Story.subject).count == 1)
        try await host.enterFront()
        #expect(try await desk.ticket(ticket).row.number != nil)
        await host.forget()
    }

    // MARK: Started by the system

    @Test("What was written in a tunnel is sent by a process that has no screen, once")
    func startedBySystem() async throws {
        try await sandbox.sandbox.goOffline()
        let before = host()
        let ticket = try await write(try #require(try await before.desk()))
        await before.leaveFront(for: BackgroundTime(seconds: 5))
        #expect(requests.all.count == 2)
        #expect(requests.all.first == .atOnce)
        #expect(try #require(requests.all.last) > Date(), "not at once: the desk was not reached")
        await before.forget()

        // Another process, in the background, with a network. No model, and nobody says that it is online.
        try await sandbox.sandbox.clearFaults()
        requests.forget()
        let after = host(inFront: false)
        #expect(await after.work(for: BackgroundTime(seconds: 60)))
        #expect(requests.all.isEmpty, "everything is done")
        #expect(openFiles().isEmpty)
        let arrived = try await sandbox.sandbox.tickets(subject: Story.subject)
        #expect(arrived.map { $0.comments.map(\.body) } == [[Story.description]])
        #expect(await after.work(for: BackgroundTime(seconds: 60)), "again: nothing to do")
        #expect(try await sandbox.sandbox.tickets(subject: Story.subject).count == 1)

        try await after.enterFront()
        let desk = try #require(try await after.desk())
        #expect(try await desk.ticket(ticket).row.number != nil)
        await after.forget()
    }

    @Test("A desk that does not open is tried again later; where nobody is signed in nothing is asked for")
    func cannotOpen() async throws {
        let other = try await open()
        let host = host(inFront: false)
        #expect(await host.work(for: BackgroundTime(seconds: 10)) == false)
        #expect(try #require(requests.all.last) > Date(), "in use elsewhere")
        await other.close()
        #expect(await host.work(for: BackgroundTime(seconds: 60)))
        await host.forget()

        requests.forget()
        let signedOut = DeskHost(scheduler: requests, inFront: false) { _ in nil }
        #expect(await signedOut.work(for: BackgroundTime(seconds: 10)))
        #expect(try await signedOut.desk() == nil)
        #expect(requests.all.isEmpty)
    }

    @Test("Whoever asks for the desk gets the same one, opened once")
    func openedOnce() async throws {
        let config = try DeskConfig.ada(in: folder.url, on: sandbox.sandbox.url)
        let opened = Requests()
        let host = DeskHost(scheduler: requests) { onEnqueue in
            opened.schedule(notBefore: nil)
            return try await Pocketdesk.open(config, tokens: FixedToken(), onEnqueue: onEnqueue)
        }
        async let one = host.desk()
        async let other = host.desk()
        let (first, second) = try await (one, other)
        #expect(first != nil && first === second)
        #expect(opened.all.count == 1)
        await host.forget()
        #expect(try await host.desk() !== first)
        #expect(opened.all.count == 2)
        await host.forget()
    }

    // MARK: Signing out

    @Test("Before a sign-out one can say what it would lose; afterwards nothing is left")
    func signOut() async throws {
        try await sandbox.sandbox.goOffline()
        let desk = try await open()
        try await write(desk)
        var draft = try await desk.ticketDraft()
        draft.subject = "Noch eins"
        try await desk.save(draft)
        #expect(try await desk.unsent() == Unsent(messages: 1, drafts: 1))
        try await desk.signOut(.discard)
        await #expect(throws: DeskError.Closed) { try await desk.status() }
        let again = try await open()
        #expect(try await again.history().total == 0)
        #expect(try await again.unsent() == Unsent(messages: 0, drafts: 0))
        await again.close()
    }

    // MARK: Helpers

    private func open() async throws -> Pocketdesk {
        let desk = try await Pocketdesk.open(.ada(in: folder.url, on: sandbox.sandbox.url), tokens: FixedToken())
        desk.setInFront(true)
        desk.setOnline(true)
        return desk
    }

    private func host(inFront: Bool = true, delay: UInt32 = 0) -> DeskHost {
        let (folder, url) = (folder.url, sandbox.sandbox.url)
        return DeskHost(scheduler: requests, inFront: inFront) { onEnqueue in
            try await Pocketdesk.open(.ada(in: folder, on: url, delay: delay), tokens: FixedToken(), onEnqueue: onEnqueue)
        }
    }

    @discardableResult
    private func write(_ desk: Pocketdesk) async throws -> Int64 {
        var draft = try await desk.ticketDraft()
        draft.subject = Story.subject
        draft.description = Story.description
        return try await desk.submit(draft)
    }

    /// What of the account's folder this process has open, by descriptor.
    private func openFiles() -> [String: String] {
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        let targets = descriptors.compactMap { descriptor in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")).map { (descriptor, $0) }
        }
        return Dictionary(uniqueKeysWithValues: targets).filter { $0.value.hasPrefix(folder.url.path) }
    }

    /// The locks that these hold, in the system's own words.
    private func locks() throws -> [String] {
        try openFiles().keys.flatMap { descriptor in
            try String(contentsOfFile: "/proc/self/fdinfo/\(descriptor)", encoding: .utf8)
                .split(separator: "\n").map(String.init).filter { $0.hasPrefix("lock:") }
        }
    }
}
