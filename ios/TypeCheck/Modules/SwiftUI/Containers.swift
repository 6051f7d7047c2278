// Stacks, lists, forms and navigation.

// SwiftUI/VStack · iOS 13, macOS 10.15
public struct VStack<Content: View> {
    // SwiftUI/VStack/init(alignment:spacing:content:) · iOS 13, macOS 10.15
    nonisolated public init(
        alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> Content
    ) { fatalError() }
}
extension VStack: View, Drawn {
    public typealias Body = Never
}

// SwiftUI/HStack · iOS 13, macOS 10.15
public struct HStack<Content: View> {
    // SwiftUI/HStack/init(alignment:spacing:content:) · iOS 13, macOS 10.15
    nonisolated public init(
        alignment: VerticalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> Content
    ) { fatalError() }
}
extension HStack: View, Drawn {
    public typealias Body = Never
}

// SwiftUI/LazyVStack · iOS 14, macOS 11
public struct LazyVStack<Content: View> {
    // SwiftUI/LazyVStack/init(alignment:spacing:pinnedViews:content:) · iOS 14, macOS 11
    nonisolated public init(
        alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil, pinnedViews: PinnedScrollableViews = .init(),
        @ViewBuilder content: () -> Content
    ) { fatalError() }
}
extension LazyVStack: View, Drawn {
    public typealias Body = Never
}

// SwiftUI/PinnedScrollableViews · iOS 14, macOS 11
public struct PinnedScrollableViews: OptionSet, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { fatalError() }
}

// SwiftUI/ViewThatFits · iOS 16, macOS 13
public struct ViewThatFits<Content: View> {
    // SwiftUI/ViewThatFits/init(in:content:) · iOS 16, macOS 13
    nonisolated public init(in axes: Axis.Set = [.horizontal, .vertical], @ViewBuilder content: () -> Content) { fatalError() }
}
extension ViewThatFits: View, Drawn {
    public typealias Body = Never
}

// SwiftUI/GeometryReader · iOS 13, macOS 10.15
public struct GeometryReader<Content: View> {
    // SwiftUI/GeometryReader/init(content:) · iOS 13, macOS 10.15
    nonisolated public init(@ViewBuilder content: @escaping (GeometryProxy) -> Content) { fatalError() }
}
extension GeometryReader: View, Drawn {
    public typealias Body = Never
}

// SwiftUI/GeometryProxy · iOS 13, macOS 10.15
public struct GeometryProxy: Sendable {
    // SwiftUI/GeometryProxy/size · iOS 13, macOS 10.15
    public var size: CGSize { fatalError() }
}

// SwiftUI/Divider · iOS 13, macOS 10.15
public struct Divider {
    // SwiftUI/Divider/init() · iOS 13, macOS 10.15
    nonisolated public init() { fatalError() }
}
extension Divider: View, Drawn {
    public typealias Body = Never
}

// SwiftUI/Spacer · iOS 13, macOS 10.15
public struct Spacer {
    // SwiftUI/Spacer/init(minLength:) · iOS 13, macOS 10.15
    nonisolated public init(minLength: CGFloat? = nil) { fatalError() }
}
extension Spacer: View, Drawn {
    public typealias Body = Never
}

// SwiftUI/List · iOS 13, macOS 10.15
public struct List<SelectionValue: Hashable, Content: View> {}
extension List: View, Drawn {
    public typealias Body = Never
}
extension List where SelectionValue == Never {
    // SwiftUI/List/init(content:) · iOS 13, macOS 10.15
    nonisolated public init(@ViewBuilder content: () -> Content) { fatalError() }
    // SwiftUI/List/init(_:id:rowContent:) · iOS 13, macOS 10.15
    nonisolated public init<Data: RandomAccessCollection, ID: Hashable, RowContent: View>(
        _ data: Data, id: KeyPath<Data.Element, ID>, @ViewBuilder rowContent: @escaping (Data.Element) -> RowContent
    ) where Content == ForEach<Data, ID, RowContent> { fatalError() }
}

