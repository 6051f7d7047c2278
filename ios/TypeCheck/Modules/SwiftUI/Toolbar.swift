// The contents of a toolbar.

// SwiftUI/ToolbarContent · iOS 14, macOS 11
@MainActor @preconcurrency
public protocol ToolbarContent {
    associatedtype Body: ToolbarContent
    @ToolbarContentBuilder @MainActor @preconcurrency var body: Self.Body { get }
}

// Swift/Never: conforms to ToolbarContent · iOS 14, macOS 11
extension Never: ToolbarContent {}

// Swift/Optional: conforms to ToolbarContent if its value does · iOS 16, macOS 13
extension Optional: ToolbarContent where Wrapped: ToolbarContent {
    // SwiftUI/ToolbarContent/body: of an optional, which SwiftUI draws itself · iOS 16, macOS 13
    nonisolated public var body: Never { fatalError() }
}

// SwiftUI/ToolbarContentBuilder · iOS 14, macOS 11
@resultBuilder
public struct ToolbarContentBuilder {
    // SwiftUI/ToolbarContentBuilder/buildBlock(_:) · iOS 14, macOS 11
    public static func buildBlock<Content: ToolbarContent>(_ content: Content) -> some ToolbarContent { content }
    // SwiftUI/ToolbarContentBuilder/buildBlock(_:_:) · iOS 14, macOS 11
    public static func buildBlock<C0: ToolbarContent, C1: ToolbarContent>(_ c0: C0, _ c1: C1) -> some ToolbarContent {
        fatalError()
    }
    // SwiftUI/ToolbarContentBuilder/buildBlock(_:_:_:) · iOS 14, macOS 11
    public static func buildBlock<C0: ToolbarContent, C1: ToolbarContent, C2: ToolbarContent>(
        _ c0: C0, _ c1: C1, _ c2: C2
    ) -> some ToolbarContent {
        fatalError()
    }
    // SwiftUI/ToolbarContentBuilder/buildIf(_:) · iOS 16, macOS 13
    public static func buildIf<Content: ToolbarContent>(_ content: Content?) -> Content? { fatalError() }
}

// SwiftUI/ToolbarItem · iOS 14, macOS 11
public struct ToolbarItem<ID, Content> {}
extension ToolbarItem: ToolbarContent where Content: View {
    public typealias Body = Never
    // SwiftUI/ToolbarContent/body · iOS 14, macOS 11
    nonisolated public var body: Never { fatalError() }
}
extension ToolbarItem where ID == Void, Content: View {
    // SwiftUI/ToolbarItem/init(placement:content:) · iOS 14, macOS 11
    nonisolated public init(placement: ToolbarItemPlacement = .automatic, @ViewBuilder content: () -> Content) { fatalError() }
}

// SwiftUI/ToolbarItemPlacement · iOS 14, macOS 11
public struct ToolbarItemPlacement: Sendable {
    // SwiftUI/ToolbarItemPlacement/automatic, primaryAction, confirmationAction, cancellationAction · iOS 14, macOS 11
    public static let automatic = ToolbarItemPlacement()
    public static let primaryAction = ToolbarItemPlacement()
    public static let confirmationAction = ToolbarItemPlacement()
    public static let cancellationAction = ToolbarItemPlacement()
}
