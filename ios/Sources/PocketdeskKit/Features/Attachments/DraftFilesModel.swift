import Foundation
import Observation

/// The model of the files of a draft. The draft is a new ticket or a reply. Attached files are saved with the draft, and stay as
/// long as the draft stays.
@MainActor
@Observable
public final class DraftFilesModel {
    /// The files of the draft, in the order in which they were attached.
    public private(set) var attached: [DraftFile] = []

    /// Files that the user chose and that are being attached, one after the other, in the order of the choice.
    public private(set) var copying: [CopyingFile] = []

    /// Files that the user chose but that could not be attached. They stay here until ``dismiss(_:)``.
    public private(set) var refused: [RefusedFile] = []

    /// The key of the text for the last error that is not in ``refused``.
    public private(set) var failureKey: String?

    private let client: Pocketdesk
    private var draft: String?
    private var lastChoice = 0

    init(client: Pocketdesk) {
        self.client = client
    }

    /// Whether a file is being attached. Sending waits for it: it may turn out that the file cannot be, which the user has to know.
    public var isAttaching: Bool { !copying.isEmpty }

    /// Whether the draft has as many files as a message may have, so that none can be chosen.
    public var isFull: Bool {
        guard let limits = client.product.attachments else { return true }
        return attached.count + copying.count >= limits.maxFiles
    }

    /// What is said before a file is chosen: which files help, how many there can be and how large, and of which types.
    public func hints(_ strings: Strings) -> [String] {
        guard let limits = client.product.attachments else { return [] }
        return [
            strings[client.product.attachmentsHintKey ?? "attachment.hint"],
            strings.counted("attachment.limits", limits.maxFiles, ["size": strings.fileSize(limits.maxBytes)]),
            strings("attachment.types", ["types": limits.endings.map { $0.uppercased() }.joined(separator: ", ")]),
        ]
    }

    /// Leaves out a file that was chosen and is not attached yet.
    public func leaveOut(_ file: CopyingFile) {
        copying.removeAll { $0 == file }
    }

    /// Removes a file from the draft.
    public func detach(_ file: DraftFile) async {
        failureKey = nil
        await perform { client async throws(ClientError) in try await client.detach(file.id) }
    }

    /// Removes the files of this name from ``refused``, because the user has seen why they were not attached.
    public func dismiss(_ name: String) {
        refused.removeAll { $0.name == name }
    }

    /// A copy of an attached file for the system's preview, so that the user can check what will be sent; `nil` if it cannot be read.
    public func preview(_ file: DraftFile) async -> PreviewFile? {
        guard let copy = try? await client.draftFile(file.id) else { return nil }
        return try? PreviewFile(of: copy, named: file.name, in: client.previews)
    }

    /// Shows the files of a draft, and forgets what was chosen for another one.
    ///
    /// - Parameter draft: The draft's id.
    func load(of draft: String) async {
        if draft != self.draft { copying = [] }
        self.draft = draft
        (refused, failureKey) = ([], nil)
        await reload()
    }

    /// Attaches files to the draft, one after the other.
    ///
    /// - Parameter save: Saves the draft. Called before each file, because only a saved draft can have files.
    func attach(_ chosen: [URL], saving save: (Pocketdesk) async throws(ClientError) -> Void) async {
        guard draft != nil else { return }
        failureKey = nil
        let files = chosen.map { file in
            lastChoice += 1
            return (place: CopyingFile(id: lastChoice, name: file.lastPathComponent), file)
        }
        copying += files.map(\.place)
        for (place, file) in files {
            await attach(file, at: place, saving: save)
            leaveOut(place)
        }
    }

    private func attach(_ file: URL, at place: CopyingFile, saving save: (Pocketdesk) async throws(ClientError) -> Void) async {
        guard let draft, copying.contains(place) else { return }
        dismiss(place.name)
        await perform { client async throws(ClientError) in
            try await save(client)
            let attached: DraftFile
            do throws(AttachError) {
                attached = try await client.attach(file, to: draft)
            } catch {
                if copying.contains(place) { refused.append(RefusedFile(name: place.name, error: error)) }
                return
            }
            // It was left out while it was being copied.
            if !copying.contains(place) { try await client.detach(attached.id) }
        }
    }

    private func perform(_ action: (Pocketdesk) async throws(ClientError) -> Void) async {
        do {
            try await action(client)
        } catch {
            failureKey = error.stringKey
        }
        await reload()
    }

    private func reload() async {
        guard let draft else { return }
        do {
            attached = try await client.files(of: draft)
        } catch {
            failureKey = error.stringKey
        }
    }
}

/// A file that the user chose and that is being attached, or waits for its turn.
public struct CopyingFile: Identifiable, Equatable, Sendable {
    /// Tells files of the same name apart.
    public let id: Int

    /// The name under which the user knows the file.
    public let name: String
}

/// A file that the user chose but that could not be attached. Nothing of it was copied.
public struct RefusedFile: Equatable, Sendable {
    /// The name under which the user knows the file.
    public let name: String

    /// Why it could not be attached.
    public let error: AttachError

    /// The text that says why.
    public func text(_ strings: Strings) -> String {
        strings(error.stringKey, error.values(strings))
    }
}
