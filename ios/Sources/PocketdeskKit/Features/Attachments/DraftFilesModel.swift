import Foundation
import Observation

/// The files of what is being written, a new ticket or a reply: those that go with it, in the order in which they were attached, and those
/// that could not be attached. They are kept with the draft, and survive what it survives.
@MainActor
@Observable
public final class DraftFilesModel {
    /// The files that go with the draft.
    public private(set) var attached: [DraftFile] = []

    /// Files that were chosen and not attached, each with its reason, until ``dismiss(_:)``.
    public private(set) var refused: [RefusedFile] = []

    /// Whether a file is being copied; sending waits for it.
    public private(set) var isAttaching = false

    /// The last thing that went wrong, apart from ``refused``; the key of its words.
    public private(set) var failureKey: String?

    private let client: Pocketdesk
    private var draft: String?

    init(client: Pocketdesk) {
        self.client = client
    }

    /// Takes a file from the draft.
    public func detach(_ file: DraftFile) async {
        await attempt { client async throws(DeskError) in try await client.detach(file.id) }
    }

    /// The user has seen why the file of this name was not attached.
    public func dismiss(_ name: String) {
        refused.removeAll { $0.name == name }
    }

    /// Shows the files of a draft, with nothing refused.
    func load(of draft: String) async {
        self.draft = draft
        (refused, failureKey) = ([], nil)
        await show()
    }

    /// Attaches files to the draft, one after the other. Only a kept draft has files, so each begins with `keep`.
    func attach(_ chosen: [URL], saving save: (Pocketdesk) async throws(DeskError) -> Void) async {
        guard let draft, !isAttaching else { return }
        isAttaching = true
        defer { isAttaching = false }
        await attempt { client async throws(DeskError) in
            for file in chosen {
                dismiss(file.lastPathComponent)
                try await save(client)
                do throws(AttachError) {
                    _ = try await client.attach(file, to: draft)
                } catch {
                    refused.append(RefusedFile(name: file.lastPathComponent, stringKey: error.stringKey, values: error.values))
                }
            }
        }
    }

    private func attempt(_ change: (Pocketdesk) async throws(DeskError) -> Void) async {
        failureKey = nil
        do {
            try await change(client)
        } catch {
            failureKey = error.stringKey
        }
        await show()
    }

    private func show() async {
        guard let draft else { return }
        do {
            attached = try await client.files(of: draft)
        } catch {
            failureKey = error.stringKey
        }
    }
}

/// A file that was chosen and not attached. Nothing of it was kept.
public struct RefusedFile: Equatable, Sendable {
    /// As its user knows it.
    public let name: String

    /// The key of the words that say why.
    public let stringKey: String

    /// What those words' placeholders stand for.
    public let values: [String: String]
}
