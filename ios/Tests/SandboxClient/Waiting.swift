import Foundation
import Observation
import PocketdeskKit

/// What was waited for did not come about.
package struct ConditionTimeout: Error, CustomStringConvertible {
    package let description: String
}

extension Pocketdesk {
    /// Asks again after every change until there is an answer.
    package func waitFor<Found: Sendable>(
        _ what: String,
        within limit: Duration = .seconds(60),
        _ query: @escaping @Sendable (Pocketdesk) async throws -> Found?
    ) async throws -> Found {
        try await withTimeout(what, limit) {
            let changes = self.changes
            if let found = try await query(self) { return found }
            for await _ in changes {
                if let found = try await query(self) { return found }
            }
            throw ConditionTimeout(description: "\(what): the client was closed")
        }
    }
}

/// Waits until a condition on observable state holds.
@MainActor
package func waitUntil(
    _ what: String,
    within limit: Duration = .seconds(60),
    _ holds: @escaping @MainActor @Sendable () -> Bool
) async throws {
    try await withTimeout(what, limit) { @MainActor in
        let (touches, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        // The first query, and one after each change of what the last query read.
        continuation.yield()
        for await _ in touches where withObservationTracking(holds, onChange: { continuation.yield() }) {
            return
        }
        throw ConditionTimeout(description: what)
    }
}

/// What `work` gives, unless it takes too long.
package func withTimeout<Found: Sendable>(
    _ what: String,
    _ limit: Duration,
    _ work: @escaping @Sendable () async throws -> Found
) async throws -> Found {
    try await withThrowingTaskGroup(of: Found.self) { group in
        group.addTask(operation: work)
        group.addTask {
            try await Task.sleep(for: limit)
            throw ConditionTimeout(description: "\(what): not within \(limit)")
        }
        defer { group.cancelAll() }
        guard let found = try await group.next() else { throw ConditionTimeout(description: what) }
        return found
    }
}
