// What a row of the history says about its ticket.

extension TicketRow {
    /// The subject, or that the ticket is no longer visible. The product makes the subject of some types of tickets.
    public func title(_ strings: Strings) -> String {
        guard visible else { return strings["history.no_longer_visible"] }
        return subjectKey.map { strings($0, ["requester": requester ?? ""]) } ?? subject
    }

    /// The beginning of the last message, marked as the user's own if it is; `nil` if no message is on this device.
    public func snippetText(_ strings: Strings) -> String? {
        snippet.map { $0.mine ? strings("history.snippet.mine", ["text": $0.text]) : $0.text }
    }

    /// What the product shows beside its facts: the name of each column, and what stands in it.
    public func columnTexts(_ strings: Strings) -> [(name: String, text: String)] {
        columns.map { (strings[$0.labelKey], $0.text(strings)) }
    }

    /// What stands in a column of a table that is one text; `nil` if nothing does, or if the column is no text.
    public func text(in column: HistoryColumn, _ strings: Strings) -> String? {
        switch column.id {
        case "number": number.map { "#\($0)" }
        case "created": strings.day(created)
        default: columns.first { $0.id == column.id }?.text(strings)
        }
    }

    /// The number, if the server has given one, and the date of creation.
    public func facts(_ strings: Strings) -> String {
        let created = strings("history.created", ["date": strings.day(created)])
        return number.map { "#\($0) · \(created)" } ?? created
    }
}

extension RowColumn {
    /// What stands in it.
    func text(_ strings: Strings) -> String {
        textKey.map { strings[$0] } ?? texts.joined(separator: ", ")
    }
}
