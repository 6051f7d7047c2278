import Foundation
import PocketdeskKit

/// A scheduler that records its requests.
final class RecordingScheduler: BackgroundScheduler, @unchecked Sendable {
    private let lock = NSLock()
    private var dates: [Date] = []

    /// The requested dates, in order. ``Foundation/Date/asap`` stands for "as soon as possible".
    var requests: [Date] { lock.withLock { dates } }

    func schedule(notBefore date: Date?) {
        lock.withLock { dates.append(date ?? .asap) }
    }

    func cancel() {}

    func forget() {
        lock.withLock { dates = [] }
    }
}

extension Date {
    /// Stands for a request without a date.
    static let asap = distantPast
}
