import PocketdeskKit

// Shortcuts to the content of the models' states.

extension HistoryModel {
    var rows: [TicketRow] {
        if case .tickets(let rows) = state { rows } else { [] }
    }
}

extension ThreadModel {
    var ticket: Ticket? {
        if case .thread(let ticket, _) = state { ticket } else { nil }
    }

    var messages: [Message] {
        if case .thread(_, let messages) = state { messages } else { [] }
    }
}
