import Foundation

// What the product says in a language. These calls also answer while the client is suspended or closed, because none but `entries(_:)` reads the
// file.

extension Pocketdesk {
    /// The texts of this client's product: those of every screen, with the product's own names for its statuses, issue types and entries.
    ///
    /// The texts of the last language that was asked for are kept, because the initializer of a SwiftUI view runs often.
    ///
    /// - Parameters:
    ///   - tag: A BCP 47 tag such as `de-AT`; by default the user's first preference. A language that the product does not have is shown in
    ///     the one that its definition names for that case.
    ///   - device: The locale of the device.
    public func strings(_ tag: String = Strings.preferredLanguage, device: Locale = .autoupdatingCurrent) -> Strings {
        let (language, texts) = self.texts.of(tag) { (client.language(language: tag), client.strings(language: tag)) }
        return Strings(language: language, texts: texts, tag: tag, device: device)
    }

    /// The entries of the Help & Support screen that this user is offered in a language, in order. Ask again when a change has `status`,
    /// `history` or `articles` set.
    ///
    /// Runs on the caller's thread. While the file cannot be read, what depends on it is not offered: the help articles and, where nobody is
    /// signed in, the history.
    ///
    /// - Parameter language: A BCP 47 tag. Some entries exist in certain languages only.
    public func entries(_ language: String) -> [Entry] {
        client.entries(language: language)
    }

    /// Says what holds for the signed-in user, by the names for which the product definition asks (`claim.NAME`): an entitlement of the
    /// account, for example.
    ///
    /// Replaces what was said before, also `ClientConfig.claims`. It is kept until the client is closed, and never stored. It decides what is
    /// offered, and whether there is a history on this device: a product may remove what was read of it for users without a claim. The help
    /// desk decides what is allowed.
    public func setClaims(_ claims: Set<String>) {
        client.setClaims(claims: claims.sorted())
    }

    /// What became of the definition that the company delivers, for the app's developer; `nil` without `ClientConfig.definitionUrl`.
    public var deliveredDefinition: DeliveredDefinition? { client.deliveredDefinition() }
}

/// The texts of the last language that was asked for.
final class LastTexts: @unchecked Sendable {
    private let lock = NSLock()
    private var last: (tag: String, language: String, texts: [String: String])?

    /// The language and the texts that a tag is served with. They are read if another tag was asked for last.
    func of(_ tag: String, read: () -> (String, [String: String])) -> (String, [String: String]) {
        lock.withLock {
            if let last, last.tag == tag { return (last.language, last.texts) }
            let (language, texts) = read()
            last = (tag, language, texts)
            return (language, texts)
        }
    }
}
