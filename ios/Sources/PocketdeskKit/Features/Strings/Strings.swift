import Foundation

/// The localised texts of a product's screens in one language. All platforms share them: the core has the texts of every screen, and a product
/// definition adds its own or replaces some.
///
/// ``Pocketdesk/strings(_:device:)`` gives the texts of a client's product. Before a client is open, ``init(_:device:)`` gives those of the
/// built-in product.
public struct Strings: Sendable, Equatable {
    /// The language of the texts, as a BCP 47 tag.
    public let language: String

    /// How dates and numbers are written: the device's locale if the device has the language of these texts, so that dates on an Austrian phone
    /// are Austrian and its 24-hour setting counts. Otherwise the locale of the requested tag or, if there are no texts for it, of their own
    /// language.
    public let locale: Locale

    private let texts: [String: String]

    /// The texts of the built-in product in a language, for a screen that is shown before a client is open.
    ///
    /// - Parameters:
    ///   - tag: A BCP 47 tag such as `de-AT`; by default the user's first preference. Unsupported languages fall back to English.
    ///   - device: The locale of the device.
    public init(_ tag: String = Strings.preferredLanguage, device: Locale = .autoupdatingCurrent) {
        let code = Self.code(tag)
        let language = PocketdeskBindings.languages().first { $0 == code } ?? "en"
        self.init(language: language, texts: PocketdeskBindings.strings(language: language), tag: tag, device: device)
    }

    init(language: String, texts: [String: String], tag: String, device: Locale) {
        let code = Self.code(language)
        let isDevices = device.language.languageCode?.identifier == code
        locale = isDevices ? device : Locale(identifier: Self.code(tag) == code ? tag : language)
        self.language = language
        self.texts = texts
    }

    /// The user's first preference among the languages of the device, as a BCP 47 tag.
    public static var preferredLanguage: String { Locale.preferredLanguages.first ?? "en" }

    /// The language of a tag without its region: `de` of `de-AT`.
    private static func code(_ tag: String) -> String {
        tag.prefix { $0 != "-" && $0 != "_" }.lowercased()
    }

    /// The text for a key. If there is none, the key itself, so that the gap is visible.
    public subscript(key: String) -> String {
        texts[key] ?? key
    }

    /// The text for a key with its placeholders replaced: `strings("busy.banner", ["time": "14:05"])`.
    public func callAsFunction(_ key: String, _ values: [String: String]) -> String {
        values.reduce(self[key]) { text, value in
            text.replacingOccurrences(of: "{\(value.key)}", with: value.value)
        }
    }

    /// The text for a count, in the plural form that the language has for it: `strings.counted("ticket.left_out", 3)`. The core knows the
    /// forms. A form for which there is no text is shown as `other`, which always exists.
    ///
    /// - Parameters:
    ///   - key: The key without the form.
    ///   - count: The number, which replaces the placeholder `{count}`.
    ///   - values: What replaces other placeholders.
    public func counted(_ key: String, _ count: UInt32, _ values: [String: String] = [:]) -> String {
        let counted = "\(key).\(pluralForm(language: language, count: UInt64(count)))"
        return self(contains(counted) ? counted : "\(key).other", values.merging(["count": number(count)]) { $1 })
    }

    /// Whether the language is written from right to left.
    public var isRightToLeft: Bool { Locale.Language(identifier: language).characterDirection == .rightToLeft }

    /// Whether there is a text for this key.
    public func contains(_ key: String) -> Bool {
        texts[key] != nil
    }
}
