// Colours, fonts, shapes and the styles of controls.

// SwiftUI/ShapeStyle · iOS 13, macOS 10.15
public protocol ShapeStyle: Sendable {
    // SwiftUI/ShapeStyle/Resolved · iOS 17, macOS 14
    associatedtype Resolved: ShapeStyle = Never
    // SwiftUI/ShapeStyle/resolve(in:) · iOS 17, macOS 14
    func resolve(in environment: EnvironmentValues) -> Self.Resolved
}
extension ShapeStyle where Self.Resolved == Never {
    // SwiftUI/ShapeStyle/resolve(in:): of a style that SwiftUI resolves itself · iOS 17, macOS 14
    public func resolve(in environment: EnvironmentValues) -> Never { fatalError() }
}
extension ShapeStyle {
    // SwiftUI/ShapeStyle/opacity(_:) · iOS 15, macOS 12
    public func opacity(_ opacity: Double) -> some ShapeStyle { self }
}

// Swift/Never: conforms to ShapeStyle · iOS 17, macOS 14
extension Never: ShapeStyle {}

// SwiftUI/Color · iOS 13, macOS 10.15
public struct Color: Hashable, Sendable, ShapeStyle {
    // SwiftUI/Color/RGBColorSpace · iOS 13, macOS 10.15
    public enum RGBColorSpace: Hashable, Sendable {
        case sRGB, sRGBLinear, displayP3
    }
    // SwiftUI/Color/init(_:red:green:blue:opacity:) · iOS 13, macOS 10.15
    public init(_ colorSpace: RGBColorSpace = .sRGB, red: Double, green: Double, blue: Double, opacity: Double = 1) { fatalError() }
    // SwiftUI/Color/red, primary, secondary, accentColor · iOS 13, macOS 10.15
    public static let red = Color(red: 0, green: 0, blue: 0)
    public static let accentColor = Color(red: 0, green: 0, blue: 0)
    public static let primary = Color(red: 0, green: 0, blue: 0)
    public static let secondary = Color(red: 0, green: 0, blue: 0)
    // SwiftUI/Color/opacity(_:) · iOS 13, macOS 10.15
    public func opacity(_ opacity: Double) -> Color { fatalError() }
}
extension Color: View, Drawn {
    public typealias Body = Never
}
extension ShapeStyle where Self == Color {
    // SwiftUI/ShapeStyle/red · iOS 15, macOS 12
    public static var red: Color { fatalError() }
}

// SwiftUI/HierarchicalShapeStyle · iOS 15, macOS 12
public struct HierarchicalShapeStyle: ShapeStyle {}
extension ShapeStyle where Self == HierarchicalShapeStyle {
    // SwiftUI/ShapeStyle/primary · iOS 15, macOS 12
    public static var primary: HierarchicalShapeStyle { fatalError() }
    // SwiftUI/ShapeStyle/secondary · iOS 15, macOS 12
    public static var secondary: HierarchicalShapeStyle { fatalError() }
}

// SwiftUI/TintShapeStyle · iOS 15, macOS 12
public struct TintShapeStyle: ShapeStyle {}
extension ShapeStyle where Self == TintShapeStyle {
    // SwiftUI/ShapeStyle/tint · iOS 15, macOS 12
    public static var tint: TintShapeStyle { fatalError() }
}

// SwiftUI/ForegroundStyle · iOS 15, macOS 12
public struct ForegroundStyle: ShapeStyle {}
extension ShapeStyle where Self == ForegroundStyle {
    // SwiftUI/ShapeStyle/foreground · iOS 15, macOS 12
    public static var foreground: ForegroundStyle { fatalError() }
}

// SwiftUI/AnyShapeStyle · iOS 15, macOS 12
public struct AnyShapeStyle: ShapeStyle {
    // SwiftUI/AnyShapeStyle/init(_:) · iOS 15, macOS 12
    public init<S: ShapeStyle>(_ style: S) { fatalError() }
}

// SwiftUI/Material · iOS 15, macOS 12
public struct Material: ShapeStyle {}
extension ShapeStyle where Self == Material {
    // SwiftUI/ShapeStyle/thinMaterial · iOS 15, macOS 12
    public static var thinMaterial: Material { fatalError() }
    // SwiftUI/ShapeStyle/bar · iOS 15, macOS 12
    public static var bar: Material { fatalError() }
}

