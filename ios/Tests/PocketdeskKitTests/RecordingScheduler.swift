import Foundation
import PocketdeskKit

/// A system that writes down what it is asked for.
final class RecordingScheduler: BackgroundScheduler, @unchecked Sendable {
    private let lock = NSLock()
    private var dates: [Date] = []

    /// The earliest moments that were asked for.
    var requests: [Date] { lock.withLock { dates } }

    func schedule(notBefore date: Date?) {
        lock.withLock { dates.append(date ?? .atOnce) }
    }

    func cancel() {}

    func forget() {
        lock.withLock { dates = [] }
    }
}

extension Date {
    /// What stands for "now".
    static let atOnce = distantPast
}
