import Observation

/// The model of the Help & Support screen: the product's entries in the language of the screen.
@MainActor
@Observable
public final class HelpSupportModel {
    /// The entries to show, in order.
    public let entries: [Entry]

    /// - Parameters:
    ///   - product: The client's product.
    ///   - strings: The strings of the screen. Some entries exist in certain languages only.
    public init(product: Product, strings: Strings) {
        entries = product.entries.filter { $0.languages.isEmpty || $0.languages.contains(strings.language) }
    }
}
