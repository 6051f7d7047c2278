import Foundation

// Files of messages, where `Profile.attachments` offers them and says what is taken. A file is known by its place in `Message.attachments`,
// from 0; `Attachment.state` says where its bytes are, and changes with the thread.

extension Pocketdesk {
    /// Attaches a file to a kept draft. It is copied, durably, before the call returns; the original is not needed afterwards. Other writes
    /// wait meanwhile.
    ///
    /// - Parameters:
    ///   - file: Where it is. Whatever access the system demands has to be open.
    ///   - draft: The id of a draft that was saved.
    ///   - name: How it will be called; by default as it is.
    /// - Throws: `AttachError.Off`, `.TooMany`, `.TooLarge`, `.WrongType` (by ending and by content), `.Empty`, `.Unreadable`, and `.NotFound`
    ///   if there is no such draft. Nothing of the file is kept then.
    public func attach(_ file: URL, to draft: String, as name: String? = nil) async throws(AttachError) -> DraftFile {
        let (path, name) = (file.path, name ?? file.lastPathComponent)
        return try await writes.run(throwing: AttachError.self) { [client] in
            try client.attach(draftId: draft, path: path, name: name)
        }
    }

    /// Takes a file from its draft.
    public func detach(_ file: Int64) async throws(DeskError) {
        try await writes.run(throwing: DeskError.self) { [client] in
            try client.detach(file: file)
        }
    }

    /// The files of a draft, in the order in which they were attached.
    public func files(of draft: String) async throws(DeskError) -> [DraftFile] {
        try await reads.run(throwing: DeskError.self) { [client] in
            try client.draftFiles(draftId: draft)
        }
    }

    /// Asks for a file: durably, fetched when the network allows.
    ///
    /// - Returns: Where its bytes are now; the thread shows the rest.
    /// - Throws: `DeskError.NotFound` if there is none at this place, or the desk has not shown it yet.
    @discardableResult
    public func download(_ place: Int, of message: Int64) async throws(DeskError) -> FileState {
        try await writes.run(throwing: DeskError.self) { [client] in
            guard let place = UInt32(exactly: place) else { throw DeskError.NotFound }
            return try client.download(message: message, place: place)
        }
    }

    /// Where the copy of a file lies, if it is on this device. It may go when newer ones need the room: copy what is to be kept, and change
    /// nothing in it.
    ///
    /// - Throws: `DeskError.NotFound` if there is none at this place.
    public func file(_ place: Int, of message: Int64) async throws(DeskError) -> URL? {
        try await reads.run(throwing: DeskError.self) { [client] in
            guard let place = UInt32(exactly: place) else { throw DeskError.NotFound }
            return try client.attachmentFile(message: message, place: place).map { URL(fileURLWithPath: $0) }
        }
    }
}
