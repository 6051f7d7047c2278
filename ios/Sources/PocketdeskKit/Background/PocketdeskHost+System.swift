#if canImport(UIKit) && canImport(BackgroundTasks)
import BackgroundTasks
import UIKit

// Passes on what iOS says to `PocketdeskHost`, and decides nothing.

extension PocketdeskHost {
    /// How long the client may work after the app left the front, in seconds. The system grants about 30.
    private static let assertionSeconds: UInt32 = 20

    /// How long the client may work in a background task, in seconds. The system grants some minutes.
    private static let taskSeconds: UInt32 = 120

    /// Connects the host with iOS: with the app's way to the front and back, and with the background task.
    ///
    /// Call it once, on the main thread, before the app has finished launching: in `application(_:didFinishLaunchingWithOptions:)`, or in the
    /// initializer of the SwiftUI `App`. Later the system refuses the background task.
    ///
    /// - Parameter identifier: The identifier of the background task. The app's `Info.plist` lists it under
    ///   `BGTaskSchedulerPermittedIdentifiers`, and has the background mode `processing`.
    @MainActor
    public func connect(task identifier: String) {
        let center = NotificationCenter.default
        _ = center.addObserver(forName: UIApplication.didEnterBackgroundNotification, object: nil, queue: .main) { _ in
            MainActor.assumeIsolated { self.hasLeftFront() }
        }
        // An app that has just been launched becomes active without ever having been in the background.
        for name in [UIApplication.willEnterForegroundNotification, UIApplication.didBecomeActiveNotification] {
            _ = center.addObserver(forName: name, object: nil, queue: .main) { _ in
                // The error is ignored here: the screens keep what they show, and the host tries again. Both directions run on the main actor, so
                // that they reach the host in the order in which they happened.
                Task { @MainActor in try? await self.enterFront() }
            }
        }
        // `@Sendable`, because the system calls this on a queue of its own, and not on the main thread as the rest of this function.
        BGTaskScheduler.shared.register(forTaskWithIdentifier: identifier, using: nil) { @Sendable task in
            let time = BackgroundTime(seconds: Self.taskSeconds)
            task.expirationHandler = { time.expire() }
            let granted = GrantedTask(task: task)
            Task {
                let done = await self.work(for: time)
                granted.task.setTaskCompleted(success: done)
            }
        }
    }

    /// Begins the background assertion before it returns, because the system may freeze the app at any moment afterwards.
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

/// A background task that the system has granted. `BGTask` is not Sendable, but the system allows it to be completed on any thread.
private struct GrantedTask: @unchecked Sendable {
    let task: BGTask
}
#endif
