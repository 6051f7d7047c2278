import Foundation

/// Asks the system to launch the app in the background. There is at most one pending request; a new request replaces it.
public protocol BackgroundScheduler: Sendable {
    /// Asks the system to launch the app as soon as there is a network.
    ///
    /// Called on any thread: by each write that calls the client's `onEnqueue`, and by the host after a run of work that left something to
    /// do. So it should return quickly. If the system rejects a request, the request is not repeated: the client also sends the outbox
    /// while the app is in front.
    ///
    /// - Parameter date: The earliest date for the launch; `nil` for as soon as possible.
    func schedule(notBefore date: Date?)

    /// Withdraws the pending request. ``PocketdeskHost/forget()`` calls this.
    func cancel()
}
