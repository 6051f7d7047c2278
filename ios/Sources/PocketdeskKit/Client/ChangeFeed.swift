import Foundation

/// Turns one subscription of the core into an `AsyncStream`.
///
/// The core calls ``changed(changes:)`` on a thread of its own, one call at a time. Values that the reader has not taken yet are merged into
/// one, so a slow reader costs no memory and misses nothing.
///
/// A subscription ends when the reader stops, when the stream is released without being read, or when the core releases the listener because the
/// client was closed. No handle is left behind in any of these cases.
final class ChangeFeed: ChangeListener {
    private let continuation: AsyncStream<Changes>.Continuation

    private init(_ continuation: AsyncStream<Changes>.Continuation) {
        self.continuation = continuation
    }

    deinit {
        continuation.finish()
    }

    /// Subscribes on `queue`, which is also the queue of reads. So if a read is called later on that queue, the stream contains
    /// every change after that read.
    static func stream(of client: Client, on queue: CallQueue) -> AsyncStream<Changes> {
        let (stream, continuation) = AsyncStream.makeStream(of: Changes.self, bufferingPolicy: .bufferingNewest(1))
        let registration = Registration()
        continuation.onTermination = { _ in registration.end() }
        queue.start {
            // A closed client throws and releases the feed, which ends the stream.
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

/// Holds a subscription, and cancels it when the stream ends. If the stream has ended before the subscription is made, cancels
/// the subscription at once.
private final class Registration: @unchecked Sendable {
    private let lock = NSLock()
    private var subscription: Subscription?
    private var ended = false

    func begin(_ subscription: Subscription) {
        let alreadyEnded = lock.withLock {
            if !ended { self.subscription = subscription }
            return ended
        }
        if alreadyEnded { subscription.cancel() }
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
            everyThread: everyThread || later.everyThread,
            outbox: outbox || later.outbox,
            status: status || later.status,
            articles: articles || later.articles
        )
    }
}
