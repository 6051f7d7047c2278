#if canImport(SwiftUI)
import PocketdeskKit
import QuickLook
import SwiftUI

/// A file of a message, with the progress of its upload or download. A tap downloads the file, or shows the copy on this device in the system's
/// preview. It is never handed to another app unless the user shares it there.
struct AttachmentView: View {
    let file: Attachment
    let index: Int
    let message: Message
    let model: ThreadModel
    let strings: Strings
    @State private var preview: PreviewFile?

    var body: some View {
        VStack(alignment: .leading, spacing: 4) {
            Button {
                Task { await tapped() }
            } label: {
                Label("\(file.name) · \(strings.fileSize(file.size))" as String, systemImage: symbol)
                    .font(.subheadline)
                    .frame(minHeight: 44)
            }
            .buttonStyle(.borderless)
            if let stateText {
                Text(stateText)
                    .font(.subheadline)
                    .foregroundStyle(.quiet)
            }
            if let progress = file.progress {
                ProgressView(value: progress)
                    .accessibilityHidden(true)
            }
            if case .failed(let problem) = file.state {
                failure(strings[problem.stringKey])
            }
            if let key = file.refusalKey {
                failure(strings[key])
            }
        }
        .quickLookPreview(previewedFile)
        .onDisappear { close() }
    }

    private var previewedFile: Binding<URL?> {
        Binding(get: { preview?.url }, set: { url in if url == nil { close() } })
    }

    private func close() {
        preview?.remove()
        preview = nil
    }

    private func failure(_ text: String) -> some View {
        Text(text)
            .font(.subheadline)
            .foregroundStyle(.problem)
    }

    private func tapped() async {
        switch file.state {
        case .onDevice:
            preview = await model.preview(index, of: message)
        case .onServer, .failed:
            await model.download(index, of: message)
        case .waiting, .sending, .requested, .downloading:
            break
        }
    }

    /// What happens to the file at the moment, or what a tap does.
    private var stateText: String? {
        let percent = ["percent": strings.number(Int((file.progress ?? 0) * 100))]
        return switch file.state {
        case .onServer: strings["file.download"]
        case .onDevice: strings["file.open"]
        // Its message says that it waits.
        case .waiting, .failed: nil
        case .requested: strings["file.wanted"]
        case .sending: strings("file.sending", percent)
        case .downloading: strings("file.coming", percent)
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
