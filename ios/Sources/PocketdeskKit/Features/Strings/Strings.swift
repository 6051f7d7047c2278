import Foundation

/// The localised texts of the screens in one language. All platforms share the same texts, which are part of the core.
public struct Strings: Sendable, Equatable {
    /// The language of the texts: one of `languages()`.
    public let language: String

    /// How dates and numbers are written: the device's locale if the device has the language of these texts, so that dates on an Austrian phone
    /// are Austrian and its 24-hour setting counts. Otherwise the locale of the requested tag or, if there is no translation for it, English.
    public let locale: Locale

    private let texts: [String: String]

    /// The texts of a language.
    ///
    /// - Parameters:
    ///   - tag: A BCP 47 tag such as `de-AT`; by default the user's first preference. Unsupported languages fall back to English.
    ///   - device: The locale of the device.
    public init(_ tag: String = Locale.preferredLanguages.first ?? "en", device: Locale = .autoupdatingCurrent) {
        let code = tag.prefix { $0 != "-" && $0 != "_" }.lowercased()
        let language = PocketdeskBindings.languages().first { $0 == code } ?? "en"
        let isDevices = device.language.languageCode?.identifier == language
        locale = isDevices ? device : Locale(identifier: code == language ? tag : language)
        self.language = language
        texts = PocketdeskBindings.strings(language: language)
    }

    /// The text for a key. If there is none, the key itself, so that the gap is visible.
    public subscript(key: String) -> String {
        texts[key] ?? key
    }

    /// The text for a key with its placeholders replaced: `strings("offline.waiting", ["count": "3"])`.
    public func callAsFunction(_ key: String, _ values: [String: String]) -> String {
        values.reduce(self[key]) { text, value in
            text.replacingOccurrences(of: "{\(value.key)}", with: value.value)
        }
    }

    /// The text for a count, in the plural form that the language has for it: `strings.counted("ticket.left_out", 3)`. The core knows the
    /// forms.
    ///
    /// - Parameters:
    ///   - key: The key without the form.
    ///   - count: The number, which replaces the placeholder `{count}`.
    public func counted(_ key: String, _ count: UInt32) -> String {
        self("\(key).\(pluralForm(language: language, count: UInt64(count)))", ["count": number(count)])
    }

    /// Whether the language is written from right to left.
    public var isRightToLeft: Bool { Locale.Language(identifier: language).characterDirection == .rightToLeft }

    /// Whether there is a text for this key.
    public func contains(_ key: String) -> Bool {
        texts[key] != nil
    }
}
