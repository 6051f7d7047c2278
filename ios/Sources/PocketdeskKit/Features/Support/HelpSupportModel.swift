import Observation

/// The Help & Support screen: the entries that this profile has in the language of the screen (H1).
@MainActor
@Observable
public final class HelpSupportModel {
    /// What to show, in order.
    public let entries: [Entry]

    /// - Parameters:
    ///   - profile: The desk's profile.
    ///   - words: Their language decides about entries that exist in some languages only.
    public init(product: Profile, strings: Strings) {
        entries = product.entries.filter { $0.languages.isEmpty || $0.languages.contains(strings.language) }
    }
}
