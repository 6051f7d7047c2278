import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// An app that leaves the front, is frozen, returns to the front, or is launched by the system without a screen.
@Suite("Background", .timeLimit(.minutes(5)))
struct BackgroundTests {
    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder
    private let scheduler = RecordingScheduler()

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 20)
        folder = try TemporaryFolder()
    }

    // MARK: Suspending and resuming

    @Test("A suspended client holds no lock and no open file, throws at once, and works again after it resumes")
    func suspended() async throws {
        let client = try await open()
        _ = try await client.waitFor("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        #expect(!openFiles().isEmpty)
        #expect(try locks() != [])
        await client.suspend()
        await client.suspend()
        #expect(openFiles().isEmpty)
        #expect(try locks() == [])

        await #expect(throws: ClientError.Suspended) { try await client.history() }
        let draft = ReplyDraft(id: "a", ticket: 1, body: ScenarioData.replies[0])
        await #expect(throws: ClientError.Suspended) { try await client.save(draft) }

        try await client.resume()
        try await client.resume()
        #expect(try await client.history().total == 20)
        #expect(try await write(client) > 0)
        await client.close()
    }

    @MainActor
    @Test("What is typed while the client is suspended stays on screen, and is saved after it resumes")
    func typedWhileSuspended() async throws {
        let client = try await open()
        _ = try await client.waitFor("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        let row = try #require(try await client.history().tickets.first)
        let thread = ThreadModel(client: client, ticket: row.id, pause: .milliseconds(10))
        let form = NewTicketModel(client: client, pause: .milliseconds(10))
        let history = HistoryModel(client: client)
        let shown = [Task { await thread.run() }, Task { await form.run() }, Task { await history.run() }]
        try await waitUntil("the screens") { thread.ticket != nil && form.isReady && !history.rows.isEmpty }

        await client.suspend()
        thread.reply = ScenarioData.replies[0]
        form.draft.subject = ScenarioData.subject
        await thread.saveDraft()
        await form.saveDraft()
        #expect(!thread.isSaved && !form.isSaved)
        #expect(thread.failureKey == nil && form.failureKey == nil)
        await history.refresh()

        try await client.resume()
        try await waitUntil("saved") { thread.isSaved && form.isSaved }
        #expect(try await client.replyDraft(row.id).body == ScenarioData.replies[0])
        #expect(try await client.ticketDraft().subject == ScenarioData.subject)
        #expect(thread.ticket != nil && history.rows.count == 20)
        shown.forEach { $0.cancel() }
        for screen in shown { await screen.value }
        await client.close()
    }

    @Test("An app that leaves the front sends what is waiting, holds no file afterwards, and continues when it returns")
    func leavesAndReturns() async throws {
        let host = host(delay: 30)
        let client = try #require(try await host.client())
        client.setOnline(true)
        // What is left to do is the ticket alone. It is held for 30 seconds, which is longer than the background time.
        _ = try await client.waitFor("the first sync") { client in
            let status = try await client.status()
            return status.firstSyncDone && !status.syncing ? true : nil
        }
        let ticket = try await write(client)
        let held = try #require(try await client.thread(ticket).messages.first)
        #expect(held.delivery.heldUntil != nil, "the client that was opened in front knows that it is")
        #expect(scheduler.requests == [.asap], "every write asks the system")
        await host.leaveFront(for: BackgroundTime(seconds: 20))
        #expect(try await sandbox.server.tickets(subject: ScenarioData.subject).count == 1, "sent before its delay was over")
        #expect(openFiles().isEmpty)
        #expect(try locks() == [])
        #expect(scheduler.requests == [.asap], "no further request: everything was sent")

        try await host.enterFront()
        #expect(try await client.ticket(ticket).row.number != nil)
        #expect(try await host.client() === client)
        await host.forget()
    }

    @Test("An app that returns to the front while it still sends finds the client awake, and the client stays awake")
    func returnsEarly() async throws {
        let host = host()
        let client = try #require(try await host.client())
        client.setOnline(true)
        _ = try await client.waitFor("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        try await sandbox.server.fault(#"{"latency_ms": 300}"#)
        let leaving = Task { await host.leaveFront(for: BackgroundTime(seconds: 20)) }
        _ = try await client.waitFor("syncing") { try await $0.status().syncing ? true : nil }
        try await host.enterFront()
        #expect(try await client.history().total == 20)
        await leaving.value
        #expect(try await client.history().total == 20)
        await host.forget()
    }

    @Test("An app that returns to the front while another process has the file continues when that one has closed it")
    func returnsWhileInUse() async throws {
        let host = host()
        let client = try #require(try await host.client())
        client.setOnline(true)
        _ = try await client.waitFor("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        await host.leaveFront(for: BackgroundTime(seconds: 20))
        let other = try await open()
        await #expect(throws: ClientError.self) { try await host.enterFront() }
        await #expect(throws: ClientError.Suspended) { try await client.history() }
        await other.close()
        let total = try await client.waitFor("it continues") { client in
            do { return try await client.history().total } catch ClientError.Suspended { return nil }
        }
        #expect(total == 20)
        try await host.enterFront()
        await host.forget()
    }

    @Test("When the background time expires, the work stops, no file is held, and the system is asked again")
    func timeExpires() async throws {
        let host = host()
        let client = try #require(try await host.client())
        client.setOnline(true)
        _ = try await client.waitFor("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        // Held until the fault is cleared. Waiting for that, or for the time to end, would take longer than this suite may.
        try await sandbox.server.fault(#"{"latency_ms": 600000}"#)
        let ticket = try await write(client)
        let time = BackgroundTime(seconds: 600)
        let leaving = Task { await host.leaveFront(for: time) }
        _ = try await client.waitFor("syncing") { try await $0.status().syncing ? true : nil }
        time.expire()
        await leaving.value
        #expect(openFiles().isEmpty)
        #expect(try locks() == [])
        #expect(scheduler.requests == [.asap, .asap])

        // The next background time completes the work.
        try await sandbox.server.clearFaults()
        let done = await host.work(for: BackgroundTime(seconds: 60))
        #expect(done)
        #expect(openFiles().isEmpty)
        #expect(try await sandbox.server.tickets(subject: ScenarioData.subject).count == 1)
        try await host.enterFront()
        #expect(try await client.ticket(ticket).row.number != nil)
        await host.forget()
    }

    // MARK: Launched by the system

    @Test("What was written without a network is sent exactly once by a process that has no screen")
    func launchedBySystem() async throws {
        try await sandbox.server.goOffline()
        let before = host()
        let ticket = try await write(try #require(try await before.client()))
        await before.leaveFront(for: BackgroundTime(seconds: 5))
        #expect(scheduler.requests.count == 2)
        #expect(scheduler.requests.first == .asap)
        #expect(try #require(scheduler.requests.last) > Date(), "later: the server was not reached")
        await before.forget()

        // Another process, in the background, with a network. There is no view model, and nobody calls `setOnline`.
        try await sandbox.server.clearFaults()
        scheduler.forget()
        let after = host(inFront: false)
        #expect(await after.work(for: BackgroundTime(seconds: 60)))
        #expect(scheduler.requests.isEmpty, "everything is done")
        #expect(openFiles().isEmpty)
        let arrived = try await sandbox.server.tickets(subject: ScenarioData.subject)
        #expect(arrived.map { $0.comments.map(\.body) } == [[ScenarioData.description]])
        #expect(await after.work(for: BackgroundTime(seconds: 60)), "again: nothing to do")
        #expect(try await sandbox.server.tickets(subject: ScenarioData.subject).count == 1)

        try await after.enterFront()
        let client = try #require(try await after.client())
        #expect(try await client.ticket(ticket).row.number != nil)
        await after.forget()
    }

    @Test("A client that cannot be opened is tried again later; if nobody is signed in, the system is not asked for anything")
    func cannotOpen() async throws {
        let other = try await open()
        let host = host(inFront: false)
        #expect(await host.work(for: BackgroundTime(seconds: 10)) == false)
        #expect(try #require(scheduler.requests.last) > Date(), "in use elsewhere")
        await other.close()
        #expect(await host.work(for: BackgroundTime(seconds: 60)))
        await host.forget()

        scheduler.forget()
        let signedOut = PocketdeskHost(scheduler: scheduler, inFront: false) { _ in nil }
        #expect(await signedOut.work(for: BackgroundTime(seconds: 10)))
        #expect(try await signedOut.client() == nil)
        #expect(scheduler.requests.isEmpty)
    }

    @Test("All callers get the same client, which is opened once")
    func openedOnce() async throws {
        let config = ClientConfig.ada(in: folder.url, on: sandbox.server.url)
        let opened = RecordingScheduler()
        let host = PocketdeskHost(scheduler: scheduler) { onEnqueue in
            opened.schedule(notBefore: nil)
            return try await Pocketdesk.open(config, tokens: FixedToken(), onEnqueue: onEnqueue)
        }
        async let one = host.client()
        async let other = host.client()
        let (first, second) = try await (one, other)
        #expect(first != nil && first === second)
        #expect(opened.requests.count == 1)
        await host.forget()
        #expect(try await host.client() !== first)
        #expect(opened.requests.count == 2)
        await host.forget()
    }

    @Test("Whoever signs out while the client is being opened leaves no client open, and the next one is opened afterwards")
    func forgottenWhileOpening() async throws {
        let config = ClientConfig.ada(in: folder.url, on: sandbox.server.url)
        let (started, goesOn) = (Signal(), Signal())
        let host = PocketdeskHost(scheduler: scheduler) { onEnqueue in
            started.fire()
            try await goesOn.wait()
            return try await Pocketdesk.open(config, tokens: FixedToken(), onEnqueue: onEnqueue)
        }
        let opening = Task { try await host.client() }
        try await started.wait()
        let forgetting = Task { await host.forget() }
        // Whether it begins before or after the opening has ended, no client may be left open.
        let next = Task {
            await forgetting.value
            return try await host.client()
        }
        goesOn.fire()
        let forgotten = try #require(try await opening.value)
        await forgetting.value
        await #expect(throws: ClientError.Closed) { try await forgotten.status() }
        try await started.wait()
        goesOn.fire()
        let client = try #require(try await next.value)
        #expect(client !== forgotten && !openFiles().isEmpty)
        await host.forget()
        #expect(openFiles().isEmpty)
    }

    // MARK: Signing out

    @Test("Before a sign-out the client says what would be lost; afterwards nothing is left")
    func signOut() async throws {
        try await sandbox.server.goOffline()
        let client = try await open()
        try await write(client)
        var draft = try await client.ticketDraft()
        draft.subject = "Noch eins"
        try await client.save(draft)
        #expect(try await client.unsent() == Unsent(messages: 1, drafts: 1))
        try await client.signOut(.discard)
        await #expect(throws: ClientError.Closed) { try await client.status() }
        let again = try await open()
        #expect(try await again.history().total == 0)
        #expect(try await again.unsent() == Unsent(messages: 0, drafts: 0))
        await again.close()
    }

    // MARK: Helpers

    private func open() async throws -> Pocketdesk {
        let client = try await Pocketdesk.open(.ada(in: folder.url, on: sandbox.server.url), tokens: FixedToken())
        client.setInFront(true)
        client.setOnline(true)
        return client
    }

    private func host(inFront: Bool = true, delay: UInt32 = 0) -> PocketdeskHost {
        let (folder, url) = (folder.url, sandbox.server.url)
        return PocketdeskHost(scheduler: scheduler, inFront: inFront) { onEnqueue in
            try await Pocketdesk.open(.ada(in: folder, on: url, delay: delay), tokens: FixedToken(), onEnqueue: onEnqueue)
        }
    }

    @discardableResult
    private func write(_ client: Pocketdesk) async throws -> Int64 {
        var draft = try await client.ticketDraft()
        draft.subject = ScenarioData.subject
        draft.description = ScenarioData.description
        return try await client.submit(draft)
    }

    /// The files in the account's folder that this process has open, by file descriptor.
    private func openFiles() -> [String: String] {
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        let targets = descriptors.compactMap { descriptor in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")).map { (descriptor, $0) }
        }
        return Dictionary(uniqueKeysWithValues: targets).filter { $0.value.hasPrefix(folder.url.path) }
    }

    /// The locks on these files, as the system describes them.
    private func locks() throws -> [String] {
        try openFiles().keys.flatMap { descriptor in
            try String(contentsOfFile: "/proc/self/fdinfo/\(descriptor)", encoding: .utf8)
                .split(separator: "\n").map(String.init).filter { $0.hasPrefix("lock:") }
        }
    }
}
