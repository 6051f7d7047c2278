#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

extension View {
    /// The style of a strip above a list, as wide as the screen.
    func banner() -> some View {
        frame(maxWidth: .infinity, alignment: .leading)
            .padding(.horizontal)
            .padding(.vertical, 8)
            .background(.thinMaterial)
    }

    /// Aligns a text by its own direction of writing, if it has one. Put it behind a frame that is wider than the text.
    @ViewBuilder
    func direction(of text: String) -> some View {
        if let isRightToLeft = text.isRightToLeft {
            environment(\.layoutDirection, isRightToLeft ? .rightToLeft : .leftToRight)
        } else {
            self
        }
    }

    /// The title in the bar itself, where a phone would otherwise give it a line of its own.
    func inlineTitle() -> some View {
        #if os(iOS)
        navigationBarTitleDisplayMode(.inline)
        #else
        self
        #endif
    }
}
#endif
