// Where a view keeps its state, and what it reads from its environment.

// SwiftUI/DynamicProperty · iOS 13, macOS 10.15
public protocol DynamicProperty {}

// SwiftUI/State · iOS 13, macOS 10.15
@propertyWrapper
public struct State<Value>: DynamicProperty {
    // SwiftUI/State/init(wrappedValue:) · iOS 13, macOS 10.15
    public init(wrappedValue value: Value) { fatalError() }
    // SwiftUI/State/init(initialValue:) · iOS 13, macOS 10.15
    public init(initialValue value: Value) { fatalError() }
    // SwiftUI/State/wrappedValue · iOS 13, macOS 10.15
    public var wrappedValue: Value {
        get { fatalError() }
        nonmutating set { fatalError() }
    }
    // SwiftUI/State/projectedValue · iOS 13, macOS 10.15
    public var projectedValue: Binding<Value> { fatalError() }
}
extension State where Value: ExpressibleByNilLiteral {
    // SwiftUI/State/init() · iOS 13, macOS 10.15
    public init() { fatalError() }
}
extension State: Sendable where Value: Sendable {}

// SwiftUI/ScaledMetric · iOS 14, macOS 11
@propertyWrapper
public struct ScaledMetric<Value: BinaryFloatingPoint>: DynamicProperty {
    // SwiftUI/ScaledMetric/init(wrappedValue:) · iOS 14, macOS 11
    nonisolated public init(wrappedValue: Value) { fatalError() }
    // SwiftUI/ScaledMetric/wrappedValue · iOS 14, macOS 11
    public var wrappedValue: Value { fatalError() }
}

// SwiftUI/Binding · iOS 13, macOS 10.15
@propertyWrapper @dynamicMemberLookup
public struct Binding<Value> {
    // SwiftUI/Binding/init(get:set:) · iOS 13, macOS 10.15
    @preconcurrency public init(
        @_inheritActorContext get: @escaping @isolated(any) @Sendable () -> Value,
        @_inheritActorContext set: @escaping @isolated(any) @Sendable (Value) -> Void
    ) { fatalError() }
    // SwiftUI/Binding/wrappedValue · iOS 13, macOS 10.15
    public var wrappedValue: Value {
        get { fatalError() }
        nonmutating set { fatalError() }
    }
    // SwiftUI/Binding/projectedValue · iOS 13, macOS 10.15
    public var projectedValue: Binding<Value> { fatalError() }
    // SwiftUI/Binding/subscript(dynamicMember:) · iOS 13, macOS 10.15
    public subscript<Subject>(dynamicMember keyPath: WritableKeyPath<Value, Subject>) -> Binding<Subject> { fatalError() }
}
extension Binding: Sendable where Value: Sendable {}

// SwiftUI/Bindable · iOS 17, macOS 14
@propertyWrapper @dynamicMemberLookup
public struct Bindable<Value> {
    // SwiftUI/Bindable/init(wrappedValue:): unavailable for what is not observable · iOS 17, macOS 14
    @available(*, unavailable, message: "The wrapped value must be an object that conforms to Observable")
    public init(wrappedValue: Value) { fatalError() }
    // SwiftUI/Bindable/wrappedValue · iOS 17, macOS 14
    public var wrappedValue: Value {
        get { fatalError() }
        set { fatalError() }
    }
    // SwiftUI/Bindable/projectedValue · iOS 17, macOS 14
    public var projectedValue: Bindable<Value> { fatalError() }
}
extension Bindable where Value: AnyObject {
    // SwiftUI/Bindable/subscript(dynamicMember:) · iOS 17, macOS 14
    public subscript<Subject>(dynamicMember keyPath: ReferenceWritableKeyPath<Value, Subject>) -> Binding<Subject> { fatalError() }
}
extension Bindable where Value: AnyObject, Value: Observable {
    // SwiftUI/Bindable/init(wrappedValue:) · iOS 17, macOS 14
    public init(wrappedValue: Value) { fatalError() }
    // SwiftUI/Bindable/init(_:) · iOS 17, macOS 14
    public init(_ wrappedValue: Value) { fatalError() }
}
extension Bindable: Sendable where Value: Sendable {}

// SwiftUI/Environment · iOS 13, macOS 10.15
@propertyWrapper
public struct Environment<Value>: DynamicProperty {
    // SwiftUI/Environment/init(_:) · iOS 13, macOS 10.15
    public init(_ keyPath: KeyPath<EnvironmentValues, Value>) { fatalError() }
    // SwiftUI/Environment/wrappedValue · iOS 13, macOS 10.15
    public var wrappedValue: Value { fatalError() }
}
extension Environment: Sendable where Value: Sendable {}

