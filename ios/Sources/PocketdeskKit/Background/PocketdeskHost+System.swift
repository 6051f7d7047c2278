#if canImport(UIKit) && canImport(BackgroundTasks)
import BackgroundTasks
import UIKit

// The thin shell between iOS and `DeskHost`: it passes on what the system says, and decides nothing.

extension PocketdeskHost {
    /// How long the desk works after the app left the front; the system gives about 30 seconds.
    private static let assertionSeconds: UInt32 = 20

    /// How long the desk works in a background task; the system gives some minutes.
    private static let taskSeconds: UInt32 = 120

    /// Connects the host with the system. Call it once, on the main thread, before the app has finished launching
    /// (`application(_:didFinishLaunchingWithOptions:)`, or the initializer of the SwiftUI `App`): later the system refuses.
    ///
    /// - Parameter identifier: The background task's, listed in the app's `Info.plist` under `BGTaskSchedulerPermittedIdentifiers`; the app
    ///   has the background mode `processing`.
    @MainActor
    public func connect(task identifier: String) {
        let center = NotificationCenter.default
        _ = center.addObserver(forName: UIApplication.didEnterBackgroundNotification, object: nil, queue: .main) { _ in
            MainActor.assumeIsolated { self.hasLeftFront() }
        }
        // The second one for an app that never was in the background before.
        for name in [UIApplication.willEnterForegroundNotification, UIApplication.didBecomeActiveNotification] {
            _ = center.addObserver(forName: name, object: nil, queue: .main) { _ in
                // What keeps the file from being opened shows on the screens, each call of which throws it. On the main actor, as is
                // leaving: so they reach the host in the order in which they happened.
                Task { @MainActor in try? await self.enterFront() }
            }
        }
        BGTaskScheduler.shared.register(forTaskWithIdentifier: identifier, using: nil) { task in
            nonisolated(unsafe) let task = task
            let time = BackgroundTime(seconds: Self.taskSeconds)
            task.expirationHandler = { time.expire() }
            Task {
                let done = await self.work(for: time)
                task.setTaskCompleted(success: done)
            }
        }
    }

    /// The assertion begins before this returns: afterwards the system may freeze the app at any moment.
    @MainActor
    private func hasLeftFront() {
        let time = BackgroundTime(seconds: Self.assertionSeconds)
        let assertion = UIApplication.shared.beginBackgroundTask(withName: "Pocketdesk") { time.expire() }
        Task { @MainActor in
            await self.leaveFront(for: time)
            UIApplication.shared.endBackgroundTask(assertion)
        }
    }
}

/// iOS's own scheduler. It remembers the request while the app is not running; removing the app from the app switcher forgets it.
public struct SystemScheduler: BackgroundScheduler {
    private let identifier: String

    /// - Parameter identifier: The background task's, as given to ``DeskHost/connect(task:)``.
    public init(task identifier: String) {
        self.identifier = identifier
    }

    /// Asks for a start as soon as there is a network.
    public func schedule(notBefore date: Date?) {
        let request = BGProcessingTaskRequest(identifier: identifier)
        request.requiresNetworkConnectivity = true
        request.requiresExternalPower = false
        request.earliestBeginDate = date
        // Refused where the user has turned background work off: then the app sends when it is in front.
        try? BGTaskScheduler.shared.submit(request)
    }

    /// Takes the request back.
    public func cancel() {
        BGTaskScheduler.shared.cancel(taskRequestWithIdentifier: identifier)
    }
}
#endif
