import Foundation

// The core speaks of moments as milliseconds since 1970 UTC. A screen wants a `Date`, which it shows in the device's zone and locale.

extension Date {
    fileprivate init(milliseconds: Int64) {
        self.init(timeIntervalSince1970: TimeInterval(milliseconds) / 1000)
    }
}

extension TicketRow {
    /// When the ticket was created, by the desk's clock (the device's until it is sent).
    public var created: Date { Date(milliseconds: createdAt) }

    /// The newest public comment, or change of status by somebody else.
    public var lastActivity: Date { Date(milliseconds: lastActivityAt) }
}

extension Message {
    /// When it was written, by the desk's clock (the device's until it is sent).
    public var created: Date { Date(milliseconds: createdAt) }
}

extension DeskStatus {
    /// When the last sync ended well; `nil` before the first.
    public var lastSync: Date? { lastSyncAt.map(Date.init(milliseconds:)) }
}
