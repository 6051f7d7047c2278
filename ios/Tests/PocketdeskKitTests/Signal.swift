import Foundation
import SandboxClient

/// Something that happens, once or often, on any thread, and is waited for in one place.
final class Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    }

    func fire() {
        continuation.yield()
    }

    /// Returns when it has happened since the last wait.
    func wait(within limit: Duration = .seconds(60)) async throws {
        try await withTimeout("a signal", limit) { [stream] in
            for await _ in stream { return }
        }
    }
}
