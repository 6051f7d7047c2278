#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// A file of a message, with the progress of its upload or download. A tap downloads the file, or opens the copy on this device.
struct AttachmentView: View {
    let file: Attachment
    let index: Int
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
                failure(strings[problem.stringKey])
            }
            if let key = file.refusalKey {
                failure(strings[key])
            }
        }
    }

    private func failure(_ text: String) -> some View {
        Text(text)
            .font(.subheadline)
            .foregroundStyle(.red)
    }

    private func tapped() async {
        switch file.state {
        case .onDevice:
            if let copy = await model.file(index, of: message) { openURL(copy) }
        case .onServer, .failed:
            await model.download(index, of: message)
        case .waiting, .sending, .requested, .downloading:
            break
        }
    }

    private var symbol: String {
        switch file.state {
        case .onServer, .failed: "arrow.down.circle"
        case .waiting, .requested: "clock"
        case .sending: "arrow.up"
        case .downloading: "arrow.down"
        case .onDevice: "paperclip"
        }
    }
}
#endif
