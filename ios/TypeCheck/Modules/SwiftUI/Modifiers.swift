// Modifiers of views.

@_exported import UniformTypeIdentifiers

// Text.
extension View {
    // SwiftUI/View/aspectRatio(_:contentMode:) · iOS 13, macOS 10.15
    nonisolated public func aspectRatio(_ aspectRatio: CGFloat? = nil, contentMode: ContentMode) -> some View { fatalError() }
    // SwiftUI/View/font(_:) · iOS 13, macOS 10.15
    nonisolated public func font(_ font: Font?) -> some View { fatalError() }
    // SwiftUI/View/fontWeight(_:) · iOS 16, macOS 13
    nonisolated public func fontWeight(_ weight: Font.Weight?) -> some View { fatalError() }
    // SwiftUI/View/lineLimit(_:) · iOS 13, macOS 10.15
    nonisolated public func lineLimit(_ number: Int?) -> some View { fatalError() }
    // SwiftUI/View/lineLimit(_:) · iOS 16, macOS 13
    nonisolated public func lineLimit(_ limit: PartialRangeFrom<Int>) -> some View { fatalError() }
    // SwiftUI/View/lineLimit(_:) · iOS 16, macOS 13
    nonisolated public func lineLimit(_ limit: ClosedRange<Int>) -> some View { fatalError() }
    // SwiftUI/View/textSelection(_:) · iOS 15, macOS 12
    nonisolated public func textSelection<S: TextSelectability>(_ selectability: S) -> some View { fatalError() }
    // SwiftUI/View/textFieldStyle(_:) · iOS 13, macOS 10.15
    nonisolated public func textFieldStyle<S: TextFieldStyle>(_ style: S) -> some View { fatalError() }
    // SwiftUI/View/autocorrectionDisabled(_:) · iOS 13, macOS 10.15
    nonisolated public func autocorrectionDisabled(_ disable: Bool = true) -> some View { fatalError() }
    // SwiftUI/View/onSubmit(of:_:) · iOS 15, macOS 12
    nonisolated public func onSubmit(of triggers: SubmitTriggers = .text, _ action: @escaping () -> Void) -> some View { fatalError() }
}

// SwiftUI/SubmitTriggers · iOS 15, macOS 12
public struct SubmitTriggers: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { fatalError() }
    // SwiftUI/SubmitTriggers/text · iOS 15, macOS 12
    public static let text = SubmitTriggers(rawValue: 0)
}

// SwiftUI/SearchFieldPlacement · iOS 15, macOS 12
public struct SearchFieldPlacement: Sendable {
    // SwiftUI/SearchFieldPlacement/automatic · iOS 15, macOS 12
    public static let automatic = SearchFieldPlacement()
}

