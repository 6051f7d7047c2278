import Foundation

#if canImport(Security)
import Security
#endif

extension ClientConfig {
    /// A configuration with the built-in product and without encryption. An app with another product sets `product` to its definition as JSON, and
    /// `definitions` to those that it extends, unless they come with the library.
    ///
    /// - Parameters:
    ///   - directory: A folder for Pocketdesk's files, in Application Support. All accounts can share it, because each gets a folder of its
    ///     own in it. Opening the client excludes it from backup.
    ///   - account: The app's stable id of the signed-in user, 1 to 200 characters. What is stored for an account belongs to one server for good.
    ///   - server: The origin of the help desk; `https`, or `http` on this machine only.
    ///   - installation: Identifies this installation of the app. If a file was last used under another id, nothing in it is sent without asking
    ///     the user, because the other device may have sent it. On Apple's systems the default is an id in the Keychain. Elsewhere the app
    ///     provides an id and stores it where no backup includes it; without one, copies of the file are not recognised.
    ///   - language: The language in which the screens are shown, as a BCP 47 tag; by default the user's first preference, as in the screens. The
    ///     help desk is asked for its own labels in this language (`TicketStatus.label`).
    public init(
        directory: URL, account: String, server: URL, installation: String? = Installation.id,
        language: String = Strings.preferredLanguage
    ) {
        self.init(
            directory: directory.path,
            account: account,
            serverUrl: server.absoluteString,
            product: nil,
            key: nil,
            installation: installation,
            language: language
        )
    }

    /// A configuration for a device on which nobody is signed in, for those who have no account yet or cannot sign in. Tickets are then sent
    /// without an account and answered by mail; nothing is read from the help desk. They stay in a file of their own, which no account's client
    /// sees, so such a client may be open beside the one of an account.
    ///
    /// - Parameters:
    ///   - directory: The folder for Pocketdesk's files, which may be that of the accounts.
    ///   - server: The origin of the help desk.
    ///   - installation: Identifies this installation of the app; see ``init(directory:account:server:installation:language:)``.
    ///   - language: The language in which the screens are shown, as a BCP 47 tag.
    public static func signedOut(
        directory: URL, server: URL, installation: String? = Installation.id, language: String = Strings.preferredLanguage
    ) -> ClientConfig {
        var config = ClientConfig(directory: directory, account: "", server: server, installation: installation, language: language)
        config.anonymous = true
        return config
    }
}

/// Distinguishes this installation of the app from every other one, so that a copy of the file on another device is recognised.
public enum Installation {
    /// This installation's id, created by the first call. `nil` on systems without a Keychain, and while the Keychain cannot be read: before the
    /// first unlock after a restart, when the client's file cannot be read either.
    public static var id: String? {
        #if canImport(Security)
        id(in: KeychainInstallationStore())
        #else
        nil
        #endif
    }

    /// The id in `store`, which is created if the store is empty. `nil` if the store cannot be read: an unreadable store is not treated as an
    /// empty one, because with a new id every unsent message would need the user's confirmation.
    static func id(in store: some InstallationStore) -> String? {
        do {
            if let id = try store.read() { return id }
            // If another thread has added an id in the meantime, that one is used.
            try? store.add(UUID().uuidString)
            return try store.read()
        } catch {
            return nil
        }
    }
}

/// Stores one short text that never leaves this device.
protocol InstallationStore {
    /// The stored id; `nil` if there is none yet.
    func read() throws -> String?

    /// Stores an id. Throws if there is one already.
    func add(_ id: String) throws
}

#if canImport(Security)
/// A Keychain item that is bound to this device: neither a backup nor a transfer to another device includes it. It remains when the app is
/// removed, which does no harm: a file that is created later uses the same id.
private struct KeychainInstallationStore: InstallationStore {
    private struct KeychainError: Error {
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
        guard status == errSecSuccess, let data = found as? Data else { throw KeychainError(status: status) }
        return String(data: data, encoding: .utf8)
    }

    func add(_ id: String) throws {
        let attributes: [CFString: Any] = [
            kSecValueData: Data(id.utf8),
            // Readable in the background after the first unlock, like the client's file.
            kSecAttrAccessible: kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly,
        ]
        let status = SecItemAdd(item.merging(attributes) { $1 } as CFDictionary, nil)
        guard status == errSecSuccess else { throw KeychainError(status: status) }
    }
}
#endif
