// Declarations of BackgroundTasks for the type check, for iOS only: see ../../README.md.

@_exported import Foundation

// BackgroundTasks/BGTaskRequest · iOS 13
open class BGTaskRequest: NSObject {
    // BackgroundTasks/BGTaskRequest/earliestBeginDate · iOS 13
    open var earliestBeginDate: Date? {
        get { fatalError() }
        set { fatalError() }
    }
}

// BackgroundTasks/BGProcessingTaskRequest · iOS 13
open class BGProcessingTaskRequest: BGTaskRequest {
    // BackgroundTasks/BGProcessingTaskRequest/init(identifier:) · iOS 13
    public init(identifier: String) { fatalError() }
    // BackgroundTasks/BGProcessingTaskRequest/requiresNetworkConnectivity · iOS 13
    open var requiresNetworkConnectivity: Bool {
        get { fatalError() }
        set { fatalError() }
    }
    // BackgroundTasks/BGProcessingTaskRequest/requiresExternalPower · iOS 13
    open var requiresExternalPower: Bool {
        get { fatalError() }
        set { fatalError() }
    }
}

// BackgroundTasks/BGTask · iOS 13
open class BGTask: NSObject {
    // BackgroundTasks/BGTask/expirationHandler · iOS 13
    open var expirationHandler: (() -> Void)? {
        get { fatalError() }
        set { fatalError() }
    }
    // BackgroundTasks/BGTask/setTaskCompleted(success:) · iOS 13
    open func setTaskCompleted(success: Bool) { fatalError() }
}

// BackgroundTasks/BGTaskScheduler · iOS 13
open class BGTaskScheduler: NSObject {
    // BackgroundTasks/BGTaskScheduler/shared · iOS 13
    public class var shared: BGTaskScheduler { fatalError() }
    // BackgroundTasks/BGTaskScheduler/register(forTaskWithIdentifier:using:launchHandler:) · iOS 13
    @discardableResult
    open func register(
        forTaskWithIdentifier identifier: String, using queue: DispatchQueue?, launchHandler: @escaping (BGTask) -> Void
    ) -> Bool { fatalError() }
    // BackgroundTasks/BGTaskScheduler/submit(_:) · iOS 13
    open func submit(_ taskRequest: BGTaskRequest) throws { fatalError() }
    // BackgroundTasks/BGTaskScheduler/cancel(taskRequestWithIdentifier:) · iOS 13
    open func cancel(taskRequestWithIdentifier identifier: String) { fatalError() }
}
