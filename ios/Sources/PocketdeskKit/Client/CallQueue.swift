import Foundation

/// A serial queue for calls into the core. Such a call blocks for some milliseconds of SQLite, which neither the main thread nor Swift's
/// cooperative thread pool should do.
///
/// Calls run one at a time, in the order in which they were made. A call runs to its end even if the task that made it is cancelled, because
/// closing a screen must not decide whether a write happens.
struct CallQueue: Sendable {
    private let queue: DispatchQueue

    init(_ name: String) {
        queue = DispatchQueue(label: "dev.pocketdesk.\(name)", qos: .userInitiated)
    }

    /// Runs `work` on the queue, and returns or throws what it returned or threw.
    func run<Value: Sendable, Failure: CoreError>(
        throwing: Failure.Type,
        _ work: @escaping @Sendable () throws -> Value
    ) async throws(Failure) -> Value {
        let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
            queue.async {
                do {
                    continuation.resume(returning: .success(try work()))
                } catch {
                    // An error of another type is a fault inside the bindings.
                    continuation.resume(returning: .failure(error as? Failure ?? .InternalFault))
                }
            }
        }
        return try result.get()
    }

    /// Runs `work`, which cannot fail, on the queue, and returns what it returned.
    func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work()) }
        }
    }

    /// Adds `work` to the queue and returns immediately.
    func start(_ work: @escaping @Sendable () -> Void) {
        queue.async(execute: work)
    }
}
