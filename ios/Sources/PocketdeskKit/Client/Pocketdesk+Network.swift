#if canImport(Network)
import Foundation
import Network

extension Pocketdesk {
    /// Passes on what the system says about the network, until the task is cancelled: `.task { await desk.followNetwork() }`.
    public func followNetwork() async {
        let monitor = NWPathMonitor()
        let (answers, continuation) = AsyncStream.makeStream(of: Bool.self, bufferingPolicy: .bufferingNewest(1))
        monitor.pathUpdateHandler = { continuation.yield($0.status == .satisfied) }
        continuation.onTermination = { _ in monitor.cancel() }
        monitor.start(queue: DispatchQueue(label: "dev.pocketdesk.network"))
        for await online in answers {
            setOnline(online)
        }
    }
}
#endif
