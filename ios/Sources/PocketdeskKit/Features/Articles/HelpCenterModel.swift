import Observation

/// The model of the screen with the categories and sections of the help centre, with or without a network.
@MainActor
@Observable
public final class HelpCenterModel {
    /// What the screen shows.
    public enum State: Equatable, Sendable {
        /// Nothing was read yet, and the articles are on their way.
        case loading
        /// Nothing was read yet, and there is no connection.
        case notYet
        /// The company has no article for this user.
        case empty
        /// The categories, in the company's order.
        case categories([HelpCategory])
        /// What a search has found; without hits it has found nothing.
        case found(FoundArticles)
        /// The articles cannot be loaded now; the key is that of the reason's text.
        case failed(key: String)
    }

    /// What to show.
    public private(set) var state = State.loading

    /// What is searched for, as it is typed; empty for the categories. It is searched in the articles that are on this device, with or without a
    /// network. What was found follows as ``State/found(_:)``; until then the screen keeps what it shows.
    public var searchText: String {
        get { typed }
        set {
            guard newValue != typed else { return }
            typed = newValue
            Task { await reload() }
        }
    }

    private let client: Pocketdesk
    private var typed = ""
    private var lastReload = 0

    /// - Parameter client: The client. Do not close it while the screen exists; it may be suspended.
    public init(client: Pocketdesk) {
        self.client = client
    }

    /// Keeps the screen up to date until the task is cancelled: `.task { await model.run() }`.
    public func run() async {
        let changes = client.changes
        await reload()
        for await change in changes where change.articles || change.status {
            await reload()
        }
    }

    /// Reads again, and starts a sync.
    public func refresh() async {
        client.syncNow()
        await reload()
    }

    private func reload() async {
        lastReload += 1
        let thisReload = lastReload
        do {
            let helpCenter = try await client.helpCenter()
            let status = try await client.status()
            // Whoever types fast waits for the last letter only.
            guard thisReload == lastReload else { return }
            let text = typed.trimmingWhitespace()
            // Before there is an article, the screen says why.
            let isSearching = !text.isEmpty && !helpCenter.categories.isEmpty
            let found = isSearching ? FoundArticles(text: text, hits: try await client.searchArticles(text, limit: 200)) : nil
            guard thisReload == lastReload else { return }
            state = found.map { .found($0) } ?? Self.state(helpCenter, status)
        } catch .Suspended {
            // The screen keeps what it shows. Resuming reports a change of everything.
        } catch {
            guard thisReload == lastReload else { return }
            state = .failed(key: error.key())
        }
    }

    private static func state(_ helpCenter: HelpCenter, _ status: SyncStatus) -> State {
        if !helpCenter.categories.isEmpty { return .categories(helpCenter.categories) }
        if helpCenter.complete || helpCenter.state == .absent { return .empty }
        if status.obstacle != nil || !status.online { return .notYet }
        return status.problemKey.map { .failed(key: $0) } ?? .loading
    }
}
