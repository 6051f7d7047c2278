#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// A file of a message: how far it is on its way to the desk or from it; a tap fetches it, or opens the copy that is here.
struct AttachmentView: View {
    let file: Attachment
    let place: Int
    let message: Message
    let model: ThreadModel
    let strings: Strings
    @Environment(\.openURL) private var openURL

    var body: some View {
        VStack(alignment: .leading, spacing: 4) {
            Button {
                Task { await tapped() }
            } label: {
                Label("\(file.name) · \(Int64(clamping: file.size).formatted(.byteCount(style: .file)))", systemImage: symbol)
                    .font(.subheadline)
                    .frame(minHeight: 44)
            }
            .buttonStyle(.borderless)
            if let progress = file.progress {
                ProgressView(value: progress)
            }
            if case .failed(let problem) = file.state {
                Text(strings[problem.stringKey])
                    .font(.subheadline)
                    .foregroundStyle(.red)
            }
        }
    }

    private func tapped() async {
        switch file.state {
        case .here:
            if let copy = await model.file(place, of: message) { openURL(copy) }
        case .atDesk, .failed:
            await model.download(place, of: message)
        case .waiting, .sending, .wanted, .coming:
            break
        }
    }

    private var symbol: String {
        switch file.state {
        case .atDesk, .failed: "arrow.down.circle"
        case .waiting, .wanted: "clock"
        case .sending: "arrow.up"
        case .coming: "arrow.down"
        case .here: "paperclip"
        }
    }
}
#endif
