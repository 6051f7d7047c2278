import PocketdeskKit

// Shortcuts to the content of the models' states.

extension HistoryModel {
    var rows: [TicketRow] {
        if case .tickets(let rows) = state { rows } else { [] }
    }
}

extension NewTicketModel {
    /// What is said about all addresses.
    var noteOnAddresses: String? { messages(.cc).first?.key }
}

extension ThreadModel {
    var ticket: Ticket? {
        if case .thread(let ticket, _) = state { ticket } else { nil }
    }

    var messages: [Message] {
        if case .thread(_, let messages) = state { messages } else { [] }
    }

    /// The labels and values of the details, from the top.
    var values: [(label: String, value: ShownValue?)] {
        details.parts.flatMap { part -> [DetailItem] in
            if case .section(let section) = part { section.items } else { [] }
        }
        .compactMap { item in
            if case .value(_, let label, let value, _, _) = item { (label, value) } else { nil }
        }
    }
}
