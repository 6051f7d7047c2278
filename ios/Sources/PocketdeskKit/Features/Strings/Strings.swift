import Foundation

/// The words of the screens in one language. One set of texts serves all platforms; it comes with the core.
public struct Strings: Sendable, Equatable {
    /// The language that is spoken: one of `languages()`.
    public let language: String

    private let texts: [String: String]

    /// The words of a language.
    ///
    /// - Parameter tag: A BCP 47 tag such as `de-AT`, by default the user's first choice. What is not spoken becomes English.
    public init(_ tag: String = Locale.preferredLanguages.first ?? "en") {
        let base = tag.prefix { $0 != "-" && $0 != "_" }.lowercased()
        language = PocketdeskBindings.languages().first { $0 == base } ?? "en"
        texts = PocketdeskBindings.words(language: language)
    }

    /// The text of a key; the key itself if there is none, so that a gap is seen rather than blank.
    public subscript(key: String) -> String {
        texts[key] ?? key
    }

    /// The text of a key with its placeholders filled in: `words("offline.waiting", ["count": "3"])`.
    public func callAsFunction(_ key: String, _ values: [String: String]) -> String {
        values.reduce(self[key]) { text, value in
            text.replacingOccurrences(of: "{\(value.key)}", with: value.value)
        }
    }

    /// Whether there is a text for this key.
    public func contains(_ key: String) -> Bool {
        texts[key] != nil
    }
}
