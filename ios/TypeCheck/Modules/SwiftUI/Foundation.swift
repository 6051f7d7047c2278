// What Foundation has on Apple's systems only. It is declared here because whoever imports SwiftUI has Foundation as well.

extension URL {
    // Foundation/URL/startAccessingSecurityScopedResource() · iOS 8, macOS 10.10
    public func startAccessingSecurityScopedResource() -> Bool { fatalError() }
    // Foundation/URL/stopAccessingSecurityScopedResource() · iOS 8, macOS 10.10
    public func stopAccessingSecurityScopedResource() { fatalError() }
    // Foundation/URL/applicationSupportDirectory · iOS 16, macOS 13
    public static var applicationSupportDirectory: URL { fatalError() }
}

// Foundation/InlinePresentationIntent · iOS 15, macOS 12
public struct InlinePresentationIntent: OptionSet, Hashable, Sendable {
    public let rawValue: UInt
    public init(rawValue: UInt) { fatalError() }
    // Foundation/InlinePresentationIntent/emphasized, stronglyEmphasized, code · iOS 15, macOS 12
    public static let emphasized = InlinePresentationIntent(rawValue: 1)
    public static let stronglyEmphasized = InlinePresentationIntent(rawValue: 2)
    public static let code = InlinePresentationIntent(rawValue: 4)
}

// SwiftUI/Text/LineStyle · iOS 15, macOS 12
extension Text {
    public struct LineStyle: Hashable, Sendable {
        // SwiftUI/Text/LineStyle/single · iOS 15, macOS 12
        public static let single = LineStyle()
    }
}

// The attributes of a text are found by dynamic members on Apple's systems. Here they are plain properties.
extension AttributedString {
    // Foundation/AttributeScopes/FoundationAttributes/inlinePresentationIntent · iOS 15, macOS 12
    public var inlinePresentationIntent: InlinePresentationIntent? {
        get { fatalError() }
        set { fatalError() }
    }
    // SwiftUI/AttributeScopes/SwiftUIAttributes/backgroundColor · iOS 15, macOS 12
    public var backgroundColor: Color? {
        get { fatalError() }
        set { fatalError() }
    }
    // SwiftUI/AttributeScopes/SwiftUIAttributes/foregroundColor · iOS 15, macOS 12
    public var foregroundColor: Color? {
        get { fatalError() }
        set { fatalError() }
    }
    // SwiftUI/AttributeScopes/SwiftUIAttributes/underlineStyle · iOS 15, macOS 12
    public var underlineStyle: Text.LineStyle? {
        get { fatalError() }
        set { fatalError() }
    }
}
