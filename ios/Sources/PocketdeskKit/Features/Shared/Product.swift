extension Product {
    /// The issue type with this id; `nil` if the product has none.
    public func issueType(_ id: String?) -> IssueType? {
        issueTypes.first { $0.id == id }
    }
}

extension TicketStatus {
    /// Whether the product knows the server's status.
    public var isKnown: Bool { id != nil }

    /// The key of its name.
    public func labelKey(in product: Product) -> String {
        info(in: product)?.labelKey ?? "status.unknown"
    }

    /// The key of its explanation; `nil` if the product does not explain it.
    public func explanationKey(in product: Product) -> String? {
        guard let info = info(in: product) else { return "status.unknown.explanation" }
        return info.explanationKey
    }

    private func info(in product: Product) -> StatusInfo? {
        product.statuses.first { $0.id == id }
    }
}
