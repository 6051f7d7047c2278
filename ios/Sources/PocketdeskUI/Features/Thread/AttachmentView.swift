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
            if let text = file.stateText(strings) {
                if case .failed = file.state { failure(text) } else { quiet(text) }
            }
            if let tapKey { quiet(strings[tapKey]) }
            if let percent = file.percent {
                ProgressView(value: Double(percent), total: 100)
                    .accessibilityHidden(true)
            }
            if let key = file.refusedKey {
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

    private func quiet(_ text: String) -> some View {
        Text(text)
            .font(.subheadline)
            .foregroundStyle(.quiet)
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

    /// The key of what a tap does.
    private var tapKey: String? {
        switch file.state {
        case .onServer: "file.download"
        case .onDevice: "file.open"
        case .waiting, .sending, .requested, .downloading, .failed: nil
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
