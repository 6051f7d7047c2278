import Foundation
import SandboxClient

/// An event that may fire repeatedly on any thread, and has one waiter.
final class Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    }

    func fire() {
        continuation.yield()
    }

    /// Returns when the event has fired since the last wait.
    func wait(within limit: Duration = .seconds(120)) async throws {
        try await withTimeout("a signal", limit) { [stream] in
            for await _ in stream { return }
        }
    }
}
