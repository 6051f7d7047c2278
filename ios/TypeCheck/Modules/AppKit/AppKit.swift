// Declarations of AppKit for the type check, for macOS only: see ../../README.md.

@_exported import Foundation

// AppKit/NSPasteboard · macOS 10.0
open class NSPasteboard: NSObject {
    // AppKit/NSPasteboard/PasteboardType · macOS 10.0
    public struct PasteboardType: RawRepresentable, Hashable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { fatalError() }
        // AppKit/NSPasteboard/PasteboardType/string · macOS 10.6
        public static let string = PasteboardType(rawValue: "")
    }
    // AppKit/NSPasteboard/general · macOS 10.0
    open class var general: NSPasteboard { fatalError() }
    // AppKit/NSPasteboard/clearContents() · macOS 10.6
    @discardableResult
    open func clearContents() -> Int { fatalError() }
    // AppKit/NSPasteboard/setString(_:forType:) · macOS 10.0
    @discardableResult
    open func setString(_ string: String, forType dataType: NSPasteboard.PasteboardType) -> Bool { fatalError() }
}
