import Foundation
import Observation
import PocketdeskKit

/// A condition did not become true in time.
package struct ConditionTimeout: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) {
        self.description = description
    }
}

extension Pocketdesk {
    /// Queries after every change until the query returns a value.
    package func waitFor<Found: Sendable>(
        _ what: String,
        within limit: Duration = .seconds(120),
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

/// Waits until a condition on observable state is true.
@MainActor
package func waitUntil(
    _ what: String,
    within limit: Duration = .seconds(120),
    _ condition: @escaping @MainActor @Sendable () -> Bool
) async throws {
    try await withTimeout(what, limit) { @MainActor in
        let (touches, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        // Evaluated once at first, and again after each change of what the last evaluation read.
        continuation.yield()
        for await _ in touches where withObservationTracking(condition, onChange: { continuation.yield() }) {
            return
        }
        throw ConditionTimeout(description: what)
    }
}

/// Returns what `work` returns, unless that takes too long.
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
