// Declarations of Network for the type check: see ../../README.md.

import Dispatch

// Network/NWPath · iOS 12, macOS 10.14
public struct NWPath: Equatable, Sendable {
    // Network/NWPath/Status · iOS 12, macOS 10.14
    public enum Status: Sendable {
        case satisfied, unsatisfied, requiresConnection
    }
    // Network/NWPath/status · iOS 12, macOS 10.14
    public let status: NWPath.Status
}

// Network/NWPathMonitor · iOS 12, macOS 10.14
public final class NWPathMonitor: Sendable {
    // Network/NWPathMonitor/init() · iOS 12, macOS 10.14
    public init() { fatalError() }
    // Network/NWPathMonitor/pathUpdateHandler · iOS 12, macOS 10.14
    @preconcurrency public final var pathUpdateHandler: (@Sendable (_ newPath: NWPath) -> Void)? {
        get { fatalError() }
        set { fatalError() }
    }
    // Network/NWPathMonitor/start(queue:) · iOS 12, macOS 10.14
    public final func start(queue: DispatchQueue) { fatalError() }
    // Network/NWPathMonitor/cancel() · iOS 12, macOS 10.14
    public final func cancel() { fatalError() }
}