// SwiftUI/Form · iOS 13, macOS 10.15
public struct Form<Content: View> {
    // SwiftUI/Form/init(content:) · iOS 13, macOS 10.15
    nonisolated public init(@ViewBuilder content: () -> Content) { fatalError() }
}
extension Form: View, Drawn {
    public typealias Body = Never
}

// SwiftUI/Section · iOS 13, macOS 10.15
public struct Section<Parent, Content, Footer> {}
extension Section: View, Drawn where Parent: View, Content: View, Footer: View {
    public typealias Body = Never
    // SwiftUI/Section/init(content:header:footer:) · iOS 13, macOS 10.15
    nonisolated public init(
        @ViewBuilder content: () -> Content, @ViewBuilder header: () -> Parent, @ViewBuilder footer: () -> Footer
    ) { fatalError() }
}
extension Section where Parent == EmptyView, Content: View, Footer: View {
    // SwiftUI/Section/init(content:footer:) · iOS 13, macOS 10.15
    nonisolated public init(@ViewBuilder content: () -> Content, @ViewBuilder footer: () -> Footer) { fatalError() }
}
extension Section where Parent: View, Content: View, Footer == EmptyView {
    // SwiftUI/Section/init(content:header:) · iOS 13, macOS 10.15
    nonisolated public init(@ViewBuilder content: () -> Content, @ViewBuilder header: () -> Parent) { fatalError() }
}
extension Section where Parent == EmptyView, Content: View, Footer == EmptyView {
    // SwiftUI/Section/init(content:) · iOS 13, macOS 10.15
    nonisolated public init(@ViewBuilder content: () -> Content) { fatalError() }
}
extension Section where Parent == Text, Content: View, Footer == EmptyView {
    // SwiftUI/Section/init(_:content:) · iOS 15, macOS 12
    @_disfavoredOverload
    nonisolated public init<S: StringProtocol>(_ title: S, @ViewBuilder content: () -> Content) { fatalError() }
}

// SwiftUI/NavigationStack · iOS 16, macOS 13
public struct NavigationStack<Data, Root: View> {}
extension NavigationStack: View, Drawn {
    public typealias Body = Never
}
extension NavigationStack where Data == NavigationPath {
    // SwiftUI/NavigationStack/init(root:) · iOS 16, macOS 13
    nonisolated public init(@ViewBuilder root: () -> Root) { fatalError() }
}
extension NavigationStack where Data: MutableCollection & RandomAccessCollection & RangeReplaceableCollection, Data.Element: Hashable {
    // SwiftUI/NavigationStack/init(path:root:) · iOS 16, macOS 13
    nonisolated public init(path: Binding<Data>, @ViewBuilder root: () -> Root) { fatalError() }
}

// SwiftUI/NavigationPath · iOS 16, macOS 13
public struct NavigationPath {}

// SwiftUI/NavigationLink · iOS 13, macOS 10.15
public struct NavigationLink<Label: View, Destination: View> {}
extension NavigationLink: View, Drawn {
    public typealias Body = Never
}
extension NavigationLink where Destination == Never {
    // SwiftUI/NavigationLink/init(value:label:) · iOS 16, macOS 13
    nonisolated public init<P: Hashable>(value: P?, @ViewBuilder label: () -> Label) { fatalError() }
    // SwiftUI/NavigationLink/init(_:value:) · iOS 16, macOS 13
    @_disfavoredOverload nonisolated public init<S: StringProtocol, P: Hashable>(_ title: S, value: P?) where Label == Text { fatalError() }
}

// SwiftUI/LabeledContent · iOS 16, macOS 13
public struct LabeledContent<Label, Content> {}
extension LabeledContent: View, Drawn where Label: View, Content: View {
    public typealias Body = Never
}
extension LabeledContent where Label == Text, Content: View {
    // SwiftUI/LabeledContent/init(_:content:) · iOS 16, macOS 13
    @_disfavoredOverload
    nonisolated public init<S: StringProtocol>(_ title: S, @ViewBuilder content: () -> Content) { fatalError() }
}
extension LabeledContent where Label == Text, Content == Text {
    // SwiftUI/LabeledContent/init(_:value:) · iOS 16, macOS 13
    @_disfavoredOverload
    nonisolated public init<S1: StringProtocol, S2: StringProtocol>(_ title: S1, value: S2) { fatalError() }
}

