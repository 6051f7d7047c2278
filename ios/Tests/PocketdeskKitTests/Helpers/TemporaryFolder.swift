import Foundation

/// A folder that is deleted when the test that created it ends.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("pocketdesk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    /// Creates a file as a user would choose it. Its content is a short text, whatever its name says.
    func file(_ name: String) throws -> URL {
        let file = url.appendingPathComponent(name)
        try Data("Überwiesen am 3. Oktober. 🧾".utf8).write(to: file)
        return file
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }
}