// Layout and looks.
extension View {
    // SwiftUI/View/padding(_:_:) · iOS 13, macOS 10.15
    nonisolated public func padding(_ edges: Edge.Set = .all, _ length: CGFloat? = nil) -> some View { fatalError() }
    // SwiftUI/View/frame(minWidth:idealWidth:maxWidth:minHeight:idealHeight:maxHeight:alignment:) · iOS 13, macOS 10.15
    nonisolated public func frame(
        minWidth: CGFloat? = nil, idealWidth: CGFloat? = nil, maxWidth: CGFloat? = nil,
        minHeight: CGFloat? = nil, idealHeight: CGFloat? = nil, maxHeight: CGFloat? = nil,
        alignment: Alignment = .center
    ) -> some View { fatalError() }
    // SwiftUI/View/foregroundStyle(_:) · iOS 15, macOS 12
    nonisolated public func foregroundStyle<S: ShapeStyle>(_ style: S) -> some View { fatalError() }
    // SwiftUI/View/background(_:ignoresSafeAreaEdges:) · iOS 15, macOS 12
    nonisolated public func background<S: ShapeStyle>(_ style: S, ignoresSafeAreaEdges edges: Edge.Set = .all) -> some View {
        fatalError()
    }
    // SwiftUI/View/background(_:in:fillStyle:) · iOS 15, macOS 12
    nonisolated public func background<S: ShapeStyle, T: InsettableShape>(
        _ style: S, in shape: T, fillStyle: FillStyle = FillStyle()
    ) -> some View { fatalError() }
    // SwiftUI/View/frame(width:height:alignment:) · iOS 13, macOS 10.15
    nonisolated public func frame(width: CGFloat? = nil, height: CGFloat? = nil, alignment: Alignment = .center) -> some View {
        fatalError()
    }
    // SwiftUI/View/fixedSize(horizontal:vertical:) · iOS 13, macOS 10.15
    nonisolated public func fixedSize(horizontal: Bool, vertical: Bool) -> some View { fatalError() }
    // SwiftUI/View/overlay(alignment:content:) · iOS 15, macOS 12
    nonisolated public func overlay<V: View>(alignment: Alignment = .center, @ViewBuilder content: () -> V) -> some View { fatalError() }
    // SwiftUI/View/dynamicTypeSize(_:): a range · iOS 15, macOS 12
    nonisolated public func dynamicTypeSize<T: RangeExpression>(_ range: T) -> some View where T.Bound == DynamicTypeSize { fatalError() }
    // SwiftUI/View/clipped(antialiased:) · iOS 13, macOS 10.15
    nonisolated public func clipped(antialiased: Bool = false) -> some View { fatalError() }
    // SwiftUI/View/clipShape(_:style:) · iOS 13, macOS 10.15
    nonisolated public func clipShape<S: Shape>(_ shape: S, style: FillStyle = FillStyle()) -> some View { fatalError() }
    // SwiftUI/View/contentShape(_:eoFill:) · iOS 13, macOS 10.15
    nonisolated public func contentShape<S: Shape>(_ shape: S, eoFill: Bool = false) -> some View { fatalError() }
    // SwiftUI/View/safeAreaInset(edge:alignment:spacing:content:) · iOS 15, macOS 12
    nonisolated public func safeAreaInset<V: View>(
        edge: VerticalEdge, alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> V
    ) -> some View { fatalError() }
    // SwiftUI/View/listRowBackground(_:) · iOS 13, macOS 10.15
    nonisolated public func listRowBackground<V: View>(_ view: V?) -> some View { fatalError() }
    // SwiftUI/View/id(_:) · iOS 13, macOS 10.15
    nonisolated public func id<ID: Hashable>(_ id: ID) -> some View { fatalError() }
    // SwiftUI/View/listRowSeparator(_:edges:) · iOS 15, macOS 13
    nonisolated public func listRowSeparator(_ visibility: Visibility, edges: VerticalEdge.Set = .all) -> some View { fatalError() }
    // SwiftUI/View/keyboardShortcut(_:modifiers:) · iOS 14, macOS 11
    nonisolated public func keyboardShortcut(_ key: KeyEquivalent, modifiers: EventModifiers = .command) -> some View { fatalError() }
    // SwiftUI/View/keyboardShortcut(_:) · iOS 14, macOS 11
    nonisolated public func keyboardShortcut(_ shortcut: KeyboardShortcut) -> some View { fatalError() }
    // SwiftUI/View/searchable(text:placement:prompt:) · iOS 15, macOS 12
    @_disfavoredOverload nonisolated public func searchable<S: StringProtocol>(
        text: Binding<String>, placement: SearchFieldPlacement = .automatic, prompt: S
    ) -> some View { fatalError() }
    // SwiftUI/View/disabled(_:) · iOS 13, macOS 10.15
    nonisolated public func disabled(_ disabled: Bool) -> some View { fatalError() }
    // SwiftUI/View/pickerStyle(_:) · iOS 13, macOS 10.15
    nonisolated public func pickerStyle<S: PickerStyle>(_ style: S) -> some View { fatalError() }
    // SwiftUI/View/tag(_:includeOptional:) · iOS 13, macOS 10.15
    nonisolated public func tag<V: Hashable>(_ tag: V, includeOptional: Bool = true) -> some View { fatalError() }
    // SwiftUI/View/buttonStyle(_:) · iOS 13, macOS 10.15
    nonisolated public func buttonStyle<S: PrimitiveButtonStyle>(_ style: S) -> some View { fatalError() }
    // SwiftUI/View/labelStyle(_:) · iOS 14, macOS 11
    nonisolated public func labelStyle<S: LabelStyle>(_ style: S) -> some View { fatalError() }
    // SwiftUI/View/environment(_:_:) · iOS 13, macOS 10.15
    nonisolated public func environment<V>(_ keyPath: WritableKeyPath<EnvironmentValues, V>, _ value: V) -> some View { fatalError() }
    // SwiftUI/View/environment(_:) · iOS 17, macOS 14
    nonisolated public func environment<T: AnyObject & Observable>(_ object: T?) -> some View { fatalError() }
}