// SwiftUI/FillStyle · iOS 13, macOS 10.15
public struct FillStyle: Equatable, Sendable {
    // SwiftUI/FillStyle/init(eoFill:antialiased:) · iOS 13, macOS 10.15
    public init(eoFill: Bool = false, antialiased: Bool = true) { fatalError() }
}

// SwiftUI/Shape · iOS 13, macOS 10.15
@preconcurrency public protocol Shape: Sendable, View {}
extension Shape {
    // SwiftUI/Shape/fill(_:style:) · iOS 17, macOS 14
    nonisolated public func fill<S: ShapeStyle>(_ content: S = .foreground, style: FillStyle = FillStyle()) -> some View { fatalError() }
}

// SwiftUI/InsettableShape · iOS 13, macOS 10.15
public protocol InsettableShape: Shape {}
extension InsettableShape {
    // SwiftUI/InsettableShape/strokeBorder(_:lineWidth:antialiased:) · iOS 13, macOS 10.15
    nonisolated public func strokeBorder<S: ShapeStyle>(
        _ content: S, lineWidth: CGFloat = 1, antialiased: Bool = true
    ) -> some View { fatalError() }
}

// SwiftUI/RoundedCornerStyle · iOS 13, macOS 10.15
public enum RoundedCornerStyle: Hashable, Sendable {
    case circular, continuous
}

// SwiftUI/Capsule · iOS 13, macOS 10.15
public struct Capsule: Sendable {
    // SwiftUI/Capsule/init(style:) · iOS 13, macOS 10.15
    nonisolated public init(style: RoundedCornerStyle = .continuous) { fatalError() }
}
extension Capsule: InsettableShape, Drawn {
    public typealias Body = Never
}

// SwiftUI/Circle · iOS 13, macOS 10.15
public struct Circle: Sendable {
    // SwiftUI/Circle/init() · iOS 13, macOS 10.15
    nonisolated public init() { fatalError() }
}
extension Circle: InsettableShape, Drawn {
    public typealias Body = Never
}

// SwiftUI/Rectangle · iOS 13, macOS 10.15
public struct Rectangle: Sendable {
    // SwiftUI/Rectangle/init() · iOS 13, macOS 10.15
    nonisolated public init() { fatalError() }
}
extension Rectangle: InsettableShape, Drawn {
    public typealias Body = Never
}

// SwiftUI/RoundedRectangle · iOS 13, macOS 10.15
public struct RoundedRectangle: Sendable {
    // SwiftUI/RoundedRectangle/init(cornerRadius:style:) · iOS 13, macOS 10.15
    nonisolated public init(cornerRadius: CGFloat, style: RoundedCornerStyle = .continuous) { fatalError() }
}
extension RoundedRectangle: InsettableShape, Drawn {
    public typealias Body = Never
}

// SwiftUI/Font · iOS 13, macOS 10.15
public struct Font: Hashable, Sendable {
    // SwiftUI/Font/title2, caption2 · iOS 14, macOS 11
    public static let title2 = Font()
    public static let caption2 = Font()
    // SwiftUI/Font/TextStyle, Font/Design · iOS 13, macOS 10.15
    public enum TextStyle: Sendable { case body, callout }
    public enum Design: Sendable { case monospaced }
    // SwiftUI/Font/system(_:design:weight:) · iOS 16, macOS 13
    public static func system(_ style: TextStyle, design: Design? = nil, weight: Weight? = nil) -> Font { fatalError() }
    // SwiftUI/Font/system(size:weight:design:) · iOS 16, macOS 13
    public static func system(size: CGFloat, weight: Weight? = nil, design: Design? = nil) -> Font { fatalError() }
    // SwiftUI/Font/headline, subheadline, body, footnote, caption · iOS 13, macOS 10.15
    public static let headline = Font()
    public static let subheadline = Font()
    public static let body = Font()
    public static let footnote = Font()
    public static let caption = Font()
    // SwiftUI/Font/weight(_:) · iOS 13, macOS 10.15
    public func weight(_ weight: Font.Weight) -> Font { fatalError() }
    // SwiftUI/Font/Weight · iOS 13, macOS 10.15
    public struct Weight: Hashable, Sendable {
        // SwiftUI/Font/Weight/regular, medium, semibold, bold · iOS 13, macOS 10.15
        public static let regular = Weight()
        public static let medium = Weight()
        public static let semibold = Weight()
        public static let bold = Weight()
    }
}

