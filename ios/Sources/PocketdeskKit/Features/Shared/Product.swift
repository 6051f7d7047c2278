extension Product {
    /// The issue type with this id; `nil` if the product has none.
    public func issueType(_ id: String?) -> IssueType? {
        issueTypes.first { $0.id == id }
    }
}

extension TicketStatus {
    /// Its name: the product's own, or what the help desk calls it, if the product has no words for it.
    public func name(_ strings: Strings) -> String {
        nameKey.map { strings[$0] } ?? label ?? ""
    }
}
