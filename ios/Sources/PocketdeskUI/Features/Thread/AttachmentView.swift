#if canImport(SwiftUI)
import PocketdeskKit
import QuickLook
import SwiftUI

/// A file of a message, with the progress of its upload or download. A tap downloads the file, or shows the copy on this device in the system's
/// preview. The file goes to another app only if the user shares it from there. The user is asked first if the help desk found malware in the file,
/// or could not check it.
struct AttachmentView: View {
    let file: Attachment
    let index: Int
    let message: Message
    let model: ThreadModel
    let strings: Strings
    /// The key of what a tap does while the file is on the server.
    var downloadKey = "file.download"
    @State private var preview: PreviewFile?
    @State private var isWarning = false

    var body: some View {
        VStack(alignment: .leading, spacing: 4) {
            Button {
                Task { await tapped() }
            } label: {
                Label {
                    Text("\(file.name) · \(strings.fileSize(file.size))" as String)
                } icon: {
                    icon
                }
                .font(.subheadline)
                .frame(minHeight: 44)
            }
            .buttonStyle(.borderless)
            .confirmationDialog(file.warningKey.map { strings[$0] } ?? "", isPresented: $isWarning, titleVisibility: .visible) {
                Button(strings["file.open_anyway"], role: .destructive) { Task { await open() } }
                Button(strings["button.cancel"], role: .cancel) {}
            }
            if let text = file.stateText(strings) {
                if case .failed = file.state { failure(text) } else { quiet(text) }
            }
            if let tapKey { quiet(strings[tapKey]) }
            if let percent = file.percent {
                ProgressView(value: Double(percent), total: 100)
                    .accessibilityHidden(true)
            }
            ForEach([file.refusedKey, file.warningKey].compactMap { $0 }, id: \.self) { key in
                failure(strings[key])
            }
        }
        .quickLookPreview(previewedFile)
        .onDisappear { close() }
    }

    /// What the file looks like, or what a tap does.
    @ViewBuilder private var icon: some View {
        if file.thumbnail == nil {
            Image(systemName: symbol)
        } else {
            SmallPictureView(picture: file.thumbnail, edge: 40, file: { await model.thumbnail(index, of: message) }) {
                Image(systemName: symbol)
            }
            .clipShape(RoundedRectangle(cornerRadius: 4))
        }
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
        if file.canDownload {
            await model.download(index, of: message)
        } else if file.state == .onDevice {
            if file.warningKey == nil { await open() } else { isWarning = true }
        }
    }

    private func open() async {
        preview = await model.preview(index, of: message)
    }

    /// The key of what a tap does.
    private var tapKey: String? {
        switch file.state {
        case .onServer: downloadKey
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