// SwiftUI/Axis · iOS 13, macOS 10.15
public enum Axis: Sendable {
    case horizontal, vertical
    // SwiftUI/Axis/Set · iOS 13, macOS 10.15
    public struct Set: OptionSet, Sendable {
        public let rawValue: Int8
        public init(rawValue: Int8) { fatalError() }
        // SwiftUI/Axis/Set/horizontal, vertical · iOS 13, macOS 10.15
        public static let horizontal = Set(rawValue: 0)
        public static let vertical = Set(rawValue: 0)
    }
}

// SwiftUI/UnitPoint · iOS 13, macOS 10.15
public struct UnitPoint: Hashable, Sendable {
    // SwiftUI/UnitPoint/top, bottom · iOS 13, macOS 10.15
    public static let top = UnitPoint()
    public static let bottom = UnitPoint()
}

// SwiftUI/Edge · iOS 13, macOS 10.15
public enum Edge: Sendable {
    case top, leading, bottom, trailing
    // SwiftUI/Edge/Set · iOS 13, macOS 10.15
    public struct Set: OptionSet, Sendable {
        public let rawValue: Int8
        public init(rawValue: Int8) { fatalError() }
        // SwiftUI/Edge/Set/top, leading, bottom, trailing, all, horizontal, vertical · iOS 13, macOS 10.15
        public static let top = Set(rawValue: 0)
        public static let leading = Set(rawValue: 0)
        public static let bottom = Set(rawValue: 0)
        public static let trailing = Set(rawValue: 0)
        public static let all = Set(rawValue: 0)
        public static let horizontal = Set(rawValue: 0)
        public static let vertical = Set(rawValue: 0)
    }
}

// SwiftUI/VerticalEdge · iOS 15, macOS 12
public enum VerticalEdge: Sendable {
    case top, bottom
    // SwiftUI/VerticalEdge/Set · iOS 15, macOS 12
    public struct Set: OptionSet, Sendable {
        public let rawValue: Int8
        public init(rawValue: Int8) { fatalError() }
        // SwiftUI/VerticalEdge/Set/all · iOS 15, macOS 12
        public static let all = Set(rawValue: 0)
    }
}

// SwiftUI/KeyEquivalent · iOS 14, macOS 11
public struct KeyEquivalent: Sendable {
    // SwiftUI/KeyEquivalent/return · iOS 14, macOS 11
    public static let `return` = KeyEquivalent()
}
extension KeyEquivalent: ExpressibleByExtendedGraphemeClusterLiteral {
    // SwiftUI/KeyEquivalent/init(extendedGraphemeClusterLiteral:) · iOS 14, macOS 11
    public init(extendedGraphemeClusterLiteral: Character) { fatalError() }
}

// SwiftUI/EventModifiers · iOS 13, macOS 10.15
public struct EventModifiers: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { fatalError() }
    // SwiftUI/EventModifiers/command · iOS 13, macOS 10.15
    public static let command = EventModifiers(rawValue: 0)
    // SwiftUI/EventModifiers/shift · iOS 13, macOS 10.15
    public static let shift = EventModifiers(rawValue: 0)
}

// SwiftUI/KeyboardShortcut · iOS 14, macOS 11
public struct KeyboardShortcut: Sendable {
    // SwiftUI/KeyboardShortcut/cancelAction · iOS 14, macOS 11
    public static let cancelAction = KeyboardShortcut()
}

// SwiftUI/HorizontalAlignment · iOS 13, macOS 10.15
public struct HorizontalAlignment: Equatable, Sendable {
    // SwiftUI/HorizontalAlignment/leading, center, trailing · iOS 13, macOS 10.15
    public static let leading = HorizontalAlignment()
    public static let center = HorizontalAlignment()
    public static let trailing = HorizontalAlignment()
}

// SwiftUI/VerticalAlignment · iOS 13, macOS 10.15
public struct VerticalAlignment: Equatable, Sendable {
    // SwiftUI/VerticalAlignment/top, center, bottom, firstTextBaseline · iOS 13, macOS 10.15
    public static let top = VerticalAlignment()
    public static let center = VerticalAlignment()
    public static let bottom = VerticalAlignment()
    public static let firstTextBaseline = VerticalAlignment()
}