// Scrolling.
extension View {
    // SwiftUI/View/defaultScrollAnchor(_:) · iOS 17, macOS 14
    nonisolated public func defaultScrollAnchor(_ anchor: UnitPoint?) -> some View { fatalError() }
    // SwiftUI/View/scrollPosition(id:anchor:) · iOS 17, macOS 14
    nonisolated public func scrollPosition(id: Binding<(some Hashable)?>, anchor: UnitPoint? = nil) -> some View { fatalError() }
    // SwiftUI/View/scrollTargetLayout(isEnabled:) · iOS 17, macOS 14
    nonisolated public func scrollTargetLayout(isEnabled: Bool = true) -> some View { fatalError() }
}

// SwiftUI/DynamicTypeSize · iOS 15, macOS 12
public enum DynamicTypeSize: Hashable, Comparable, CaseIterable, Sendable {
    case xSmall, small, medium, large, xLarge, xxLarge, xxxLarge
    case accessibility1, accessibility2, accessibility3, accessibility4, accessibility5
    // SwiftUI/DynamicTypeSize/isAccessibilitySize · iOS 15, macOS 12
    public var isAccessibilitySize: Bool { fatalError() }
}

// Navigation and presentation.
extension View {
    // SwiftUI/View/navigationTitle(_:) · iOS 14, macOS 11
    @_disfavoredOverload nonisolated public func navigationTitle<S: StringProtocol>(_ title: S) -> some View { fatalError() }
    // SwiftUI/View/navigationBarBackButtonHidden(_:) · iOS 13, macOS 13
    nonisolated public func navigationBarBackButtonHidden(_ hidesBackButton: Bool = true) -> some View { fatalError() }
    // SwiftUI/View/navigationDestination(for:destination:) · iOS 16, macOS 13
    nonisolated public func navigationDestination<D: Hashable, C: View>(
        for data: D.Type, @ViewBuilder destination: @escaping (D) -> C
    ) -> some View { fatalError() }
    // SwiftUI/View/sheet(isPresented:onDismiss:content:) · iOS 13, macOS 10.15
    nonisolated public func sheet<Content: View>(
        isPresented: Binding<Bool>, onDismiss: (() -> Void)? = nil, @ViewBuilder content: @escaping () -> Content
    ) -> some View { fatalError() }
    // SwiftUI/View/interactiveDismissDisabled(_:) · iOS 15, macOS 12
    nonisolated public func interactiveDismissDisabled(_ isDisabled: Bool = true) -> some View { fatalError() }
    // SwiftUI/View/confirmationDialog(_:isPresented:titleVisibility:actions:)-46zbb · iOS 15, macOS 12
    @_disfavoredOverload
    nonisolated public func confirmationDialog<S: StringProtocol, A: View>(
        _ title: S, isPresented: Binding<Bool>, titleVisibility: Visibility = .automatic, @ViewBuilder actions: () -> A
    ) -> some View { fatalError() }
    // SwiftUI/View/confirmationDialog(_:isPresented:titleVisibility:presenting:actions:message:) · iOS 15, macOS 12
    @_disfavoredOverload
    nonisolated public func confirmationDialog<S: StringProtocol, A: View, M: View, T>(
        _ title: S, isPresented: Binding<Bool>, titleVisibility: Visibility = .automatic, presenting data: T?,
        @ViewBuilder actions: (T) -> A, @ViewBuilder message: (T) -> M
    ) -> some View { fatalError() }
    // SwiftUI/View/fileImporter(isPresented:allowedContentTypes:allowsMultipleSelection:onCompletion:) · iOS 14, macOS 11
    nonisolated public func fileImporter(
        isPresented: Binding<Bool>, allowedContentTypes: [UTType], allowsMultipleSelection: Bool,
        onCompletion: @escaping (Result<[URL], any Error>) -> Void
    ) -> some View { fatalError() }
    // SwiftUI/View/toolbar(content:) · iOS 14, macOS 11
    nonisolated public func toolbar<Content: ToolbarContent>(@ToolbarContentBuilder content: () -> Content) -> some View { fatalError() }
}

