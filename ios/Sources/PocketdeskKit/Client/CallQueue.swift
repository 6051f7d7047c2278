import Foundation

/// Where calls into the core run: they block for a few milliseconds of SQLite, which neither the main thread nor Swift's cooperative
/// pool should do.
///
/// One call at a time, in the order in which they were made. A call that was made is carried out, also if the task that made it is
/// cancelled meanwhile: whether a write happened must not depend on a screen being closed.
struct CallQueue: Sendable {
    private let queue: DispatchQueue

    init(_ name: String) {
        queue = DispatchQueue(label: "dev.pocketdesk.\(name)", qos: .userInitiated)
    }

    /// Runs `work` on this worker's thread and gives back what it returned or threw.
    func run<Value: Sendable, Failure: CoreError>(
        throwing: Failure.Type,
        _ work: @escaping @Sendable () throws -> Value
    ) async throws(Failure) -> Value {
        let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
            queue.async {
                do {
                    continuation.resume(returning: .success(try work()))
                } catch {
                    // Whatever is not the call's own error is a fault inside the bindings.
                    continuation.resume(returning: .failure(error as? Failure ?? .InternalFault))
                }
            }
        }
        return try result.get()
    }

    /// Runs `work`, which cannot fail, on this worker's thread.
    func run(_ work: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            queue.async {
                work()
                continuation.resume()
            }
        }
    }

    /// Has `work` run on this worker's thread, and does not wait for it.
    func start(_ work: @escaping @Sendable () -> Void) {
        queue.async(execute: work)
    }
}

/// An error enum of the bindings: each has a case for faults that are nobody's doing but the library's.
protocol CoreError: Error, Equatable {
    /// A fault inside the library. The data is safe; the call may be made again.
    static var InternalFault: Self { get }
}

/// What a call of an open desk may throw.
protocol CallError: CoreError {
    /// There is no such row, or what was asked for is not possible for it (any more).
    static var NotFound: Self { get }

    /// The key of its words.
    var stringKey: String { get }
}

extension OpenError: CoreError {}
extension DeskError: CallError {}
extension SubmitError: CallError {}
extension ReplyError: CallError {}
extension ChangeError: CallError {}
extension AttachError: CallError {}
