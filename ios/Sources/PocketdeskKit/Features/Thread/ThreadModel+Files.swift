import Foundation

extension ThreadModel {
    /// Requests the download of a file by its index in `Message.attachments`. The file's state shows the progress.
    public func download(_ index: Int, of message: Message) async {
        await perform { client async throws(ClientError) in _ = try await client.download(index, of: message.id) }
    }

    /// A copy of a file for the system's preview; `nil` if the file is not on this device.
    public func preview(_ index: Int, of message: Message) async -> PreviewFile? {
        guard message.attachments.indices.contains(index) else { return nil }
        guard let file = try? await client.file(index, of: message.id) else { return nil }
        return try? PreviewFile(of: file, named: message.attachments[index].name, in: client.previews)
    }

    /// The copy of a file on this device, for a picture that stands in the text; `nil` if the file is not here. The copy may be removed later.
    public func file(_ index: Int, of message: Message) async -> URL? {
        try? await client.file(index, of: message.id)
    }

    /// The small form of a picture, where it is on this device; `nil` otherwise. Then it is requested, and the thread changes when it has come.
    public func thumbnail(_ index: Int, of message: Message) async -> URL? {
        try? await client.thumbnail(index, of: message.id)
    }

    /// The photo of a message's author, as ``thumbnail(_:of:)``.
    public func authorPhoto(of message: Message) async -> URL? {
        try? await client.authorPhoto(of: message.id)
    }
}