// SwiftUI/Alignment · iOS 13, macOS 10.15
public struct Alignment: Equatable, Sendable {
    // SwiftUI/Alignment/leading, center, trailing, top, bottomTrailing · iOS 13, macOS 10.15
    public static let leading = Alignment()
    public static let center = Alignment()
    public static let trailing = Alignment()
    public static let top = Alignment()
    public static let bottomTrailing = Alignment()
}

// SwiftUI/PickerStyle · iOS 13, macOS 10.15
public protocol PickerStyle {}
// SwiftUI/MenuPickerStyle · iOS 14, macOS 11
public struct MenuPickerStyle: PickerStyle {}
extension PickerStyle where Self == MenuPickerStyle {
    // SwiftUI/PickerStyle/menu · iOS 14, macOS 11
    public static var menu: MenuPickerStyle { fatalError() }
}

// SwiftUI/PrimitiveButtonStyle · iOS 13, macOS 10.15
@MainActor @preconcurrency public protocol PrimitiveButtonStyle {}

// SwiftUI/BorderlessButtonStyle · iOS 13, macOS 10.15
public struct BorderlessButtonStyle: PrimitiveButtonStyle {}
extension PrimitiveButtonStyle where Self == BorderlessButtonStyle {
    // SwiftUI/PrimitiveButtonStyle/borderless · iOS 13, macOS 10.15
    public static var borderless: BorderlessButtonStyle { fatalError() }
}

// SwiftUI/PlainButtonStyle · iOS 13, macOS 10.15
public struct PlainButtonStyle: PrimitiveButtonStyle {}
extension PrimitiveButtonStyle where Self == PlainButtonStyle {
    // SwiftUI/PrimitiveButtonStyle/plain · iOS 13, macOS 10.15
    public static var plain: PlainButtonStyle { fatalError() }
}

// SwiftUI/BorderedButtonStyle · iOS 15, macOS 10.15
public struct BorderedButtonStyle: PrimitiveButtonStyle {}
extension PrimitiveButtonStyle where Self == BorderedButtonStyle {
    // SwiftUI/PrimitiveButtonStyle/bordered · iOS 15, macOS 10.15
    public static var bordered: BorderedButtonStyle { fatalError() }
}

// SwiftUI/BorderedProminentButtonStyle · iOS 15, macOS 12
public struct BorderedProminentButtonStyle: PrimitiveButtonStyle {}
extension PrimitiveButtonStyle where Self == BorderedProminentButtonStyle {
    // SwiftUI/PrimitiveButtonStyle/borderedProminent · iOS 15, macOS 12
    public static var borderedProminent: BorderedProminentButtonStyle { fatalError() }
}

// SwiftUI/TextFieldStyle · iOS 13, macOS 10.15
public protocol TextFieldStyle {}

// SwiftUI/RoundedBorderTextFieldStyle · iOS 13, macOS 10.15
public struct RoundedBorderTextFieldStyle: TextFieldStyle {}
extension TextFieldStyle where Self == RoundedBorderTextFieldStyle {
    // SwiftUI/TextFieldStyle/roundedBorder · iOS 13, macOS 10.15
    public static var roundedBorder: RoundedBorderTextFieldStyle { fatalError() }
}

// SwiftUI/LabelStyle · iOS 14, macOS 11
@MainActor @preconcurrency public protocol LabelStyle {}

// SwiftUI/IconOnlyLabelStyle · iOS 14, macOS 11
public struct IconOnlyLabelStyle: LabelStyle {}
extension LabelStyle where Self == IconOnlyLabelStyle {
    // SwiftUI/LabelStyle/iconOnly · iOS 14, macOS 11
    public static var iconOnly: IconOnlyLabelStyle { fatalError() }
}

// SwiftUI/TextSelectability · iOS 15, macOS 12
public protocol TextSelectability {}

// SwiftUI/EnabledTextSelectability · iOS 15, macOS 12
public struct EnabledTextSelectability: TextSelectability {}
extension TextSelectability where Self == EnabledTextSelectability {
    // SwiftUI/TextSelectability/enabled · iOS 15, macOS 12
    public static var enabled: EnabledTextSelectability { fatalError() }
}

// SwiftUI/Visibility · iOS 15, macOS 12
public enum Visibility: Hashable, Sendable {
    case automatic, visible, hidden
}
