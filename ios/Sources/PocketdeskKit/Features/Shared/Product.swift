extension Product {
    /// The issue type with this id; `nil` if the product has none.
    public func issueType(_ id: String?) -> IssueType? {
        issueTypes.first { $0.id == id }
    }
}

extension TicketStatus {
    /// Whether the product knows the server's status.
    public var isKnown: Bool { id != nil }

    /// Its name: what the help desk calls it, if the product has no words for it, otherwise the product's own.
    public func name(in product: Product, _ strings: Strings) -> String {
        label ?? strings[info(in: product)?.labelKey ?? "status.unknown"]
    }

    /// What it means; `nil` if nobody explains it.
    public func explanation(in product: Product, _ strings: Strings) -> String? {
        // The product's explanation is one of its own name.
        guard label == nil else { return nil }
        guard let info = info(in: product) else { return strings["status.unknown.explanation"] }
        return info.explanationKey.map { strings[$0] }
    }

    private func info(in product: Product) -> StatusInfo? {
        product.statuses.first { $0.id == id }
    }
}
