#if canImport(SwiftUI)
import CoreGraphics
import PocketdeskKit
import SwiftUI

/// A small picture once it is on this device, and something else until then. The view asks for the file when it comes on screen, and again when
/// `picture` changes. A screen reader skips it, because the text beside it says the same.
struct SmallPictureView<Placeholder: View>: View {
    /// Where the picture is; `nil` if there is none.
    let picture: SmallPicture?
    /// In points.
    let edge: CGFloat
    let file: @MainActor () async -> URL?
    @ViewBuilder let placeholder: Placeholder
    @State private var shown: CGImage?

    var body: some View {
        Group {
            if let shown {
                Image(decorative: shown, scale: 1)
                    .resizable()
                    .aspectRatio(contentMode: .fill)
            } else {
                placeholder
            }
        }
        .frame(width: edge, height: edge)
        .clipped()
        .accessibilityHidden(true)
        .task(id: picture) { await load() }
    }

    private func load() async {
        guard picture != nil, let file = await file() else {
            shown = nil
            return
        }
        // Enough for the sharpest screen.
        shown = await thumbnail(of: file, longestEdge: Int(edge) * 3)
    }
}
#endif
