// Declarations of UIKit for the type check, for iOS only: see ../../README.md.

@_exported import Foundation

// UIKit/UIKeyboardType · iOS 2
public enum UIKeyboardType: Int, Sendable {
    case emailAddress, URL
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

// UIKit/UIBackgroundFetchResult · iOS 7
public enum UIBackgroundFetchResult: UInt, Sendable {
    case newData, noData, failed
}

// UIKit/UIApplicationDelegate · iOS 2
@MainActor
public protocol UIApplicationDelegate: NSObjectProtocol {
    // UIKit/UIApplicationDelegate/application(_:didReceiveRemoteNotification:fetchCompletionHandler:) · iOS 7
    func application(
        _ application: UIApplication, didReceiveRemoteNotification userInfo: [AnyHashable: Any]
    ) async -> UIBackgroundFetchResult
}

// UIKit/UIPasteboard · iOS 3
open class UIPasteboard: NSObject {
    // UIKit/UIPasteboard/general · iOS 3
    open class var general: UIPasteboard { fatalError() }
    // UIKit/UIPasteboard/value(forPasteboardType:) · iOS 3
    open func value(forPasteboardType pasteboardType: String) -> Any? { fatalError() }
    // UIKit/UIPasteboard/string · iOS 3
    open var string: String? {
        get { fatalError() }
        set { fatalError() }
    }
}

// UIKit/UIColor · iOS 2
open class UIColor: NSObject, @unchecked Sendable {
    // UIKit/UIColor/clear · iOS 2
    open class var clear: UIColor { fatalError() }
    // UIKit/UIColor/label · iOS 13
    open class var label: UIColor { fatalError() }
    // UIKit/UIColor/link · iOS 13
    open class var link: UIColor { fatalError() }
}

// UIKit/UIFontDescriptor · iOS 7
open class UIFontDescriptor: NSObject, @unchecked Sendable {
    // UIKit/UIFontDescriptor/SymbolicTraits-swift.struct · iOS 7
    public struct SymbolicTraits: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { fatalError() }
        // UIKit/UIFontDescriptor/SymbolicTraits-swift.struct/traitBold · iOS 7
        public static var traitBold: SymbolicTraits { fatalError() }
        // UIKit/UIFontDescriptor/SymbolicTraits-swift.struct/traitItalic · iOS 7
        public static var traitItalic: SymbolicTraits { fatalError() }
    }
    // UIKit/UIFontDescriptor/withSymbolicTraits(_:) · iOS 7
    open func withSymbolicTraits(_ symbolicTraits: SymbolicTraits) -> UIFontDescriptor? { fatalError() }
}

// UIKit/UIFont · iOS 2
open class UIFont: NSObject, @unchecked Sendable {
    // UIKit/UIFont/TextStyle · iOS 7
    public struct TextStyle: Sendable {
        // UIKit/UIFont/TextStyle/body · iOS 7
        public static var body: TextStyle { fatalError() }
    }
    // UIKit/UIFont/preferredFont(forTextStyle:) · iOS 7
    open class func preferredFont(forTextStyle style: TextStyle) -> UIFont { fatalError() }
    // UIKit/UIFont/init(descriptor:size:) · iOS 7
    public init(descriptor: UIFontDescriptor, size pointSize: CGFloat) { fatalError() }
    // UIKit/UIFont/fontDescriptor · iOS 7
    open var fontDescriptor: UIFontDescriptor { fatalError() }
    // UIKit/UIFont/lineHeight · iOS 4
    open var lineHeight: CGFloat { fatalError() }
}

// UIKit/NSUnderlineStyle · iOS 6
public struct NSUnderlineStyle: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { fatalError() }
    // UIKit/NSUnderlineStyle/single · iOS 6
    public static var single: NSUnderlineStyle { fatalError() }
}

extension NSAttributedString.Key {
    // Foundation/NSAttributedString/Key/font · iOS 6
    public static var font: NSAttributedString.Key { fatalError() }
    // Foundation/NSAttributedString/Key/foregroundColor · iOS 6
    public static var foregroundColor: NSAttributedString.Key { fatalError() }
    // Foundation/NSAttributedString/Key/underlineStyle · iOS 6
    public static var underlineStyle: NSAttributedString.Key { fatalError() }
}

// UIKit/UIView · iOS 2
@MainActor
open class UIView: NSObject {
    // UIKit/UIView/init() · iOS 2
    public override init() { fatalError() }
    // UIKit/UIView/backgroundColor · iOS 2
    open var backgroundColor: UIColor? {
        get { fatalError() }
        set { fatalError() }
    }
    // UIKit/UIView/sizeThatFits(_:) · iOS 2
    open func sizeThatFits(_ size: CGSize) -> CGSize { fatalError() }
    // ObjectiveC/NSObject/accessibilityLabel · iOS 3
    open var accessibilityLabel: String? {
        get { fatalError() }
        set { fatalError() }
    }
}

// UIKit/UITextRange · iOS 3
@MainActor
open class UITextRange: NSObject {}

// UIKit/UITextView · iOS 2
@MainActor
open class UITextView: UIView {
    // UIKit/UITextView/delegate · iOS 2
    open weak var delegate: (any UITextViewDelegate)?
    // UIKit/UITextView/text · iOS 2
    // swift-format-ignore: NeverUseImplicitlyUnwrappedOptionals
    open var text: String! {
        get { fatalError() }
        set { fatalError() }
    }
    // UIKit/UITextView/attributedText · iOS 6
    // swift-format-ignore: NeverUseImplicitlyUnwrappedOptionals
    open var attributedText: NSAttributedString! {
        get { fatalError() }
        set { fatalError() }
    }
    // UIKit/UITextView/selectedRange · iOS 2
    open var selectedRange: NSRange {
        get { fatalError() }
        set { fatalError() }
    }
    // UIKit/UITextView/isEditable · iOS 2
    open var isEditable: Bool {
        get { fatalError() }
        set { fatalError() }
    }
    // UIKit/UITextView/typingAttributes · iOS 6
    open var typingAttributes: [NSAttributedString.Key: Any] {
        get { fatalError() }
        set { fatalError() }
    }
    // UIKit/UITextInput/markedTextRange · iOS 3
    open var markedTextRange: UITextRange? { fatalError() }
    // UIKit/UIContentSizeCategoryAdjusting/adjustsFontForContentSizeCategory · iOS 10
    open var adjustsFontForContentSizeCategory: Bool {
        get { fatalError() }
        set { fatalError() }
    }
    // UIKit/UIResponderStandardEditActions/paste(_:) · iOS 3
    open func paste(_ sender: Any?) { fatalError() }
}

// UIKit/UITextViewDelegate · iOS 2
@MainActor
public protocol UITextViewDelegate: NSObjectProtocol {
    // UIKit/UITextViewDelegate/textViewDidChange(_:) · iOS 2
    func textViewDidChange(_ textView: UITextView)
    // UIKit/UITextViewDelegate/textViewDidChangeSelection(_:) · iOS 2
    func textViewDidChangeSelection(_ textView: UITextView)
}
