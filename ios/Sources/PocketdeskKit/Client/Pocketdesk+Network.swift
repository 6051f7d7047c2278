#if canImport(Network)
import Foundation
import Network

extension Pocketdesk {
    /// Passes the state of the device's network on to ``setOnline(_:)`` until the task is cancelled: `.task { await client.followNetwork() }`.
    public func followNetwork() async {
        let monitor = NWPathMonitor()
        let (states, continuation) = AsyncStream.makeStream(of: Bool.self, bufferingPolicy: .bufferingNewest(1))
        monitor.pathUpdateHandler = { continuation.yield($0.status == .satisfied) }
        continuation.onTermination = { _ in monitor.cancel() }
        monitor.start(queue: DispatchQueue(label: "dev.pocketdesk.network"))
        for await online in states {
            setOnline(online)
        }
    }
}
#endif
