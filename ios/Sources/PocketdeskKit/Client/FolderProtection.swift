#if canImport(Darwin)
import Foundation

extension DeskConfig {
    /// Makes the desk's folder one that no backup takes along and that can be read while the phone is locked, as background work needs it.
    /// Before the desk is opened: what is made in the folder later has the same protection.
    ///
    /// What the system refuses is left to the opening, which says why the folder cannot be used.
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
