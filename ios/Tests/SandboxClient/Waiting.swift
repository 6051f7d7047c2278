import Foundation
import Observation
import PocketdeskKit

/// What was waited for did not come about.
package struct NeverHappened: Error, CustomStringConvertible {
    package let description: String
}

extension Pocketdesk {
    /// Asks again after every change until there is an answer.
    package func first<Found: Sendable>(
        _ what: String,
        within limit: Duration = .seconds(60),
        _ look: @escaping @Sendable (Pocketdesk) async throws -> Found?
    ) async throws -> Found {
        try await race(what, limit) {
            let changes = self.changes
            if let found = try await look(self) { return found }
            for await _ in changes {
                if let found = try await look(self) { return found }
            }
            throw NeverHappened(description: "\(what): the desk was closed")
        }
    }
}

/// Waits until a condition on observable state holds.
@MainActor
package func until(_ what: String, within limit: Duration = .seconds(60), _ holds: @escaping @MainActor @Sendable () -> Bool) async throws {
    try await race(what, limit) { @MainActor in
        let (touches, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        // The first look, and one after each change of what the last look read.
        continuation.yield()
        for await _ in touches where withObservationTracking(holds, onChange: { continuation.yield() }) {
            return
        }
        throw NeverHappened(description: what)
    }
}

/// What `work` gives, unless it takes too long.
package func race<Found: Sendable>(
    _ what: String,
    _ limit: Duration,
    _ work: @escaping @Sendable () async throws -> Found
) async throws -> Found {
    try await withThrowingTaskGroup(of: Found.self) { group in
        group.addTask(operation: work)
        group.addTask {
            try await Task.sleep(for: limit)
            throw NeverHappened(description: "\(what): not within \(limit)")
        }
        defer { group.cancelAll() }
        guard let found = try await group.next() else { throw NeverHappened(description: what) }
        return found
    }
}
