import Observation

/// The model of signing out. The user first sees what is unsent, and decides what happens to it.
@MainActor
@Observable
public final class SignOutModel {
    /// What the screen shows.
    public enum State: Equatable, Sendable {
        /// The user has not asked to sign out.
        case idle
        /// The user is asked what happens to what is unsent, if anything is.
        case asking(Unsent)
        /// The user has signed out, and the client is closed.
        case done
    }

    /// What to show.
    public private(set) var state = State.idle

    /// Whether messages are being sent, or the user is being signed out. The question stays open meanwhile.
    public private(set) var isWorking = false

    /// The key of the text that says why nothing can be sent at the moment; `nil` if it can.
    public private(set) var connectionKey: String?

    /// The key of the text for the last error.
    public private(set) var failureKey: String?

    private let client: Pocketdesk
    private let limit: UInt32

    /// - Parameters:
    ///   - client: The client. Do not close it while the screen exists; it may be suspended.
    ///   - limit: How many seconds ``send()`` may take.
    public init(client: Pocketdesk, limit: UInt32 = 30) {
        self.client = client
        self.limit = limit
    }

    /// Keeps the question up to date until the task is cancelled: `.task { await model.run() }`. What is sent meanwhile is no longer counted.
    public func run() async {
        for await change in client.changes where change.status || change.outbox {
            if case .asking = state, !isWorking { await reload() }
        }
    }

    /// Whether signing out would lose something.
    public var loses: Bool {
        guard case .asking(let unsent) = state else { return false }
        return unsent.messages > 0 || unsent.drafts > 0
    }

    /// Whether ``send()`` makes sense: a message is waiting, and the help desk can be reached. Drafts are not sent, because only their author
    /// can finish them.
    public var canSend: Bool {
        guard case .asking(let unsent) = state else { return false }
        return unsent.messages > 0 && connectionKey == nil && !isWorking
    }

    /// The user wants to sign out.
    public func ask() async {
        guard state == .idle else { return }
        failureKey = nil
        await reload()
    }

    /// The user stays signed in.
    public func cancel() {
        guard !isWorking, case .asking = state else { return }
        state = .idle
    }

    /// Sends what is waiting, and then asks again about what is left.
    public func send() async {
        guard canSend else { return }
        await perform { client async throws(ClientError) in _ = try await client.syncUntil(seconds: limit) }
        await reload()
    }

    /// Signs out.
    public func signOut(_ mode: SignOut) async {
        guard !isWorking, case .asking = state else { return }
        await perform { client async throws(ClientError) in try await client.signOut(mode) }
        // A sign-out that has begun is completed at the next opening, even if this call failed. The client is closed then.
        if failureKey == nil || failureKey == ClientError.Closed.key() {
            state = .done
        } else {
            await reload()
        }
    }

    private func perform(_ work: (Pocketdesk) async throws(ClientError) -> Void) async {
        (isWorking, failureKey) = (true, nil)
        defer { isWorking = false }
        do {
            try await work(client)
        } catch {
            failureKey = error.key()
        }
    }

    private func reload() async {
        do {
            let unsent = try await client.unsent()
            let status = try await client.status()
            connectionKey = status.obstacle == .noNetwork ? "offline.no_connection" : status.obstacleKey
            state = .asking(unsent)
        } catch .Closed where failureKey != nil {
            state = .done
        } catch {
            failureKey = error.key()
            // Without a count the user can still decide.
            if case .idle = state { state = .asking(Unsent(messages: 0, drafts: 0)) }
        }
    }
}
