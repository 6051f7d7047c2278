import Foundation

/// A file that the user chose to attach.
public struct ChosenFile: Sendable {
    /// The name under which the user knows the file.
    public let name: String

    private let provide: @Sendable () async throws -> Provided

    /// A file that this process can read where it is. If the system restricts access to it, the caller opens that access before the file is
    /// attached, and closes it afterwards.
    public init(_ file: URL) {
        let name = file.lastPathComponent
        self.name = name
        provide = { Provided(file: file, name: name, isOurs: false) }
    }

    /// A file that has to be copied before it can be read, such as a photo of the library, which may be in a cloud.
    ///
    /// - Parameters:
    ///   - name: What the user sees until the file's own name is known.
    ///   - copy: Makes a copy, and returns it with the file's own name. Called when the file's turn has come. The copy is deleted once the file is
    ///     attached. If this throws, the user is told that the file cannot be read.
    public init(name: String, copy: @escaping @Sendable () async throws -> (file: URL, name: String)) {
        self.name = name
        provide = {
            let made = try await copy()
            return Provided(file: made.file, name: made.name, isOurs: true)
        }
    }

    /// The file, where it can be read. Call `Provided.discard()` when it was read.
    func provided() async throws(AttachError) -> Provided {
        do {
            return try await provide()
        } catch {
            throw .Unreadable(code: (error as? POSIXError)?.code.rawValue ?? -1)
        }
    }

    /// A file that can be read, and its own name.
    struct Provided: Sendable {
        let file: URL
        let name: String
        fileprivate let isOurs: Bool

        /// Deletes the file if it is a copy that was made for this.
        func discard() {
            if isOurs { try? FileManager.default.removeItem(at: file) }
        }
    }
}
