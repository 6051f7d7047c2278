// Texts, images and controls.

@_exported import CoreGraphics

// SwiftUI/LocalizedStringKey · iOS 13, macOS 10.15
public struct LocalizedStringKey: Equatable, ExpressibleByStringInterpolation {
    // SwiftUI/LocalizedStringKey/init(stringLiteral:) · iOS 13, macOS 10.15
    public init(stringLiteral value: String) { fatalError() }
}

// SwiftUI/Text · iOS 13, macOS 10.15
public struct Text: Equatable, Sendable {
    // SwiftUI/Text/init(verbatim:) · iOS 13, macOS 10.15
    public init(verbatim content: String) { fatalError() }
    // SwiftUI/Text/init(_:) · iOS 13, macOS 10.15
    @_disfavoredOverload public init<S: StringProtocol>(_ content: S) { fatalError() }
    // SwiftUI/Text/init(_:): of an attributed string · iOS 15, macOS 12
    public init(_ attributedContent: AttributedString) { fatalError() }
    // SwiftUI/Text/init(_:tableName:bundle:comment:) · iOS 13, macOS 10.15
    public init(_ key: LocalizedStringKey, tableName: String? = nil, bundle: Bundle? = nil, comment: StaticString? = nil) {
        fatalError()
    }
}
extension Text: View, Drawn {
    public typealias Body = Never
}

// SwiftUI/Image · iOS 13, macOS 10.15
public struct Image: Equatable, Sendable {
    // SwiftUI/Image/init(systemName:) · iOS 13, macOS 11
    public init(systemName: String) { fatalError() }
    // SwiftUI/Image/init(decorative:scale:orientation:): a picture of Core Graphics · iOS 13, macOS 10.15
    public init(decorative cgImage: CGImage, scale: CGFloat, orientation: Orientation = .up) { fatalError() }
    // SwiftUI/Image/init(_:scale:orientation:label:) · iOS 13, macOS 10.15
    public init(_ cgImage: CGImage, scale: CGFloat, orientation: Orientation = .up, label: Text) { fatalError() }
    // SwiftUI/Image/Orientation/up · iOS 13, macOS 10.15
    public enum Orientation: Sendable { case up }
    // SwiftUI/Image/resizable(capInsets:resizingMode:) · iOS 13, macOS 10.15
    public func resizable() -> Image { fatalError() }
}
extension Image: View, Drawn {
    public typealias Body = Never
}

// SwiftUI/Label · iOS 14, macOS 11
public struct Label<Title, Icon> {}
extension Label: View, Drawn where Title: View, Icon: View {
    public typealias Body = Never
    // SwiftUI/Label/init(title:icon:) · iOS 14, macOS 11
    nonisolated public init(@ViewBuilder title: () -> Title, @ViewBuilder icon: () -> Icon) { fatalError() }
}
extension Label where Title == Text, Icon == Image {
    // SwiftUI/Label/init(_:systemImage:) · iOS 14, macOS 11
    nonisolated public init(_ titleKey: LocalizedStringKey, systemImage name: String) { fatalError() }
    // SwiftUI/Label/init(_:systemImage:) · iOS 14, macOS 11
    @_disfavoredOverload nonisolated public init<S: StringProtocol>(_ title: S, systemImage name: String) { fatalError() }
}

// SwiftUI/ButtonRole · iOS 15, macOS 12
public struct ButtonRole: Equatable, Sendable {
    // SwiftUI/ButtonRole/destructive · iOS 15, macOS 12
    public static let destructive = ButtonRole()
    // SwiftUI/ButtonRole/cancel · iOS 15, macOS 12
    public static let cancel = ButtonRole()
}

extension Text {
    // SwiftUI/Text/accessibilityLabel(_:) · iOS 15, macOS 12
    @_disfavoredOverload public func accessibilityLabel<S: StringProtocol>(_ label: S) -> Text { fatalError() }
}

// SwiftUI/Menu · iOS 14, macOS 11
public struct Menu<Label: View, Content: View> {
    // SwiftUI/Menu/init(content:label:) · iOS 14, macOS 11
    nonisolated public init(@ViewBuilder content: () -> Content, @ViewBuilder label: () -> Label) { fatalError() }
}
extension Menu: View, Drawn {
    public typealias Body = Never
}

