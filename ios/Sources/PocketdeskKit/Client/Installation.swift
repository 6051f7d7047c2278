import Foundation

#if canImport(Security)
import Security
#endif

extension DeskConfig {
    /// A desk with the built-in profile, in a file without encryption.
    ///
    /// - Parameters:
    ///   - directory: A folder of the desk's own, in Application Support. Opening excludes it from backup.
    ///   - account: The app's stable id of the signed-in user. A folder belongs to one account and one desk for good.
    ///   - desk: The help desk's origin, `https` (`http` for this machine only).
    ///   - installation: What tells this installation from every other. Under another one than before, nothing that the file holds is
    ///     sent by itself: the other device may have sent it. On Apple's systems it is kept in the Keychain; elsewhere the app makes one
    ///     and keeps it where no backup takes it, or copies of the file are not recognised.
    public init(directory: URL, account: String, server: URL, installation: String? = Installation.id) {
        self.init(
            directory: directory.path,
            account: account,
            deskUrl: server.absoluteString,
            profile: nil,
            key: nil,
            installation: installation
        )
    }
}

/// What tells this installation of the app from every other, and from a copy of it on another device.
public enum Installation {
    /// This installation's id, made at the first call. `nil` where there is no Keychain, and while it cannot be read: before the device
    /// was unlocked for the first time after a start, when the desk's file cannot be read either.
    public static var id: String? {
        #if canImport(Security)
        id(in: KeychainInstallationStore())
        #else
        nil
        #endif
    }

    /// The id on `shelf`, which is put there if the shelf is empty. A shelf that cannot be read is not taken for an empty one: a new id
    /// would make every unsent message ask the user.
    static func id(in store: some InstallationStore) -> String? {
        do {
            if let id = try store.read() { return id }
            // Whoever came first has decided.
            try? store.add(UUID().uuidString)
            return try store.read()
        } catch {
            return nil
        }
    }
}

/// A place for one short text that stays on this device.
protocol InstallationStore {
    /// `nil` if there is none yet.
    func read() throws -> String?

    /// Fails if there is one already.
    func add(_ id: String) throws
}

#if canImport(Security)
/// An item of the app's Keychain that no backup and no move to another device takes along. It outlives the app's removal, which is
/// harmless: a file made later is bound to the same id.
private struct KeychainInstallationStore: InstallationStore {
    private struct Refused: Error {
        let status: OSStatus
    }

    private let item: [CFString: Any] = [
        kSecClass: kSecClassGenericPassword,
        kSecAttrService: "dev.pocketdesk.installation",
        kSecAttrAccount: "installation",
    ]

    func read() throws -> String? {
        var found: CFTypeRef?
        let query = item.merging([kSecReturnData: true, kSecMatchLimit: kSecMatchLimitOne]) { $1 }
        let status = SecItemCopyMatching(query as CFDictionary, &found)
        guard status != errSecItemNotFound else { return nil }
        guard status == errSecSuccess, let data = found as? Data else { throw Refused(status: status) }
        return String(data: data, encoding: .utf8)
    }

    func add(_ id: String) throws {
        let attributes: [CFString: Any] = [
            kSecValueData: Data(id.utf8),
            // Readable in the background once the device was unlocked, like the desk's file.
            kSecAttrAccessible: kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly,
        ]
        let status = SecItemAdd(item.merging(attributes) { $1 } as CFDictionary, nil)
        guard status == errSecSuccess else { throw Refused(status: status) }
    }
}
#endif
