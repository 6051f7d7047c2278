#if canImport(Darwin)
import Foundation

extension ClientConfig {
    /// Creates the client's folder if needed, excludes it from backup, and lets work in the background read it while the phone is locked.
    ///
    /// Call it before the client is opened, because files that are created in the folder later inherit its protection. Errors are ignored here:
    /// opening the client reports why the folder cannot be used.
    func protectFolder() {
        var folder = URL(fileURLWithPath: directory, isDirectory: true)
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var values = URLResourceValues()
        values.isExcludedFromBackup = true
        try? folder.setResourceValues(values)
        #if os(iOS)
        let protection: [FileAttributeKey: Any] = [.protectionKey: FileProtectionType.completeUntilFirstUserAuthentication]
        try? FileManager.default.setAttributes(protection, ofItemAtPath: folder.path)
        #endif
    }
}
#endif
