#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI
import UniformTypeIdentifiers

/// The section of the form with the files of a new ticket.
struct DraftFilesSection: View {
    let files: DraftFilesModel
    let strings: Strings
    let attach: @MainActor ([URL]) async -> Void

    var body: some View {
        Section {
            DraftFileRows(files: files, strings: strings)
            AttachButton(files: files, strings: strings, attach: attach)
        } header: {
            Text(strings["attachment.title"])
        } footer: {
            Text(strings["attachment.hint"])
        }
    }
}

/// The files of a draft, and the files that could not be attached with the reason.
struct DraftFileRows: View {
    let files: DraftFilesModel
    let strings: Strings

    var body: some View {
        ForEach(files.attached, id: \.id) { file in
            row("\(file.name) · \(strings.fileSize(file.size))", file.name) {
                Task { await files.detach(file) }
            }
        }
        ForEach(files.refused, id: \.name) { file in
            VStack(alignment: .leading) {
                row(file.name, file.name) { files.dismiss(file.name) }
                problem(file.text(strings))
            }
        }
        if let key = files.failureKey {
            problem(strings[key])
        }
    }

    private func row(_ text: String, _ name: String, remove: @escaping @MainActor () -> Void) -> some View {
        HStack {
            Label(text, systemImage: "paperclip")
            Spacer()
            Button(action: remove) {
                Image(systemName: "minus.circle")
                    .frame(minWidth: 44, minHeight: 44)
            }
            .buttonStyle(.borderless)
            .accessibilityLabel(strings("attachment.remove", ["name": name]))
        }
    }

    private func problem(_ text: String) -> some View {
        Label(text, systemImage: "exclamationmark.circle")
            .font(.subheadline)
            .foregroundStyle(.problem)
    }
}

/// Lets the user choose files to attach.
struct AttachButton: View {
    let files: DraftFilesModel
    let strings: Strings
    let attach: @MainActor ([URL]) async -> Void
    @State private var isChoosing = false

    var body: some View {
        Button {
            isChoosing = true
        } label: {
            Label(strings["attachment.add"], systemImage: "paperclip")
        }
        .disabled(files.isAttaching)
        .fileImporter(isPresented: $isChoosing, allowedContentTypes: [.item], allowsMultipleSelection: true) { chosen in
            if case .success(let chosen) = chosen { Task { await open(chosen) } }
        }
    }

    /// Files outside the app's own folders can only be read while access to them is open.
    private func open(_ chosen: [URL]) async {
        let opened = chosen.filter { $0.startAccessingSecurityScopedResource() }
        defer { opened.forEach { $0.stopAccessingSecurityScopedResource() } }
        await attach(chosen)
    }
}
#endif
