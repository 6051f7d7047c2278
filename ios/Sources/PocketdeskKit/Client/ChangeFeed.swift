import Foundation

/// One subscription as a stream.
///
/// The core calls from a thread of its own, one call at a time. What the reader has not taken yet is merged into one value, so a slow
/// reader costs no memory and misses nothing. Three things end a subscription, each leaving no handle behind: the reader stops, the
/// reader drops the stream unread, or the core drops the listener because the desk was closed.
final class ChangeFeed: ChangeListener {
    private let continuation: AsyncStream<Changes>.Continuation

    private init(_ continuation: AsyncStream<Changes>.Continuation) {
        self.continuation = continuation
    }

    deinit {
        continuation.finish()
    }

    /// Subscribes on `worker`, which also reads: whatever is read there afterwards has its later changes in the stream.
    static func stream(of client: Desk, on queue: CallQueue) -> AsyncStream<Changes> {
        let (stream, continuation) = AsyncStream.makeStream(of: Changes.self, bufferingPolicy: .bufferingNewest(1))
        let registration = Registration()
        continuation.onTermination = { _ in registration.end() }
        queue.start {
            // A closed desk refuses and drops the feed, and with it the stream ends.
            guard let subscription = try? client.subscribe(listener: ChangeFeed(continuation)) else { return }
            registration.begin(subscription)
        }
        return stream
    }

    func changed(changes: Changes) throws {
        if case .dropped(let unread) = continuation.yield(changes) {
            continuation.yield(unread.merged(with: changes))
        }
    }
}

/// A subscription that may be over before it has begun.
private final class Registration: @unchecked Sendable {
    private let lock = NSLock()
    private var subscription: Subscription?
    private var ended = false

    func begin(_ subscription: Subscription) {
        let late = lock.withLock {
            if !ended { self.subscription = subscription }
            return ended
        }
        if late { subscription.cancel() }
    }

    func end() {
        let subscription = lock.withLock {
            ended = true
            defer { self.subscription = nil }
            return self.subscription
        }
        subscription?.cancel()
    }
}

extension Changes {
    func merged(with later: Changes) -> Changes {
        Changes(
            history: history || later.history,
            threads: threads + later.threads.filter { !threads.contains($0) },
            outbox: outbox || later.outbox,
            status: status || later.status
        )
    }
}