// Events.
extension View {
    // SwiftUI/View/task(priority:_:) · iOS 15, macOS 12
    nonisolated public func task(
        priority: TaskPriority = .userInitiated, @_inheritActorContext _ action: @escaping @Sendable () async -> Void
    ) -> some View { fatalError() }
    // SwiftUI/View/task(id:priority:_:) · iOS 15, macOS 12
    nonisolated public func task<T: Equatable>(
        id value: T, priority: TaskPriority = .userInitiated, @_inheritActorContext _ action: @escaping @Sendable () async -> Void
    ) -> some View { fatalError() }
    // SwiftUI/View/onAppear(perform:) · iOS 13, macOS 10.15
    nonisolated public func onAppear(perform action: (() -> Void)? = nil) -> some View { fatalError() }
    // SwiftUI/View/onDisappear(perform:) · iOS 13, macOS 10.15
    nonisolated public func onDisappear(perform action: (() -> Void)? = nil) -> some View { fatalError() }
    // SwiftUI/View/refreshable(action:) · iOS 15, macOS 12
    nonisolated public func refreshable(action: @escaping @Sendable () async -> Void) -> some View { fatalError() }
    // SwiftUI/View/focused(_:equals:) · iOS 15, macOS 12
    nonisolated public func focused<Value: Hashable>(_ binding: FocusState<Value>.Binding, equals value: Value) -> some View {
        fatalError()
    }
    // SwiftUI/View/onChange(of:initial:_:) · iOS 17, macOS 14
    nonisolated public func onChange<V: Equatable>(of value: V, initial: Bool = false, _ action: @escaping () -> Void) -> some View {
        fatalError()
    }
    // SwiftUI/View/onChange(of:initial:_:)-4psgg · iOS 17, macOS 14
    nonisolated public func onChange<V: Equatable>(
        of value: V, initial: Bool = false, _ action: @escaping (_ oldValue: V, _ newValue: V) -> Void
    ) -> some View { fatalError() }
}

// Accessibility.
extension View {
    // SwiftUI/View/accessibilityLabel(_:) · iOS 14, macOS 11
    @_disfavoredOverload nonisolated public func accessibilityLabel<S: StringProtocol>(_ label: S) -> some View { fatalError() }
    // SwiftUI/View/accessibilityAction(named:_:) · iOS 13, macOS 10.15
    nonisolated public func accessibilityAction(named name: Text, _ handler: @escaping () -> Void) -> some View { fatalError() }
    // SwiftUI/View/contextMenu(menuItems:) · iOS 13, macOS 10.15
    nonisolated public func contextMenu<MenuItems: View>(@ViewBuilder menuItems: () -> MenuItems) -> some View { fatalError() }
    // SwiftUI/View/badge(_:) · iOS 15, macOS 12
    nonisolated public func badge(_ label: Text?) -> some View { fatalError() }
    // SwiftUI/View/accessibilityValue(_:) · iOS 14, macOS 11
    @_disfavoredOverload nonisolated public func accessibilityValue<S: StringProtocol>(_ value: S) -> some View { fatalError() }
    // SwiftUI/View/accessibilityHint(_:) · iOS 14, macOS 11
    @_disfavoredOverload nonisolated public func accessibilityHint<S: StringProtocol>(_ hint: S) -> some View { fatalError() }
    // SwiftUI/View/alert(_:isPresented:actions:) · iOS 15, macOS 12
    nonisolated public func alert<S: StringProtocol, A: View>(
        _ title: S, isPresented: Binding<Bool>, @ViewBuilder actions: () -> A
    ) -> some View { fatalError() }
    // SwiftUI/View/allowsHitTesting(_:) · iOS 13, macOS 10.15
    nonisolated public func allowsHitTesting(_ enabled: Bool) -> some View { fatalError() }
    // SwiftUI/View/accessibilityHidden(_:) · iOS 14, macOS 11
    nonisolated public func accessibilityHidden(_ hidden: Bool) -> some View { fatalError() }
    // SwiftUI/View/accessibilityElement(children:) · iOS 13, macOS 10.15
    nonisolated public func accessibilityElement(children: AccessibilityChildBehavior = .ignore) -> some View { fatalError() }
    // SwiftUI/View/accessibilityAddTraits(_:) · iOS 14, macOS 11
    nonisolated public func accessibilityAddTraits(_ traits: AccessibilityTraits) -> some View { fatalError() }
}

