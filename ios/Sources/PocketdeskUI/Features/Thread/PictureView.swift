#if canImport(SwiftUI)
import CoreGraphics
import PocketdeskKit
import SwiftUI

/// A picture in the text of a message. It is shown once it is on this device; until then the user is offered to download it, because nothing is
/// fetched unasked.
struct PictureView: View {
    let index: Int
    let message: Message
    let model: ThreadModel
    let strings: Strings
    @State private var picture: CGImage?
    @State private var preview: PreviewFile?

    var body: some View {
        if let file = message.attachments.indices.contains(index) ? message.attachments[index] : nil {
            Group {
                if let picture {
                    Button {
                        Task { preview = await model.preview(index, of: message) }
                    } label: {
                        Image(picture, scale: 1, label: Text(verbatim: file.name))
                            .resizable()
                            .aspectRatio(contentMode: .fit)
                            .frame(maxHeight: tallest)
                    }
                    .buttonStyle(.plain)
                    .quickLookPreview(previewedFile)
                } else {
                    AttachmentView(
                        file: file, index: index, message: message, model: model, strings: strings, downloadKey: "picture.show")
                }
            }
            .task(id: isShown(file)) { await load(file) }
            .onDisappear { close() }
        }
    }

    private let tallest: CGFloat = 320

    private func isShown(_ file: Attachment) -> Bool {
        file.state == .onDevice && file.warningKey == nil
    }

    private func load(_ file: Attachment) async {
        guard isShown(file), let copy = await model.file(index, of: message) else {
            picture = nil
            return
        }
        // Enough for the sharpest screen.
        picture = await thumbnail(of: copy, longestEdge: Int(tallest) * 3)
    }

    private var previewedFile: Binding<URL?> {
        Binding(get: { preview?.url }, set: { url in if url == nil { close() } })
    }

    private func close() {
        preview?.remove()
        preview = nil
    }
}
#endif