// SwiftUI/ContentUnavailableView · iOS 17, macOS 14
public struct ContentUnavailableView<Label: View, Description: View, Actions: View> {
    // SwiftUI/ContentUnavailableView/init(label:description:actions:) · iOS 17, macOS 14
    nonisolated public init(
        @ViewBuilder label: () -> Label,
        @ViewBuilder description: () -> Description = { EmptyView() },
        @ViewBuilder actions: () -> Actions = { EmptyView() }
    ) { fatalError() }
}
extension ContentUnavailableView: View, Drawn {
    public typealias Body = Never
}

// SwiftUI/TimelineSchedule · iOS 15, macOS 12
public protocol TimelineSchedule {}

// SwiftUI/PeriodicTimelineSchedule · iOS 15, macOS 12
public struct PeriodicTimelineSchedule: TimelineSchedule, Sendable {}
extension TimelineSchedule where Self == PeriodicTimelineSchedule {
    // SwiftUI/TimelineSchedule/periodic(from:by:) · iOS 15, macOS 12
    public static func periodic(from startDate: Date, by interval: TimeInterval) -> PeriodicTimelineSchedule { fatalError() }
}

// SwiftUI/TimelineView · iOS 15, macOS 12
public struct TimelineView<Schedule: TimelineSchedule, Content> {
    // SwiftUI/TimelineView/Context · iOS 15, macOS 12
    public struct Context {
        // SwiftUI/TimelineView/Context/date · iOS 15, macOS 12
        public let date: Date
    }
}
extension TimelineView: View, Drawn where Content: View {
    public typealias Body = Never
    // SwiftUI/TimelineView/init(_:content:) · iOS 15, macOS 12
    nonisolated public init(_ schedule: Schedule, @ViewBuilder content: @escaping (TimelineViewDefaultContext) -> Content) { fatalError() }
}

// SwiftUI/TimelineViewDefaultContext · iOS 15, macOS 12
public typealias TimelineViewDefaultContext = TimelineView<EveryMinuteTimelineSchedule, Never>.Context

// SwiftUI/EveryMinuteTimelineSchedule · iOS 15, macOS 12
public struct EveryMinuteTimelineSchedule: TimelineSchedule, Sendable {}
extension TimelineSchedule where Self == EveryMinuteTimelineSchedule {
    // SwiftUI/TimelineSchedule/everyMinute · iOS 15, macOS 12
    public static var everyMinute: EveryMinuteTimelineSchedule { fatalError() }
}

// SwiftUI/DisclosureGroup · iOS 14, macOS 11
public struct DisclosureGroup<Label: View, Content: View> {
    // SwiftUI/DisclosureGroup/init(isExpanded:content:label:) · iOS 14, macOS 11
    nonisolated public init(
        isExpanded: Binding<Bool>, @ViewBuilder content: @escaping () -> Content, @ViewBuilder label: () -> Label
    ) { fatalError() }
}
extension DisclosureGroup: View, Drawn {
    public typealias Body = Never
}

// SwiftUI/ScrollView · iOS 13, macOS 10.15
public struct ScrollView<Content: View> {
    // SwiftUI/ScrollView/init(_:content:) · iOS 13, macOS 10.15
    nonisolated public init(_ axes: Axis.Set = .vertical, @ViewBuilder content: () -> Content) { fatalError() }
}
extension ScrollView: View, Drawn {
    public typealias Body = Never
}

// SwiftUI/ScrollViewReader · iOS 14, macOS 11
public struct ScrollViewReader<Content: View> {
    // SwiftUI/ScrollViewReader/init(content:) · iOS 14, macOS 11
    nonisolated public init(@ViewBuilder content: @escaping (ScrollViewProxy) -> Content) { fatalError() }
}
extension ScrollViewReader: View, Drawn {
    public typealias Body = Never
}

// SwiftUI/ScrollViewProxy · iOS 14, macOS 11
public struct ScrollViewProxy {
    // SwiftUI/ScrollViewProxy/scrollTo(_:anchor:) · iOS 14, macOS 11
    public func scrollTo<ID: Hashable>(_ id: ID, anchor: UnitPoint? = nil) { fatalError() }
}
