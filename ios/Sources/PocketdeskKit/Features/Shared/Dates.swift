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

extension Delivery {
    /// While the message can still be undone: when it is sent, by the device's clock.
    public var heldUntil: Date? {
        if case .held(let until) = self { Date(milliseconds: until) } else { nil }
    }

    /// Whole seconds, rounded up, for which the message can still be undone; `nil` if it is not held. The clock may have been set back:
    /// never more than the longest delay, 30.
    public func secondsHeld(at now: Date) -> Int? {
        heldUntil.map { min(max(Int($0.timeIntervalSince(now).rounded(.up)), 0), 30) }
    }
}

extension DeskStatus {
    /// How much of the first sync is done, 0 to 100; `nil` if it is over, has not begun, or the desk does not say how much there is.
    public var firstSyncPercent: Int? {
        guard let firstSync, let all = firstSync.of, all > 0 else { return nil }
        return Int(min(firstSync.read, all) * 100 / all)
    }
}
