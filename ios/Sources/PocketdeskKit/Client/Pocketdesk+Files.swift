import Foundation

// Files of messages. `Product.attachments` says whether the product offers them, and which files it accepts. A file of a message is
// identified by its index in `Message.attachments`, from 0. `Attachment.state` says where its content is, and changes with the thread.

extension Pocketdesk {
    /// Attaches a file to a saved draft. The file is copied before the call returns, and the original is not needed afterwards. Other writes wait
    /// during the copy.
    ///
    /// - Parameters:
    ///   - file: The file to copy. If the system restricts access to it, the caller has to open that access first.
    ///   - draft: The id of a draft that was saved.
    ///   - name: The name of the attachment; by default the file's own name.
    /// - Throws: `AttachError.Off`, `.TooMany`, `.TooLarge`, `.WrongType` (by the name's extension), `.WrongContent` (by the content), `.Empty`,
    ///   `.Unreadable`, or `.NoSuchDraft` if there is no such draft. Nothing of the file is kept then.
    public func attach(_ file: URL, to draft: String, as name: String? = nil) async throws(AttachError) -> DraftFile {
        let (path, name) = (file.path, name ?? file.lastPathComponent)
        return try await writes.run(throwing: AttachError.self) { [client] in
            try client.attach(draftId: draft, path: path, name: name)
        }
    }

    /// Returns how a file that ``attach(_:to:as:)`` refused can be attached after all: as a smaller JPG, which the caller makes. `nil` if it is no
    /// photo, if it was refused for another reason than size or type, or if the product does not offer it.
    ///
    /// - Parameters:
    ///   - file: The refused file.
    ///   - name: Its name; by default the file's own name.
    public func smallerPhoto(of file: URL, as name: String? = nil) async -> SmallerPhoto? {
        let (path, name) = (file.path, name ?? file.lastPathComponent)
        return await reads.run { [client] in client.smallerPhoto(path: path, name: name) }
    }

    /// Removes a file from its draft.
    ///
    /// - Parameter file: `DraftFile.id`.
    /// - Throws: `ClientError.NoSuchFile` if no draft has this file any more.
    public func detach(_ file: Int64) async throws(ClientError) {
        try await writes.run(throwing: ClientError.self) { [client] in
            try client.detach(file: file)
        }
    }

    /// The files of a draft, in the order in which they were attached.
    public func files(of draft: String) async throws(ClientError) -> [DraftFile] {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.draftFiles(draftId: draft)
        }
    }

    /// The copy of a draft's file, for the user to look at; `nil` if it is missing.
    ///
    /// Do not modify it: it is what will be sent.
    ///
    /// - Parameter file: `DraftFile.id`.
    /// - Throws: `ClientError.NoSuchFile` if no draft has this file any more.
    public func draftFile(_ file: Int64) async throws(ClientError) -> URL? {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.draftFile(file: file).map { URL(fileURLWithPath: $0) }
        }
    }

    /// Requests the download of a file. The request is durable, and is carried out when there is a network.
    ///
    /// - Returns: Where the file's content is now. The thread shows how that changes.
    /// - Throws: `ClientError.NoSuchMessage` or `.NoSuchFile` if there is no such message, or no file at this index. `.NotPossibleNow` if the
    ///   server has not shown the file yet, or has deleted it.
    @discardableResult
    public func download(_ index: Int, of message: Int64) async throws(ClientError) -> FileState {
        try await writes.run(throwing: ClientError.self) { [client] in
            guard let index = UInt32(exactly: index) else { throw ClientError.NoSuchFile }
            return try client.download(message: message, index: index)
        }
    }

    /// The copy of a file on this device; `nil` if there is none.
    ///
    /// The copy may be deleted when newer ones need the space, or when the server no longer shows the file, so copy what has to last. Do
    /// not modify it.
    ///
    /// - Throws: `ClientError.NoSuchFile` if the index is negative.
    public func file(_ index: Int, of message: Int64) async throws(ClientError) -> URL? {
        try await reads.run(throwing: ClientError.self) { [client] in
            guard let index = UInt32(exactly: index) else { throw ClientError.NoSuchFile }
            return try client.attachmentFile(message: message, index: index).map { URL(fileURLWithPath: $0) }
        }
    }

    /// The small form of a picture that is a file of a message; `nil` if it is not on this device. If the server has one (`Attachment.thumbnail`),
    /// this requests it, once, and the thread changes when it has come. One that could not be fetched is requested again after the next
    /// ``threadOpened(_:)``. Call it when the file comes on screen: nothing is fetched that nobody looks at. Do not modify the file.
    ///
    /// - Throws: `ClientError.NoSuchMessage` or `.NoSuchFile` if there is no such message, or no file at this index.
    public func thumbnail(_ index: Int, of message: Int64) async throws(ClientError) -> URL? {
        try await writes.run(throwing: ClientError.self) { [client] in
            guard let index = UInt32(exactly: index) else { throw ClientError.NoSuchFile }
            return try client.thumbnail(message: message, index: index).map { URL(fileURLWithPath: $0) }
        }
    }

    /// The photo of a message's author (`Message.authorPhoto`), as ``thumbnail(_:of:)``; `nil` if there is no such message.
    public func authorPhoto(of message: Int64) async throws(ClientError) -> URL? {
        try await writes.run(throwing: ClientError.self) { [client] in
            try client.authorPhoto(message: message).map { URL(fileURLWithPath: $0) }
        }
    }
}
