import Observation

/// The model of the strip on every screen where people read or write. It says why nothing can be sent or received
/// (`SyncStatus.obstacle`), and how much is waiting.
@MainActor
@Observable
public final class StatusModel {
    /// The state of the connection and the account; `nil` before the first read.
    public private(set) var status: SyncStatus?

    /// How many of the user's own tickets are unread, for a badge.
    public private(set) var unreadTickets: UInt32 = 0

    private let client: Pocketdesk

    /// - Parameter client: The client. Do not close it while the screen exists; it may be suspended.
    public init(client: Pocketdesk) {
        self.client = client
    }

    /// Keeps the strip up to date until the task is cancelled: `.task { await model.run() }`.
    public func run() async {
        let changes = client.changes
        await reload()
        for await change in changes where change.status || change.outbox || change.history {
            await reload()
        }
    }

    private func reload() async {
        // If the status cannot be read now, the strip keeps what it says. The screen itself reports why.
        if let status = try? await client.status() { self.status = status }
        if let unread = try? await client.unreadTickets(), unread != unreadTickets { unreadTickets = unread }
    }
}
