import Foundation

/// A copy of a file of a message or a draft under the name that the user knows, for the system's preview.
///
/// The client keeps its own copy under a name without an ending, and may delete it at any time. A preview needs the ending, and a file that
/// stays. So each preview has a folder of its own among the temporary files, and ``remove()`` deletes it when the preview is closed. What a kill
/// leaves behind is deleted when a client is next opened in the same folder, and signing out deletes all of it.
///
/// Show a message's file in a preview only. It comes from somebody else, so no other app should be asked to open it unless the user shares it.
public struct PreviewFile: Equatable, Sendable {
    /// The copy.
    public let url: URL

    /// - Parameters:
    ///   - file: The file to be copied.
    ///   - name: The attachment's name. Only its last path component is used.
    ///   - previews: Where the client has its previews.
    init(of file: URL, named name: String, in previews: PreviewFolder) throws {
        let folder = previews.url.appendingPathComponent(UUID().uuidString, isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // The core has cleaned the name. This is the last place where a path could leave the folder.
        let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        url = folder.appendingPathComponent(last.allSatisfy { $0 == "." } ? "file" : last, isDirectory: false)
        try FileManager.default.copyItem(at: file, to: url)
    }

    /// Deletes the copy. Call it when the preview is closed.
    public func remove() {
        try? FileManager.default.removeItem(at: url.deletingLastPathComponent())
    }
}

/// The folder with the previews of a client, among the temporary files.
struct PreviewFolder: Sendable {
    let url: URL

    /// - Parameter directory: The client's folder. Clients in the same folder share their previews' folder, so that whoever is opened there next
    ///   deletes what a kill left behind, and with it what another client shows at that moment.
    init(of directory: String) {
        let name = "pocketdesk-previews-\(directory.fingerprint)"
        url = FileManager.default.temporaryDirectory.appendingPathComponent(name, isDirectory: true)
    }

    func removeAll() {
        try? FileManager.default.removeItem(at: url)
    }
}
