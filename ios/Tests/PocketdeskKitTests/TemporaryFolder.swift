import Foundation

/// A folder that goes when the test that made it ends.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("pocketdesk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    /// A file in it, as a user would choose it: a short text, whatever its name says.
    func file(_ name: String) throws -> URL {
        let file = url.appendingPathComponent(name)
        try Data("Überwiesen am 3. Oktober. 🧾".utf8).write(to: file)
        return file
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }
}
