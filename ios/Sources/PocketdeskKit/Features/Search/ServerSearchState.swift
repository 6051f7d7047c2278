/// What the help desk's own search has to do with a search on screen. Its answer stands below what was found on this device.
public enum ServerSearchState: Equatable, Sendable {
    /// It cannot be asked: nothing is searched, the help desk cannot be reached, or it has no search.
    case notOffered
    /// It can be asked.
    case offered
    /// It is being asked.
    case searching
    /// What it has found and this device has not, in its order. None if it has found nothing else.
    case found([TicketRow])
    /// It did not answer. `again` says whether it can be asked again now.
    case failed(again: Bool)

    /// Whether it can be asked.
    var isOffered: Bool { self == .offered || self == .failed(again: true) }

    /// What it has found, as rows. Ask again when a minute is over, as for ``HistoryModel/sections(on:)``.
    ///
    /// - Parameter days: The present moment and the days around it, in the device's time zone.
    public func tickets(on days: LocalDays = LocalDays()) -> [PlacedTicket] {
        if case .found(let rows) = self { PlacedTicket.place(rows, on: days, byDay: false) } else { [] }
    }

    /// - Parameters:
    ///   - asked: What it was asked for the text on screen; `nil` if it was not.
    ///   - rows: What it has found and this device has not.
    ///   - isPossible: Whether it can be asked.
    init(_ asked: ServerQuestion?, _ rows: [TicketRow], isPossible: Bool) {
        self =
            switch asked?.answer {
            case nil: isPossible ? .offered : .notOffered
            case .waiting: .searching
            case .tickets: .found(rows)
            case .failed: .failed(again: isPossible)
            }
    }
}

/// What a user has asked the help desk to search for.
struct ServerQuestion: Equatable, Sendable {
    enum Answer: Equatable, Sendable {
        case waiting
        /// These tickets, by their local ids.
        case tickets([Int64])
        case failed
    }

    let text: String
    /// Tells it from another question for the same text.
    let number: Int
    private(set) var answer = Answer.waiting

    init(text: String, number: Int) {
        (self.text, self.number) = (text, number)
    }

    /// The tickets that were found; `nil` if there is no answer.
    var tickets: [Int64]? {
        if case .tickets(let tickets) = answer { tickets } else { nil }
    }

    /// - Parameter search: `nil` if the call failed.
    mutating func answer(_ search: ServerSearch?) {
        answer = if case .found(let tickets) = search { .tickets(tickets) } else { .failed }
    }
}
