#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI
import UniformTypeIdentifiers

/// The files of a new ticket: those that go with it, those that could not be attached and why, and the way to the next.
struct FilesSection: View {
    let model: NewTicketModel
    let words: Words
    @State private var isChoosing = false

    var body: some View {
        Section {
            ForEach(model.files, id: \.id) { file in
                row("\(file.name) · \(Int64(clamping: file.size).formatted(.byteCount(style: .file)))", file.name) {
                    Task { await model.detach(file) }
                }
            }
            ForEach(model.refused, id: \.name) { file in
                VStack(alignment: .leading) {
                    row(file.name, file.name) { model.dismiss(file.name) }
                    Label(words(file.wordKey, file.values), systemImage: "exclamationmark.circle")
                        .font(.subheadline)
                        .foregroundStyle(.red)
                }
            }
            Button {
                isChoosing = true
            } label: {
                Label(words["attachment.add"], systemImage: "paperclip")
            }
            .disabled(model.isAttaching)
            .fileImporter(isPresented: $isChoosing, allowedContentTypes: [.item], allowsMultipleSelection: true) { chosen in
                if case .success(let files) = chosen { Task { await attach(files) } }
            }
        } header: {
            Text(words["attachment.title"])
        } footer: {
            Text(words["attachment.hint"])
        }
    }

    private func row(_ text: String, _ name: String, remove: @escaping () -> Void) -> some View {
        HStack {
            Label(text, systemImage: "paperclip")
            Spacer()
            Button(action: remove) {
                Image(systemName: "minus.circle")
                    .frame(minWidth: 44, minHeight: 44)
            }
            .buttonStyle(.borderless)
            .accessibilityLabel(words("attachment.remove", ["name": name]))
        }
    }

    /// What the user chose may lie outside the app's own folder, and is readable for as long as this takes.
    private func attach(_ files: [URL]) async {
        let opened = files.filter { $0.startAccessingSecurityScopedResource() }
        defer { opened.forEach { $0.stopAccessingSecurityScopedResource() } }
        await model.attach(files)
    }
}
#endif
