// Declarations of UIKit for the type check, for iOS only: see ../../README.md.

@_exported import Foundation

// UIKit/UIKeyboardType · iOS 2
public enum UIKeyboardType: Int, Sendable {
    case emailAddress
}

// UIKit/UITextContentType · iOS 10
public struct UITextContentType: RawRepresentable, Hashable, Sendable {
    public let rawValue: String
    public init(rawValue: String) { fatalError() }
    // UIKit/UITextContentType/name · iOS 10
    public static let name = UITextContentType(rawValue: "")
    // UIKit/UITextContentType/emailAddress · iOS 10
    public static let emailAddress = UITextContentType(rawValue: "")
}

// UIKit/UIBackgroundTaskIdentifier · iOS 4
public struct UIBackgroundTaskIdentifier: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { fatalError() }
}

// UIKit/UIApplication · iOS 2
@MainActor
open class UIApplication: NSObject {
    // UIKit/UIApplication/shared · iOS 2
    public class var shared: UIApplication { fatalError() }
    // UIKit/UIApplication/beginBackgroundTask(withName:expirationHandler:) · iOS 7
    nonisolated open func beginBackgroundTask(
        withName taskName: String?, expirationHandler handler: (@MainActor @Sendable () -> Void)? = nil
    ) -> UIBackgroundTaskIdentifier { fatalError() }
    // UIKit/UIApplication/endBackgroundTask(_:) · iOS 4
    nonisolated open func endBackgroundTask(_ identifier: UIBackgroundTaskIdentifier) { fatalError() }
    // UIKit/UIApplication/didEnterBackgroundNotification · iOS 4
    nonisolated public class var didEnterBackgroundNotification: NSNotification.Name { fatalError() }
    // UIKit/UIApplication/willEnterForegroundNotification · iOS 4
    nonisolated public class var willEnterForegroundNotification: NSNotification.Name { fatalError() }
    // UIKit/UIApplication/didBecomeActiveNotification · iOS 2
    nonisolated public class var didBecomeActiveNotification: NSNotification.Name { fatalError() }
}

// UIKit/UIPasteboard · iOS 3
open class UIPasteboard: NSObject {
    // UIKit/UIPasteboard/general · iOS 3
    open class var general: UIPasteboard { fatalError() }
    // UIKit/UIPasteboard/string · iOS 3
    open var string: String? {
        get { fatalError() }
        set { fatalError() }
    }
}
