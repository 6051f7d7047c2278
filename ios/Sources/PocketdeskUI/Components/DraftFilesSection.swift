#if canImport(SwiftUI)
import PocketdeskKit
import QuickLook
import SwiftUI
import UniformTypeIdentifiers

/// The section of the form with the files of a new ticket. What can be attached is said before a file is chosen.
struct DraftFilesSection: View {
    let files: DraftFilesModel
    let strings: Strings
    let attach: @MainActor ([ChosenFile]) async -> Void
    let attachSmaller: @MainActor (RefusedFile) async -> Void

    var body: some View {
        Section {
            DraftFileRows(files: files, strings: strings, attachSmaller: attachSmaller)
            AttachButton(files: files, strings: strings, attach: attach)
            PhotoButton(files: files, strings: strings, attach: attach)
        } header: {
            Text(strings["attachment.title"])
        } footer: {
            VStack(alignment: .leading, spacing: 4) {
                ForEach(files.hints(strings), id: \.self) { Text($0) }
            }
        }
    }
}

/// The files of a draft: those that are attached, those that are being attached, and those that could not be, with the reason and what can be
/// attached in their place.
struct DraftFileRows: View {
    let files: DraftFilesModel
    let strings: Strings
    let attachSmaller: @MainActor (RefusedFile) async -> Void

    var body: some View {
        ForEach(files.attached, id: \.id) { AttachedFileRow(file: $0, files: files, strings: strings) }
        ForEach(files.copying) { file in
            VStack(alignment: .leading) {
                row(file.name) { files.leaveOut(file) }
                HStack {
                    ProgressView()
                        .accessibilityHidden(true)
                    Text(strings["file.copying"])
                        .font(.subheadline)
                        .foregroundStyle(.quiet)
                }
            }
        }
        ForEach(files.refused, id: \.name) { file in
            VStack(alignment: .leading) {
                row(file.name) { files.dismiss(file.name) }
                problem(file.text(strings))
                if file.canBeSmaller {
                    Button {
                        Task { await attachSmaller(file) }
                    } label: {
                        Text(strings["attachment.smaller"])
                            .frame(minHeight: 44)
                    }
                    .buttonStyle(.borderless)
                }
            }
        }
        if let key = files.failureKey {
            problem(strings[key])
        }
    }

    private func row(_ name: String, remove: @escaping @MainActor () -> Void) -> some View {
        HStack {
            Label(name, systemImage: "paperclip")
            Spacer()
            RemoveButton(name: name, strings: strings, action: remove)
        }
    }

    private func problem(_ text: String) -> some View {
        Label(text, systemImage: "exclamationmark.circle")
            .font(.subheadline)
            .foregroundStyle(.problem)
    }
}

/// An attached file. A tap shows it in the system's preview, so that the user can check what will be sent.
private struct AttachedFileRow: View {
    let file: DraftFile
    let files: DraftFilesModel
    let strings: Strings
    @State private var preview: PreviewFile?

    var body: some View {
        HStack {
            Button {
                Task { await show() }
            } label: {
                Label("\(file.name) · \(strings.fileSize(file.size))" as String, systemImage: "paperclip")
                    .frame(minHeight: 44)
            }
            .buttonStyle(.borderless)
            Spacer()
            RemoveButton(name: file.name, strings: strings) { Task { await files.detach(file) } }
        }
        .quickLookPreview(previewedFile)
        .onDisappear { close() }
    }

    private var previewedFile: Binding<URL?> {
        Binding(get: { preview?.url }, set: { url in if url == nil { close() } })
    }

    private func show() async {
        close()
        preview = await files.preview(file)
    }

    private func close() {
        preview?.remove()
        preview = nil
    }
}

private struct RemoveButton: View {
    let name: String
    let strings: Strings
    let action: @MainActor () -> Void

    var body: some View {
        Button(action: action) {
            Image(systemName: "minus.circle")
                .frame(minWidth: 44, minHeight: 44)
        }
        .buttonStyle(.borderless)
        .accessibilityLabel(strings("attachment.remove", ["name": name]))
    }
}

/// Lets the user choose files to attach.
struct AttachButton: View {
    let files: DraftFilesModel
    let strings: Strings
    let attach: @MainActor ([ChosenFile]) async -> Void
    @State private var isChoosing = false

    var body: some View {
        Button {
            isChoosing = true
        } label: {
            Label(strings["attachment.add"], systemImage: "paperclip")
        }
        .disabled(files.room == 0)
        // All types, because a file that is not taken says why, which a greyed one does not.
        .fileImporter(isPresented: $isChoosing, allowedContentTypes: [.item], allowsMultipleSelection: true) { chosen in
            if case .success(let chosen) = chosen { Task { await open(chosen) } }
        }
    }

    /// Files outside the app's own folders can only be read while access to them is open.
    private func open(_ chosen: [URL]) async {
        await attach(
            chosen.map { file in
                ChosenFile(file, open: { $0.startAccessingSecurityScopedResource() }, close: { $0.stopAccessingSecurityScopedResource() })
            })
    }
}
#endif
