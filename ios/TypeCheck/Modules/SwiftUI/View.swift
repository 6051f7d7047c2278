// Declarations of SwiftUI for the type check of `PocketdeskUI` and of the sample on Linux. See ../../README.md.
//
// There is no behaviour here, and nothing of this can run. A declaration stands here only if it is available from iOS 17 and macOS 14 on. The
// comment above it names its page on developer.apple.com/documentation and the systems that have it.

#if !os(Linux)
#error("These declarations stand in for SwiftUI where there is none. An app links the real SwiftUI.")
#endif

@_exported import Foundation
@_exported import Observation

// SwiftUI/View · iOS 13, macOS 10.15
@MainActor @preconcurrency
public protocol View {
    associatedtype Body: View
    @ViewBuilder @MainActor @preconcurrency var body: Self.Body { get }
}

// SwiftUI/View · iOS 13, macOS 10.15: what SwiftUI draws itself has `Never` as its body. This protocol is ours, and says so in one place. An app's
// own view without a body does not conform to it, and is refused.
public protocol Drawn: View where Body == Never {}
extension Drawn {
    // SwiftUI/View/body · iOS 13, macOS 10.15
    nonisolated public var body: Never { fatalError() }
}

// Swift/Never: conforms to View · iOS 13, macOS 10.15
extension Never: View {
    public typealias Body = Never
    // Swift/Never/body · iOS 13, macOS 10.15
    nonisolated public var body: Never { fatalError() }
}

// Swift/Optional: conforms to View if its value does · iOS 13, macOS 10.15
extension Optional: View where Wrapped: View {
    public typealias Body = Never
    // SwiftUI/View/body: of an optional, which SwiftUI draws itself · iOS 13, macOS 10.15
    nonisolated public var body: Never { fatalError() }
}

// SwiftUI/EmptyView · iOS 13, macOS 10.15
public struct EmptyView {
    nonisolated public init() {}
}
extension EmptyView: View, Drawn {
    public typealias Body = Never
}

// SwiftUI/TupleView · iOS 13, macOS 10.15
public struct TupleView<T> {
    nonisolated init() {}
}
extension TupleView: View, Drawn {
    public typealias Body = Never
}

// SwiftUI/ViewBuilder/buildEither(first:): its result, which has no page · iOS 13, macOS 10.15
public struct _ConditionalContent<TrueContent, FalseContent> {
    nonisolated init() {}
}
extension _ConditionalContent: View, Drawn where TrueContent: View, FalseContent: View {
    public typealias Body = Never
}

// SwiftUI/ViewBuilder · iOS 13, macOS 10.15
@resultBuilder
public struct ViewBuilder {
    // SwiftUI/ViewBuilder/buildExpression(_:) · iOS 13, macOS 10.15
    public static func buildExpression<Content: View>(_ content: Content) -> Content { fatalError() }
    // SwiftUI/ViewBuilder/buildBlock() · iOS 13, macOS 10.15
    public static func buildBlock() -> EmptyView { fatalError() }
    // SwiftUI/ViewBuilder/buildBlock(_:) · iOS 13, macOS 10.15
    public static func buildBlock<Content: View>(_ content: Content) -> Content { fatalError() }
    // SwiftUI/ViewBuilder/buildBlock(_:) · iOS 13, macOS 10.15
    public static func buildBlock<each Content: View>(_ content: repeat each Content) -> TupleView<(repeat each Content)> {
        fatalError()
    }
    // SwiftUI/ViewBuilder/buildIf(_:) · iOS 13, macOS 10.15
    public static func buildIf<Content: View>(_ content: Content?) -> Content? { fatalError() }
    // SwiftUI/ViewBuilder/buildEither(first:) · iOS 13, macOS 10.15
    public static func buildEither<T: View, F: View>(first: T) -> _ConditionalContent<T, F> { fatalError() }
    // SwiftUI/ViewBuilder/buildEither(second:) · iOS 13, macOS 10.15
    public static func buildEither<T: View, F: View>(second: F) -> _ConditionalContent<T, F> { fatalError() }
}

// SwiftUI/ViewModifier · iOS 13, macOS 10.15
@MainActor @preconcurrency
public protocol ViewModifier {
    associatedtype Body: View
    @ViewBuilder @MainActor @preconcurrency func body(content: Self.Content) -> Self.Body
    typealias Content = _ViewModifier_Content<Self>
}

// SwiftUI/ViewModifier/Content · iOS 13, macOS 10.15
public struct _ViewModifier_Content<Modifier: ViewModifier> {
    nonisolated init() {}
}
extension _ViewModifier_Content: View, Drawn {
    public typealias Body = Never
}

// SwiftUI/Group · iOS 13, macOS 10.15
public struct Group<Content> {}
extension Group: View, Drawn where Content: View {
    public typealias Body = Never
    // SwiftUI/Group/init(content:) · iOS 13, macOS 10.15
    nonisolated public init(@ViewBuilder content: () -> Content) { fatalError() }
}

// SwiftUI/ForEach · iOS 13, macOS 10.15
public struct ForEach<Data: RandomAccessCollection, ID: Hashable, Content> {}
extension ForEach: View, Drawn where Content: View {
    public typealias Body = Never
    // SwiftUI/ForEach/init(_:id:content:) · iOS 13, macOS 10.15
    nonisolated public init(
        _ data: Data, id: KeyPath<Data.Element, ID>, @ViewBuilder content: @escaping (Data.Element) -> Content
    ) { fatalError() }
}
extension ForEach where ID == Data.Element.ID, Content: View, Data.Element: Identifiable {
    // SwiftUI/ForEach/init(_:content:) · iOS 13, macOS 10.15
    nonisolated public init(_ data: Data, @ViewBuilder content: @escaping (Data.Element) -> Content) { fatalError() }
}

// SwiftUI/App · iOS 14, macOS 11
@MainActor @preconcurrency
public protocol App {
    associatedtype Body: Scene
    @SceneBuilder @MainActor @preconcurrency var body: Self.Body { get }
    @MainActor @preconcurrency init()
}
extension App {
    // SwiftUI/App/main() · iOS 14, macOS 11
    @MainActor @preconcurrency public static func main() { fatalError() }
}

// SwiftUI/Scene · iOS 14, macOS 11
@MainActor @preconcurrency
public protocol Scene {
    associatedtype Body: Scene
    @SceneBuilder @MainActor @preconcurrency var body: Self.Body { get }
}

// Swift/Never: conforms to Scene · iOS 14, macOS 11
extension Never: Scene {}

// SwiftUI/SceneBuilder · iOS 14, macOS 11
@resultBuilder
public struct SceneBuilder {
    // SwiftUI/SceneBuilder/buildBlock(_:) · iOS 14, macOS 11
    public static func buildBlock<Content: Scene>(_ content: Content) -> Content { fatalError() }
}

// SwiftUI/WindowGroup · iOS 14, macOS 11
public struct WindowGroup<Content: View> {
    // SwiftUI/WindowGroup/init(content:) · iOS 14, macOS 11
    nonisolated public init(@ViewBuilder content: () -> Content) { fatalError() }
}
extension WindowGroup: Scene {
    public typealias Body = Never
    // SwiftUI/Scene/body · iOS 14, macOS 11
    nonisolated public var body: Never { fatalError() }
}
