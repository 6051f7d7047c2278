#if canImport(SwiftUI)
import CoreGraphics
import PocketdeskKit
import SwiftUI

/// A picture in an article. Opening the article fetches it; until it is here, its state stands in its place, and what has failed can be tried again.
struct ArticlePictureView: View {
    let index: Int
    let article: Article
    let model: ArticleModel
    let strings: Strings
    @State private var picture: CGImage?

    var body: some View {
        if let file = article.pictures.indices.contains(index) ? article.pictures[index] : nil {
            Group {
                if let picture {
                    Image(picture, scale: 1, label: Text(verbatim: file.name))
                        .resizable()
                        .aspectRatio(contentMode: .fit)
                        .frame(maxHeight: tallest)
                } else {
                    place(file)
                }
            }
            .task(id: file.state == .onDevice) { await load(file) }
        }
    }

    private let tallest: CGFloat = 320

    private func place(_ file: Attachment) -> some View {
        VStack(alignment: .leading, spacing: 4) {
            Label(file.name, systemImage: "photo")
                .font(.subheadline)
            if let text = file.stateText(strings) {
                Text(text)
                    .font(.subheadline)
                    .foregroundStyle(.quiet)
            }
            if file.canDownload {
                Button(strings[isFailed(file) ? "button.retry" : "picture.show"]) { Task { await model.fetchPictures() } }
                    .buttonStyle(.borderless)
                    .frame(minHeight: 44)
            }
        }
    }

    private func isFailed(_ file: Attachment) -> Bool {
        if case .failed = file.state { true } else { false }
    }

    private func load(_ file: Attachment) async {
        guard file.state == .onDevice, let copy = await model.picture(index) else {
            picture = nil
            return
        }
        // Enough for the sharpest screen.
        picture = await thumbnail(of: copy, longestEdge: Int(tallest) * 3)
    }
}
#endif