extension Environment {
    // SwiftUI/Environment/init(_:): of an observable object · iOS 17, macOS 14
    public init(_ objectType: Value.Type) where Value: AnyObject, Value: Observable { fatalError() }
}

// SwiftUI/SceneStorage · iOS 14, macOS 11
@propertyWrapper
public struct SceneStorage<Value>: DynamicProperty {
    let value: Value
    // SwiftUI/SceneStorage/wrappedValue · iOS 14, macOS 11
    public var wrappedValue: Value {
        get { fatalError() }
        nonmutating set { fatalError() }
    }
    // SwiftUI/SceneStorage/projectedValue · iOS 14, macOS 11
    public var projectedValue: Binding<Value> { fatalError() }
}
extension SceneStorage where Value: ExpressibleByNilLiteral {
    // SwiftUI/SceneStorage/init(_:): of optional data · iOS 14, macOS 11
    public init(_ key: String) where Value == Data? { fatalError() }
}

// SwiftUI/FocusState · iOS 15, macOS 12
@propertyWrapper
public struct FocusState<Value: Hashable>: DynamicProperty {
    // SwiftUI/FocusState/Binding · iOS 15, macOS 12
    @propertyWrapper
    public struct Binding {
        let value: Value
        // SwiftUI/FocusState/Binding/wrappedValue · iOS 15, macOS 12
        public var wrappedValue: Value {
            get { fatalError() }
            nonmutating set { fatalError() }
        }
    }
    let value: Value
    // SwiftUI/FocusState/init() · iOS 15, macOS 12
    public init() where Value: ExpressibleByNilLiteral { fatalError() }
    // SwiftUI/FocusState/wrappedValue · iOS 15, macOS 12
    public var wrappedValue: Value {
        get { fatalError() }
        nonmutating set { fatalError() }
    }
    // SwiftUI/FocusState/projectedValue · iOS 15, macOS 12
    public var projectedValue: FocusState<Value>.Binding { fatalError() }
}

// SwiftUI/OpenURLAction · iOS 14, macOS 11
@MainActor @preconcurrency
public struct OpenURLAction: Sendable {
    // SwiftUI/OpenURLAction/init(handler:) · iOS 15, macOS 12
    nonisolated public init(handler: @escaping (URL) -> Result) { fatalError() }
    // SwiftUI/OpenURLAction/callAsFunction(_:) · iOS 14, macOS 11
    public func callAsFunction(_ url: URL) { fatalError() }
    // SwiftUI/OpenURLAction/Result/handled, systemAction · iOS 15, macOS 12
    public struct Result: Sendable {
        public static let handled = Result()
        public static let systemAction = Result()
    }
}

// SwiftUI/EnvironmentValues · iOS 13, macOS 10.15
public struct EnvironmentValues {
    // SwiftUI/EnvironmentValues/scenePhase · iOS 14, macOS 11
    public var scenePhase: ScenePhase {
        get { fatalError() }
        set { fatalError() }
    }
    // SwiftUI/EnvironmentValues/dismiss · iOS 15, macOS 12
    public var dismiss: DismissAction { fatalError() }
    // SwiftUI/EnvironmentValues/openURL · iOS 14, macOS 11
    public var openURL: OpenURLAction {
        get { fatalError() }
        set { fatalError() }
    }
    // SwiftUI/EnvironmentValues/locale · iOS 13, macOS 10.15
    public var locale: Locale {
        get { fatalError() }
        set { fatalError() }
    }
    // SwiftUI/EnvironmentValues/layoutDirection · iOS 13, macOS 10.15
    public var layoutDirection: LayoutDirection {
        get { fatalError() }
        set { fatalError() }
    }
    // SwiftUI/EnvironmentValues/dynamicTypeSize · iOS 15, macOS 12
    public var dynamicTypeSize: DynamicTypeSize {
        get { fatalError() }
        set { fatalError() }
    }
    // SwiftUI/EnvironmentValues/colorScheme · iOS 13, macOS 10.15
    public var colorScheme: ColorScheme {
        get { fatalError() }
        set { fatalError() }
    }
}

// SwiftUI/ScenePhase · iOS 14, macOS 11
public enum ScenePhase: Hashable, Sendable {
    case background, inactive, active
}

// SwiftUI/LayoutDirection · iOS 13, macOS 10.15
public enum LayoutDirection: Hashable, Sendable {
    case leftToRight, rightToLeft
}

// SwiftUI/ColorScheme · iOS 13, macOS 10.15
public enum ColorScheme: Hashable, Sendable {
    case light, dark
}

// SwiftUI/DismissAction · iOS 15, macOS 12
@MainActor @preconcurrency
public struct DismissAction {
    nonisolated init() {}
    // SwiftUI/DismissAction/callAsFunction() · iOS 15, macOS 12
    @MainActor @preconcurrency public func callAsFunction() { fatalError() }
}
