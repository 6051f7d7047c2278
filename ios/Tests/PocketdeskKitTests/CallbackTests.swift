import Foundation
@testable import PocketdeskKit
import SandboxClient
import Testing

/// Objects that the app passes in may throw, hang, call back, close the client or be released. The client keeps working, and nothing leaks.
@Suite("Callbacks", .timeLimit(.minutes(5)))
struct CallbackTests {
    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 20)
        folder = try TemporaryFolder()
    }

    // MARK: Tokens

    @Test("If the token source says that the user is signed out, the status says so too")
    func signedOut() async throws {
        let client = try await open(Source { _ in throw TokenError.SignedOut })
        let problem = try await client.waitFor("the problem") { try await $0.status().problem }
        #expect(problem == .signedOut)
        await client.close()
    }

    @Test("A token source that throws another error is asked again, and the client syncs")
    func throwsSomethingElse() async throws {
        struct KeychainLocked: Error {}
        let asked = Counter()
        let client = try await open(
            Source { _ in
                if await asked.next() == 1 { throw KeychainLocked() }
                return "ada-token"
            })
        _ = try await client.waitFor("the first sync") { client in
            let status = try await client.status()
            if status.problem != nil { client.syncNow() }
            return status.firstSyncDone ? true : nil
        }
        #expect(try await client.history().total == 20)
        await client.close()
    }

    @Test("While a token source hangs, everything else works, and the client closes at once")
    func hangs() async throws {
        let asked = Signal()
        let client = try await open(
            Source { _ in
                asked.fire()
                try await Task.sleep(for: .seconds(3600))
                return "too late"
            })
        try await asked.wait()
        var draft = try await client.ticketDraft()
        draft.subject = ScenarioData.subject
        draft.description = ScenarioData.description
        let ticket = try await client.submit(draft)
        #expect(try await client.ticket(ticket).row.subject == ScenarioData.subject)
        let closing = ContinuousClock.now
        await client.close()
        #expect(ContinuousClock.now - closing < .seconds(25), "it did not wait until the source's time was over")
    }

    @Test("After a refused token a fresh one is asked for and used")
    func refused() async throws {
        let client = try await open(Source { refused in refused ? "ada-token" : "stale-token" })
        _ = try await client.waitFor("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        #expect(try await client.status().problem == nil)
        await client.close()
    }

    @Test("After the time limit for a token the source's task is cancelled")
    func tooLong() async throws {
        let cancelled = Signal()
        let bridge = TokenBridge(
            Source { _ in
                try await withTaskCancellationHandler {
                    try await Task.sleep(for: .seconds(3600))
                    return "too late"
                } onCancel: {
                    cancelled.fire()
                }
            }, timeout: 0.05)
        #expect(throws: TokenError.Unavailable) { try bridge.token(request: .any) }
        try await cancelled.wait()
    }

    // MARK: Listeners of the bindings

    @Test("A listener that throws is called again")
    func listenerThrows() async throws {
        let called = Signal()
        let raw = try openRaw()
        let subscription = try raw.subscribe(
            listener: Listener { _ in
                called.fire()
                throw CocoaError(.featureUnsupported)
            })
        for subject in ["Gutschrift fehlt", "Falta el abono"] {
            try submit(raw, subject: subject)
            try await called.wait()
        }
        subscription.cancel()
        raw.close()
    }

    @Test("A listener may call the client")
    func listenerCallsBack() async throws {
        let seen = Signal()
        let raw = try openRaw()
        let listener = Listener { changes in
            if changes.history, try raw.history(after: nil, limit: 1).tickets.first?.subject == ScenarioData.subject { seen.fire() }
        }
        let subscription = try raw.subscribe(listener: listener)
        try submit(raw, subject: ScenarioData.subject)
        try await seen.wait()
        subscription.cancel()
        raw.close()
    }

    @Test("A listener may close the client")
    func listenerCloses() async throws {
        let closed = Signal()
        let raw = try openRaw()
        let subscription = try raw.subscribe(
            listener: Listener { _ in
                raw.close()
                closed.fire()
            })
        do {
            try raw.syncNow()
        } catch ClientError.Closed {
            // The change of the first sync came earlier, and has closed the client already.
        }
        try await closed.wait()
        #expect(throws: ClientError.Closed) { try raw.status() }
        subscription.cancel()
    }

    @Test("A subscription that is released releases its listener")
    func dropped() async throws {
        let raw = try openRaw()
        let released = Signal()
        var listener: Listener? = Listener(released: released) { _ in }
        var subscription: Subscription? = try listener.map(raw.subscribe(listener:))
        listener = nil
        #expect(subscription != nil)
        subscription = nil
        try await released.wait()
        raw.close()
    }

    @Test("A thousand subscriptions leave no handle")
    func thousandSubscriptions() async throws {
        let raw = try openRaw()
        let signals = (0..<1000).map { _ in Signal() }
        for (index, released) in signals.enumerated() {
            let subscription = try raw.subscribe(listener: Listener(released: released) { _ in })
            // One half is cancelled, the other half is released.
            if index.isMultiple(of: 2) { subscription.cancel() }
        }
        for released in signals { try await released.wait() }
        raw.close()
    }

    // MARK: The stream

    @Test("A stream ends when the client is closed")
    func streamEnds() async throws {
        let client = try await open(FixedToken())
        let changes = client.changes
        await client.close()
        for await _ in changes {}
        await #expect(throws: ClientError.Closed) { try await client.status() }
    }

    @Test("A reader that stops and a stream that nobody reads do not keep the client alive")
    func streamsLeaveNothing() async throws {
        let released = Signal()
        do {
            let client = try await open(Source(released: released) { _ in "ada-token" })
            for _ in 0..<100 { _ = client.changes }
            let reader = Task { for await _ in client.changes {} }
            reader.cancel()
            await reader.value
            await client.close()
        }
        try await released.wait()
    }

    @Test("A client that is released without being closed releases its file and the token source")
    func droppedUnclosed() async throws {
        let released = Signal()
        do {
            let client = try await open(Source(released: released) { _ in "ada-token" })
            _ = try await client.waitFor("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        }
        try await released.wait()
        let again = try await open(FixedToken())
        #expect(try await again.history().total == 20)
        await again.close()
    }

    // MARK: Helpers

    private func open(_ tokens: any TokenSource) async throws -> Pocketdesk {
        let client = try await Pocketdesk.open(.ada(in: folder.url, on: sandbox.server.url), tokens: tokens)
        client.setInFront(true)
        client.setOnline(true)
        return client
    }

    private func openRaw() throws -> Client {
        try Client.open(config: .ada(in: folder.url, on: sandbox.server.url), tokens: Provider())
    }

    private func submit(_ raw: Client, subject: String) throws {
        var draft = try raw.ticketDraft()
        draft.subject = subject
        draft.description = ScenarioData.description
        _ = try raw.submit(draft: draft)
    }
}

private actor Counter {
    private var count = 0

    func next() -> Int {
        count += 1
        return count
    }
}

private final class Provider: TokenProvider {
    func token(request: TokenRequest) throws -> String {
        "ada-token"
    }
}

private final class Source: TokenSource {
    private let answer: @Sendable (Bool) async throws -> String
    private let released: Signal?

    init(released: Signal? = nil, _ answer: @escaping @Sendable (Bool) async throws -> String) {
        self.answer = answer
        self.released = released
    }

    deinit {
        released?.fire()
    }

    func token(refused: Bool) async throws -> String {
        try await answer(refused)
    }
}

private final class Listener: ChangeListener {
    private let heard: @Sendable (Changes) throws -> Void
    private let released: Signal?

    init(released: Signal? = nil, _ heard: @escaping @Sendable (Changes) throws -> Void) {
        self.heard = heard
        self.released = released
    }

    deinit {
        released?.fire()
    }

    func changed(changes: Changes) throws {
        try heard(changes)
    }
}
