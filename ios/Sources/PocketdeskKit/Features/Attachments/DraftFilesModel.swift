import Foundation
import Observation

/// The model of the files of a draft. The draft is a new ticket or a reply. Attached files are saved with the draft, and stay as
/// long as the draft stays.
@MainActor
@Observable
public final class DraftFilesModel {
    /// The files of the draft, in the order in which they were attached.
    public private(set) var attached: [DraftFile] = []

    /// Files that the user chose but that could not be attached. They stay here until ``dismiss(_:)``.
    public private(set) var refused: [RefusedFile] = []

    /// Whether a file is being copied. Sending waits for it.
    public private(set) var isAttaching = false

    /// The key of the text for the last error that is not in ``refused``.
    public private(set) var failureKey: String?

    private let client: Pocketdesk
    private var draft: String?

    init(client: Pocketdesk) {
        self.client = client
    }

    /// Removes a file from the draft.
    public func detach(_ file: DraftFile) async {
        await perform { client async throws(ClientError) in try await client.detach(file.id) }
    }

    /// Removes the files of this name from ``refused``, because the user has seen why they were not attached.
    public func dismiss(_ name: String) {
        refused.removeAll { $0.name == name }
    }

    /// Shows the files of a draft, and empties ``refused``.
    ///
    /// - Parameter draft: The draft's id.
    func load(of draft: String) async {
        self.draft = draft
        (refused, failureKey) = ([], nil)
        await reload()
    }

    /// Attaches files to the draft, one after the other.
    ///
    /// - Parameter save: Saves the draft. Called before each file, because only a saved draft can have files.
    func attach(_ chosen: [URL], saving save: (Pocketdesk) async throws(ClientError) -> Void) async {
        guard let draft, !isAttaching else { return }
        isAttaching = true
        defer { isAttaching = false }
        await perform { client async throws(ClientError) in
            for file in chosen {
                dismiss(file.lastPathComponent)
                try await save(client)
                do throws(AttachError) {
                    _ = try await client.attach(file, to: draft)
                } catch {
                    refused.append(RefusedFile(name: file.lastPathComponent, error: error))
                }
            }
        }
    }

    private func perform(_ action: (Pocketdesk) async throws(ClientError) -> Void) async {
        failureKey = nil
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
