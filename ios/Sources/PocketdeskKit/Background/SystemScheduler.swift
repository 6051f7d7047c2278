#if canImport(UIKit) && canImport(BackgroundTasks)
import BackgroundTasks
import Foundation

/// A ``BackgroundScheduler`` that uses iOS's `BGTaskScheduler`. The system remembers the request while the app is not running, until the
/// user removes the app from the app switcher.
public struct SystemScheduler: BackgroundScheduler {
    private let identifier: String

    /// - Parameter identifier: The identifier of the background task, as given to ``PocketdeskHost/connect(task:)``.
    public init(task identifier: String) {
        self.identifier = identifier
    }

    /// Asks the system to launch the app as soon as there is a network.
    public func schedule(notBefore date: Date?) {
        let request = BGProcessingTaskRequest(identifier: identifier)
        request.requiresNetworkConnectivity = true
        request.requiresExternalPower = false
        request.earliestBeginDate = date
        // The system refuses if the user has turned background work off. Then the app sends while it is in front.
        try? BGTaskScheduler.shared.submit(request)
    }

    /// Withdraws the pending request.
    public func cancel() {
        BGTaskScheduler.shared.cancel(taskRequestWithIdentifier: identifier)
    }
}
#endif
