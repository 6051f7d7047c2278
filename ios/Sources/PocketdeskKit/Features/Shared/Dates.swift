import Foundation

// The core gives times as milliseconds since 1970 UTC. Screens need a `Date`, which `Strings` writes.

extension Date {
    init(milliseconds: Int64) {
        self.init(timeIntervalSince1970: TimeInterval(milliseconds) / 1000)
    }
}

extension LocalDays {
    /// The present moment and the days around it, for `placeRows`.
    ///
    /// - Parameter calendar: The calendar with the time zone; by default the device's, which the user may change while the app runs.
    public init(now: Date = .now, calendar: Calendar = .autoupdatingCurrent) {
        let today = calendar.startOfDay(for: now)
        // Where the clocks change at midnight, yesterday did not begin at the time of day at which today began.
        let yesterday = calendar.date(byAdding: .day, value: -1, to: today).map(calendar.startOfDay) ?? today
        self.init(now: now.milliseconds, today: today.milliseconds, yesterday: yesterday.milliseconds)
    }
}

extension Date {
    fileprivate var milliseconds: Int64 { Int64(timeIntervalSince1970 * 1000) }
}

extension TicketRow {
    /// When the ticket was created, by the server's clock. By the device's clock until the ticket is sent.
    public var created: Date { Date(milliseconds: createdAt) }

    /// When the newest public comment was written, or somebody else changed the status.
    public var lastActivity: Date { Date(milliseconds: lastActivityAt) }
}

extension Message {
    /// When the message was written, by the server's clock. By the device's clock until the message is sent.
    public var created: Date { Date(milliseconds: createdAt) }
}

extension SyncStatus {
    /// When a sync last read every list and every thread that was due; `nil` before the first.
    public var lastSync: Date? { lastSyncAt.map(Date.init(milliseconds:)) }

    /// When a busy help desk is asked again by itself, by the device's clock; `nil` if it is not busy, or if there is no network to ask it.
    public var nextAttempt: Date? { network ? busyUntil.map(Date.init(milliseconds:)) : nil }
}

extension Delivery {
    /// When a message that can still be undone is sent, by the device's clock; `nil` if it cannot be undone.
    public var heldUntil: Date? {
        if case .held(let until) = self { Date(milliseconds: until) } else { nil }
    }

    /// For how long the message can still be undone; `nil` if it cannot be undone.
    public func countdown(at now: Date) -> Countdown? {
        if case .held(let until) = self { PocketdeskBindings.countdown(until: until, now: now.milliseconds) } else { nil }
    }
}
