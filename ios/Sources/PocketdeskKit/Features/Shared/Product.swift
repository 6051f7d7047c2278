extension Product {
    /// The label, the explanation and the turn of a status in this product.
    public func info(_ status: Status) -> StatusInfo {
        statuses.first { $0.status == status }
            ?? StatusInfo(status: status, labelKey: "status.unknown", explanationKey: "status.unknown.explanation", turn: .nobody)
    }

    /// The issue type with this id; `nil` if the product has none.
    public func issueType(_ id: String?) -> IssueType? {
        issueTypes.first { $0.id == id }
    }
}
