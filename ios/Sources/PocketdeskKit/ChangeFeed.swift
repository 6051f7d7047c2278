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

    static func stream(of desk: Desk) -> AsyncStream<Changes> {
        let (stream, continuation) = AsyncStream.makeStream(of: Changes.self, bufferingPolicy: .bufferingNewest(1))
        let subscription = desk.subscribe(listener: ChangeFeed(continuation))
        continuation.onTermination = { _ in subscription.cancel() }
        return stream
    }

    func changed(changes: Changes) throws {
        if case .dropped(let unread) = continuation.yield(changes) {
            continuation.yield(unread.merged(with: changes))
        }
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
