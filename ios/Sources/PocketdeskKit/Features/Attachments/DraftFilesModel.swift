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

    /// Makes smaller JPGs of photos; `nil` where the system has no decoders.
    var photos: (any PhotoConverter)? = DraftFilesModel.systemPhotos

    private static var systemPhotos: (any PhotoConverter)? {
        #if canImport(ImageIO)
        SystemPhotos()
        #else
        nil
        #endif
    }

    private let client: Pocketdesk
    private var draft: String?
    private var lastChoice = 0

    init(client: Pocketdesk) {
        self.client = client
    }

    /// Whether a file is being attached. Meanwhile the draft cannot be sent: the file may be refused, and the user has to know that.
    public var isAttaching: Bool { !copying.isEmpty }

    /// How many more files can be chosen.
    public var room: Int {
        guard let limits = client.product.attachments else { return 0 }
        return max(0, Int(limits.maxFiles) - attached.count - copying.count)
    }

    /// Whether the product takes pictures, so that a library of photos helps.
    public var takesPictures: Bool { takes { $0.hasPrefix("image/") } }

    /// Whether the product takes videos.
    public var takesVideos: Bool { takes { $0.hasPrefix("video/") } }

    /// Whether the product takes photos in the format in which phones take them. Otherwise the system is asked for a format that it does take.
    public var takesPhonesPhotos: Bool { takes { $0 == "image/heic" } }

    private func takes(_ contentType: (String) -> Bool) -> Bool {
        client.product.attachments?.contentTypes.contains(where: contentType) == true
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
    func attach(_ chosen: [ChosenFile], saving save: (Pocketdesk) async throws(ClientError) -> Void) async {
        guard draft != nil else { return }
        failureKey = nil
        let files = chosen.map { (place: place(for: $0.name), file: $0) }
        copying += files.map(\.place)
        for (place, file) in files {
            await attach(file, at: place, saving: save)
            leaveOut(place)
        }
    }

    /// Attaches the photo that was refused as a smaller JPG.
    ///
    /// - Parameter save: Saves the draft.
    func attachSmaller(_ photo: RefusedFile, saving save: (Pocketdesk) async throws(ClientError) -> Void) async {
        dismiss(photo.name)
        guard draft != nil, let file = photo.file, let wanted = photo.smaller, let photos else { return }
        failureKey = nil
        let place = place(for: wanted.name)
        copying.append(place)
        await attach(at: place, saving: save) { client, draft async throws(AttachError) in
            let provided = try await file.provided()
            defer { provided.discard() }
            guard let jpeg = await photos.jpeg(of: provided.file, wanted: wanted) else {
                self.refuse(RefusedFile(name: photo.name, reason: .cannotBeSmaller), at: place)
                return nil
            }
            defer { try? FileManager.default.removeItem(at: jpeg) }
            return try await client.attach(jpeg, to: draft, as: wanted.name)
        }
        leaveOut(place)
    }

    private func attach(
        _ file: ChosenFile, at place: CopyingFile, saving save: (Pocketdesk) async throws(ClientError) -> Void
    ) async {
        await attach(at: place, saving: save) { client, draft async throws(AttachError) in
            let provided = try await file.provided()
            defer { provided.discard() }
            do throws(AttachError) {
                return try await client.attach(provided.file, to: draft, as: provided.name)
            } catch {
                let smaller = self.photos == nil ? nil : await client.smallerPhoto(of: provided.file, as: provided.name)
                self.refuse(RefusedFile(name: place.name, reason: .error(error), file: file, smaller: smaller), at: place)
                return nil
            }
        }
    }

    /// Saves the draft, and attaches to it what `attach` does.
    ///
    /// - Parameter attach: Returns the attached file; `nil` if it was refused.
    private func attach(
        at place: CopyingFile, saving save: (Pocketdesk) async throws(ClientError) -> Void,
        _ attach: (Pocketdesk, String) async throws(AttachError) -> DraftFile?
    ) async {
        guard let draft, copying.contains(place) else { return }
        dismiss(place.name)
        await perform { client async throws(ClientError) in
            try await save(client)
            var attached: DraftFile?
            do throws(AttachError) {
                attached = try await attach(client, draft)
            } catch {
                refuse(RefusedFile(name: place.name, reason: .error(error)), at: place)
            }
            // It was left out while it was being copied.
            if let attached, !copying.contains(place) { try await client.detach(attached.id) }
        }
    }

    private func place(for name: String) -> CopyingFile {
        lastChoice += 1
        return CopyingFile(id: lastChoice, name: name)
    }

    private func refuse(_ file: RefusedFile, at place: CopyingFile) {
        if copying.contains(place) { refused.append(file) }
    }

    private func perform(_ action: (Pocketdesk) async throws(ClientError) -> Void) async {
        do {
            try await action(client)
        } catch {
            failureKey = error.key()
        }
        await reload()
    }

    private func reload() async {
        guard let draft else { return }
        do {
            attached = try await client.files(of: draft)
        } catch {
            failureKey = error.key()
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
    /// Why a file could not be attached.
    public enum Reason: Equatable, Sendable {
        /// The file could not be read, or the client refused it.
        case error(AttachError)

        /// The photo was to be attached as a smaller JPG, but cannot be read as a picture, or no JPG of it is small enough.
        case cannotBeSmaller
    }

    /// The name under which the user knows the file.
    public let name: String

    /// Why it could not be attached.
    public let reason: Reason

    /// The file, to be read once more.
    let file: ChosenFile?

    /// The smaller JPG that can be attached in its place.
    let smaller: SmallerPhoto?

    init(name: String, reason: Reason, file: ChosenFile? = nil, smaller: SmallerPhoto? = nil) {
        (self.name, self.reason, self.file, self.smaller) = (name, reason, file, smaller)
    }

    /// Whether the file is a photo that can be attached as a smaller JPG: offer that.
    public var canBeSmaller: Bool { smaller != nil }

    /// The text that says why.
    public func text(_ strings: Strings) -> String {
        switch reason {
        case .error(let error): strings(error.key(), error.values(strings))
        case .cannotBeSmaller: strings["attachment.not_smaller"]
        }
    }

    public static func == (one: Self, other: Self) -> Bool {
        (one.name, one.reason, one.smaller) == (other.name, other.reason, other.smaller)
    }
}
