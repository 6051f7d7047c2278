#if canImport(Darwin)
import Foundation

extension ClientConfig {
    /// Creates the client's folder if it does not exist, and excludes it from backup. On iOS, work in the background can read the folder
    /// while the phone is locked, once the phone was unlocked since its last restart.
    ///
    /// Call this function before the client is opened, because files that are created in the folder later inherit its protection. The
    /// function reports no errors. If the folder cannot be used at all, opening the client says why. If only the exclusion from backup or
    /// the protection fails, nobody is told.
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