// SwiftUI/Button · iOS 13, macOS 10.15
public struct Button<Label: View> {
    // SwiftUI/Button/init(action:label:) · iOS 13, macOS 10.15
    @preconcurrency nonisolated public init(action: @escaping @MainActor () -> Void, @ViewBuilder label: () -> Label) { fatalError() }
    // SwiftUI/Button/init(role:action:label:) · iOS 15, macOS 12
    @preconcurrency nonisolated public init(
        role: ButtonRole?, action: @escaping @MainActor () -> Void, @ViewBuilder label: () -> Label
    ) { fatalError() }
}
extension Button: View, Drawn {
    public typealias Body = Never
}
extension Button where Label == Text {
    // SwiftUI/Button/init(_:action:)-1asy · iOS 13, macOS 10.15
    @preconcurrency nonisolated public init(_ titleKey: LocalizedStringKey, action: @escaping @MainActor () -> Void) { fatalError() }
    // SwiftUI/Button/init(_:action:)-lpm7 · iOS 13, macOS 10.15
    @_disfavoredOverload @preconcurrency
    nonisolated public init<S: StringProtocol>(_ title: S, action: @escaping @MainActor () -> Void) { fatalError() }
    // SwiftUI/Button/init(_:role:action:) · iOS 15, macOS 12
    @_disfavoredOverload @preconcurrency
    nonisolated public init<S: StringProtocol>(_ title: S, role: ButtonRole?, action: @escaping @MainActor () -> Void) { fatalError() }
}

// SwiftUI/Link · iOS 14, macOS 11
public struct Link<Label: View> {
    // SwiftUI/Link/init(destination:label:) · iOS 14, macOS 11
    nonisolated public init(destination: URL, @ViewBuilder label: () -> Label) { fatalError() }
}
extension Link: View, Drawn {
    public typealias Body = Never
}

// SwiftUI/TextField · iOS 13, macOS 10.15
public struct TextField<Label: View> {}
extension TextField: View, Drawn {
    public typealias Body = Never
}
extension TextField where Label == Text {
    // SwiftUI/TextField/init(_:text:) · iOS 13, macOS 10.15
    @_disfavoredOverload nonisolated public init<S: StringProtocol>(_ title: S, text: Binding<String>) { fatalError() }
    // SwiftUI/TextField/init(_:text:axis:) · iOS 16, macOS 13
    @_disfavoredOverload nonisolated public init<S: StringProtocol>(_ title: S, text: Binding<String>, axis: Axis) { fatalError() }
}

// SwiftUI/Toggle · iOS 13, macOS 10.15
public struct Toggle<Label: View> {}
extension Toggle: View, Drawn {
    public typealias Body = Never
}
extension Toggle where Label == Text {
    // SwiftUI/Toggle/init(_:isOn:) · iOS 13, macOS 10.15
    @_disfavoredOverload nonisolated public init<S: StringProtocol>(_ title: S, isOn: Binding<Bool>) { fatalError() }
}

// SwiftUI/Picker · iOS 13, macOS 10.15
public struct Picker<Label: View, SelectionValue: Hashable, Content: View> {}
extension Picker: View, Drawn {
    public typealias Body = Never
}
extension Picker where Label == Text {
    // SwiftUI/Picker/init(_:selection:content:) · iOS 13, macOS 10.15
    @_disfavoredOverload nonisolated public init<S: StringProtocol>(
        _ title: S, selection: Binding<SelectionValue>, @ViewBuilder content: () -> Content
    ) { fatalError() }
}

// SwiftUI/ProgressView · iOS 14, macOS 11
public struct ProgressView<Label: View, CurrentValueLabel: View> {}
extension ProgressView: View, Drawn {
    public typealias Body = Never
}
extension ProgressView where CurrentValueLabel == EmptyView {
    // SwiftUI/ProgressView/init() · iOS 14, macOS 11
    nonisolated public init() where Label == EmptyView { fatalError() }
    // SwiftUI/ProgressView/init(_:) · iOS 14, macOS 11
    @_disfavoredOverload nonisolated public init<S: StringProtocol>(_ title: S) where Label == Text { fatalError() }
    // SwiftUI/ProgressView/init(value:total:) · iOS 14, macOS 11
    nonisolated public init<V: BinaryFloatingPoint>(value: V?, total: V = 1.0) where Label == EmptyView { fatalError() }
    // SwiftUI/ProgressView/init(value:total:label:) · iOS 14, macOS 11
    nonisolated public init<V: BinaryFloatingPoint>(value: V?, total: V = 1.0, @ViewBuilder label: () -> Label) { fatalError() }
}
