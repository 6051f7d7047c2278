import Foundation

/// A period in which the system lets the app run in the background: after the app left the front, or in a background task.
///
/// The app's expiration handler calls ``expire()``, from any thread, when the system ends the period early. The work then stops within moments.
public final class BackgroundTime: Sendable {
    /// How long work may take, in seconds. This should be somewhat less than the system grants.
    public let seconds: UInt32

    private let expiration = OneTimeEvent()

    /// - Parameter seconds: How long work may take, in seconds; at most 600.
    public init(seconds: UInt32) {
        self.seconds = seconds
    }

    /// Ends the period. May be called repeatedly.
    public func expire() {
        expiration.fire()
    }

    /// Whether ``expire()`` was called.
    public var isExpired: Bool { expiration.hasFired }

    /// Calls `handler` once the period has expired; immediately if it already has. There is one handler; a second call replaces it.
    func onExpiration(_ handler: @escaping @Sendable () -> Void) {
        expiration.onFire(handler)
    }
}

/// An event that fires at most once, on any thread, and calls one handler.
private final class OneTimeEvent: @unchecked Sendable {
    private let lock = NSLock()
    private var handler: (@Sendable () -> Void)?
    private var fired = false

    var hasFired: Bool { lock.withLock { fired } }

    func fire() {
        let handler = lock.withLock {
            fired = true
            defer { self.handler = nil }
            return self.handler
        }
        handler?()
    }

    func onFire(_ handler: @escaping @Sendable () -> Void) {
        let alreadyFired = lock.withLock {
            if !fired { self.handler = handler }
            return fired
        }
        if alreadyFired { handler() }
    }
}
