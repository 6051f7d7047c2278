// What only iOS has: SwiftUI for macOS offers none of it.

#if IOS
@_exported import UIKit

extension View {
    // SwiftUI/View/keyboardType(_:) · iOS 13
    nonisolated public func keyboardType(_ type: UIKeyboardType) -> some View { fatalError() }
    // SwiftUI/View/textContentType(_:) · iOS 13
    nonisolated public func textContentType(_ textContentType: UITextContentType?) -> some View { fatalError() }
    // SwiftUI/View/textInputAutocapitalization(_:) · iOS 15
    nonisolated public func textInputAutocapitalization(_ autocapitalization: TextInputAutocapitalization?) -> some View { fatalError() }
    // SwiftUI/View/navigationBarTitleDisplayMode(_:) · iOS 14
    nonisolated public func navigationBarTitleDisplayMode(_ displayMode: NavigationBarItem.TitleDisplayMode) -> some View { fatalError() }
}

// SwiftUI/NavigationBarItem · iOS 13
public struct NavigationBarItem: Sendable {
    // SwiftUI/NavigationBarItem/TitleDisplayMode · iOS 13
    public enum TitleDisplayMode: Sendable {
        case automatic, inline, large
    }
}

// SwiftUI/TextInputAutocapitalization · iOS 15
public struct TextInputAutocapitalization: Sendable {
    // SwiftUI/TextInputAutocapitalization/never · iOS 15
    public static var never: TextInputAutocapitalization { fatalError() }
}

// SwiftUI/UIViewRepresentable · iOS 13
@MainActor @preconcurrency
public protocol UIViewRepresentable: View where Body == Never {
    associatedtype UIViewType: UIView
    associatedtype Coordinator = Void
    // SwiftUI/UIViewRepresentable/Context · iOS 13
    typealias Context = UIViewRepresentableContext<Self>
    func makeUIView(context: Context) -> UIViewType
    func updateUIView(_ uiView: UIViewType, context: Context)
    func makeCoordinator() -> Coordinator
    func sizeThatFits(_ proposal: ProposedViewSize, uiView: UIViewType, context: Context) -> CGSize?
}

extension UIViewRepresentable {
    // SwiftUI/UIViewRepresentable/body · iOS 13
    public var body: Never { fatalError() }
}

// SwiftUI/UIViewRepresentableContext · iOS 13
@MainActor @preconcurrency
public struct UIViewRepresentableContext<Representable: UIViewRepresentable> {
    // SwiftUI/UIViewRepresentableContext/coordinator · iOS 13
    public let coordinator: Representable.Coordinator
}

// SwiftUI/ProposedViewSize · iOS 16
public struct ProposedViewSize: Sendable {
    // SwiftUI/ProposedViewSize/width · iOS 16
    public var width: CGFloat?
}
#endif