// SwiftUI/AccessibilityChildBehavior · iOS 13, macOS 10.15
public struct AccessibilityChildBehavior: Hashable, Sendable {
    // SwiftUI/AccessibilityChildBehavior/ignore, combine, contain · iOS 13, macOS 10.15
    public static let contain = AccessibilityChildBehavior()
    public static let ignore = AccessibilityChildBehavior()
    public static let combine = AccessibilityChildBehavior()
}

// SwiftUI/AccessibilityTraits · iOS 13, macOS 10.15
public struct AccessibilityTraits: SetAlgebra, Sendable {
    // SwiftUI/AccessibilityTraits/isHeader · iOS 13, macOS 10.15
    public static let isHeader = AccessibilityTraits()
    // SwiftUI/AccessibilityTraits/isSelected · iOS 13, macOS 10.15
    public static let isSelected = AccessibilityTraits()
    // Swift/SetAlgebra/init() · iOS 8, macOS 10.10
    public init() { fatalError() }
    // Swift/SetAlgebra/contains · iOS 8, macOS 10.10
    public func contains(_ member: AccessibilityTraits) -> Bool { fatalError() }
    // Swift/SetAlgebra/union · iOS 8, macOS 10.10
    public func union(_ other: AccessibilityTraits) -> AccessibilityTraits { fatalError() }
    // Swift/SetAlgebra/intersection · iOS 8, macOS 10.10
    public func intersection(_ other: AccessibilityTraits) -> AccessibilityTraits { fatalError() }
    // Swift/SetAlgebra/symmetricDifference · iOS 8, macOS 10.10
    public func symmetricDifference(_ other: AccessibilityTraits) -> AccessibilityTraits { fatalError() }
    // Swift/SetAlgebra/insert · iOS 8, macOS 10.10
    public mutating func insert(
        _ newMember: AccessibilityTraits
    ) -> (inserted: Bool, memberAfterInsert: AccessibilityTraits) { fatalError() }
    // Swift/SetAlgebra/remove · iOS 8, macOS 10.10
    public mutating func remove(_ member: AccessibilityTraits) -> AccessibilityTraits? { fatalError() }
    // Swift/SetAlgebra/update · iOS 8, macOS 10.10
    public mutating func update(with newMember: AccessibilityTraits) -> AccessibilityTraits? { fatalError() }
    // Swift/SetAlgebra/formUnion · iOS 8, macOS 10.10
    public mutating func formUnion(_ other: AccessibilityTraits) { fatalError() }
    // Swift/SetAlgebra/formIntersection · iOS 8, macOS 10.10
    public mutating func formIntersection(_ other: AccessibilityTraits) { fatalError() }
    // Swift/SetAlgebra/formSymmetricDifference · iOS 8, macOS 10.10
    public mutating func formSymmetricDifference(_ other: AccessibilityTraits) { fatalError() }
}

// SwiftUI/Animation · iOS 13, macOS 10.15
public struct Animation: Equatable, Sendable {
    // SwiftUI/Animation/default · iOS 13, macOS 10.15
    public static let `default` = Animation()
}

// SwiftUI/withAnimation(_:_:) · iOS 13, macOS 10.15
public func withAnimation<Result>(_ animation: Animation? = .default, _ body: () throws -> Result) rethrows -> Result { fatalError() }

// SwiftUI/ContentMode/fit, fill · iOS 13, macOS 10.15
public enum ContentMode: Sendable { case fit, fill }
