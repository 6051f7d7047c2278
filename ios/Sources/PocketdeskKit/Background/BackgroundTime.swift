import Foundation

/// A piece of time that the system gives an app in the background: after it left the front, or for a background task.
///
/// The system may end it early, from any thread, with ``expire()``; whoever works in it then stops within moments.
public final class BackgroundTime: Sendable {
    /// How long the desk may take, in seconds: somewhat less than the system gives.
    public let seconds: UInt32

    private let end = Ending()

    /// - Parameter seconds: How long the desk may take.
    public init(seconds: UInt32) {
        self.seconds = seconds
    }

    /// The system wants the time back. May be called again.
    public func expire() {
        end.come()
    }

    /// Whether the system wanted the time back.
    public var isExpired: Bool { end.hasCome }

    /// Calls `stop` when the system wants the time back; at once if it did already. For one worker.
    func whenExpired(_ stop: @escaping @Sendable () -> Void) {
        end.then(stop)
    }
}

/// Something that happens once, on any thread, and is answered once.
private final class Ending: @unchecked Sendable {
    private let lock = NSLock()
    private var answer: (@Sendable () -> Void)?
    private var came = false

    var hasCome: Bool { lock.withLock { came } }

    func come() {
        let answer = lock.withLock {
            came = true
            defer { self.answer = nil }
            return self.answer
        }
        answer?()
    }

    func then(_ answer: @escaping @Sendable () -> Void) {
        let late = lock.withLock {
            if !came { self.answer = answer }
            return came
        }
        if late { answer() }
    }
}

/// How a system is asked to start the app in the background. There is one request at a time; a new one takes the old one's place.
public protocol BackgroundScheduler: Sendable {
    /// Asks for a start as soon as there is a network.
    ///
    /// Called on any thread, after every write that waits to be sent; it should return soon. What the system refuses is not asked for
    /// again: the desk sends as well whenever the app is in front.
    ///
    /// - Parameter date: The earliest moment; `nil` for now.
    func schedule(notBefore date: Date?)

    /// Takes the request back.
    func cancel()
}
