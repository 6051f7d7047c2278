// Declarations of QuickLook for the type check: see ../../README.md.

import SwiftUI

extension View {
    // SwiftUI/View/quickLookPreview(_:) · iOS 14, macOS 11
    nonisolated public func quickLookPreview(_ item: Binding<URL?>) -> some View { fatalError() }
}
