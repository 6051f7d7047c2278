import Observation

/// The history screen: every ticket visible to the user, newest activity first, offline too (H2).
@MainActor
@Observable
public final class HistoryModel {
    /// What the screen shows.
    public enum State: Equatable, Sendable {
        /// Nothing is known yet: the first sync is under way.
        case loading
        /// The user has no tickets.
        case empty
        /// The newest tickets; more may be loaded.
        case tickets([TicketRow])
        /// Nothing can be shown, and why.
        case failed(Failure)
    }

    /// Why there is nothing to show.
    public enum Failure: Equatable, Sendable {
        /// This device's file could not be read.
        case client(DeskError)
        /// The desk could not be read even once.
        case account(AccountProblem)

        /// The key of its words.
        public var stringKey: String {
            switch self {
            case .client(let error): error.stringKey
            case .account(let problem): problem.stringKey
            }
        }
    }

    /// What to show.
    public private(set) var state = State.loading

    /// Online or not, what waits to be sent, what stands in the way; `nil` until it was read once.
    public private(set) var status: DeskStatus?

    /// Whether ``loadMore()`` would bring more.
    public private(set) var hasMore = false

    private let client: Pocketdesk
    private let pageSize: Int
    private var wanted: Int
    private var reading = 0

    /// - Parameters:
    ///   - desk: The desk; it stays open at least as long as the screen lives.
    ///   - pageSize: How many tickets are read at once.
    public init(client: Pocketdesk, pageSize: Int = 50) {
        self.client = client
        self.pageSize = pageSize
        wanted = pageSize
    }

    /// Keeps the screen current until its task is cancelled: `.task { await model.run() }`.
    public func run() async {
        // Subscribed before the first read, so that nothing falls between them.
        let changes = client.changes
        await reload()
        for await change in changes where change.history || change.outbox || change.status {
            await reload()
        }
    }

    /// Shows one page more.
    public func loadMore() async {
        guard hasMore, case .tickets(let rows) = state, rows.count >= wanted else { return }
        wanted += pageSize
        await reload()
    }

    /// Asks the desk for news; what it answers shows by itself.
    public func refresh() {
        client.syncNow()
    }

    /// The user has seen that the file was damaged and made anew (`DeskStatus.recovered`).
    public func acknowledgeRecovery() async {
        // A notice that could not be put away stays.
        try? await client.acknowledgeRecovery()
        await reload()
    }

    private func reload() async {
        reading += 1
        let mine = reading
        do {
            let page = try await client.newest(wanted)
            let status = try await client.status()
            // A later read has begun meanwhile and will be the newer one.
            guard mine == reading else { return }
            self.status = status
            hasMore = page.next != nil
            state = Self.state(page.tickets, status)
        } catch .Suspended {
            // Resuming says that everything changed; until then the screen shows what it showed.
        } catch {
            guard mine == reading else { return }
            state = .failed(.client(error))
        }
    }

    private static func state(_ rows: [TicketRow], _ status: DeskStatus) -> State {
        if !rows.isEmpty {
            .tickets(rows)
        } else if status.firstSyncDone {
            .empty
        } else if let problem = status.problem {
            .failed(.account(problem))
        } else {
            status.online ? .loading : .failed(.account(.deskUnreachable))
        }
    }
}
