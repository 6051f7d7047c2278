import Foundation

/// A file that the user chose to attach.
public struct ChosenFile: Sendable {
    /// The name under which the user knows the file.
    public let name: String

    private let provide: @Sendable () async throws -> Provided

    /// A file that this process can read where it is. It is read when its turn has come, and once more if the user wants a smaller JPG of it.
    public init(_ file: URL) {
        self.init(file, open: { _ in false }, close: { _ in })
    }

    /// A file that this process can read while access to it is open.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - open: Opens access to the file before it is read. Returns whether there is something to close.
    ///   - close: Closes that access afterwards.
    public init(_ file: URL, open: @escaping @Sendable (URL) -> Bool, close: @escaping @Sendable (URL) -> Void) {
        let name = file.lastPathComponent
        self.name = name
        provide = {
            let isOpen = open(file)
            return Provided(file: file, name: name) { if isOpen { close(file) } }
        }
    }

    /// A file that has to be copied before it can be read, such as a photo of the library, which may be in a cloud.
    ///
    /// - Parameters:
    ///   - name: What the user sees until the file's own name is known.
    ///   - copy: Makes a copy, and returns it with the file's own name. Called when the file's turn has come, and once more if the user wants a
    ///     smaller JPG of it. The copy is deleted afterwards. If this throws, the user is told that the file cannot be read.
    public init(name: String, copy: @escaping @Sendable () async throws -> (file: URL, name: String)) {
        self.name = name
        provide = {
            let made = try await copy()
            return Provided(file: made.file, name: made.name) { try? FileManager.default.removeItem(at: made.file) }
        }
    }

    /// The file, where it can be read. Call `Provided.discard` when it was read.
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

        /// Closes the access to the file, or deletes it if it is a copy that was made for this.
        let discard: @Sendable () -> Void
    }
}
