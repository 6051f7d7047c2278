import Foundation

/// A section of the history, with the tickets that stand in it.
public struct TicketSection: Identifiable, Equatable, Sendable {
    /// Which section it is.
    public let section: HistorySection

    /// The key of its name.
    public let nameKey: String

    /// The tickets, in the order of the history. There is at least one.
    public let tickets: [PlacedTicket]

    /// The section.
    public var id: HistorySection { section }

    /// The sections of these rows, from the top. Only those that have tickets.
    ///
    /// - Parameter byDay: Whether the days are sections: the newest activity comes first.
    static func sections(of rows: [TicketRow], on days: LocalDays, byDay: Bool) -> [TicketSection] {
        let placed = PlacedTicket.place(rows, on: days, byDay: byDay)
        let names: [HistorySection] = [.unsent, .today, .earlier, .others]
        return names.compactMap { name in
            let tickets = placed.filter { $0.place.section == name }
            return tickets.first.map { TicketSection(section: name, nameKey: $0.place.sectionKey, tickets: tickets) }
        }
    }
}

/// A ticket of the history at its place.
public struct PlacedTicket: Identifiable, Equatable, Sendable {
    /// The ticket.
    public let row: TicketRow

    /// Under which section it stands, and how the time of its last activity is written.
    let place: RowPlace

    /// The ticket's local id.
    public var id: Int64 { row.id }

    /// These rows at their places, in their order.
    static func place(_ rows: [TicketRow], on days: LocalDays, byDay: Bool) -> [PlacedTicket] {
        let times = rows.map { RowTime(at: $0.lastActivityAt, unsent: $0.unsent) }
        return zip(rows, placeRows(days: days, rows: times, byDay: byDay)).map { PlacedTicket(row: $0, place: $1) }
    }

    /// When something last happened, as it is read fastest.
    public func time(_ strings: Strings, timeZone: TimeZone = .autoupdatingCurrent) -> String {
        strings.time(place, of: row.lastActivity, timeZone: timeZone)
    }
}

extension Strings {
    /// A time in a list, in the way that `placeRows` says: "5 Min.", "14:32", "Gestern", "3. Okt. 2026".
    public func time(_ place: RowPlace, of date: Date, timeZone: TimeZone = .autoupdatingCurrent) -> String {
        switch (place.timeKey, place.written) {
        case (let key?, .minutes(let count)): counted(key, count)
        case (let key?, _): self[key]
        case (nil, .timeOfDay): time(date, timeZone: timeZone)
        case (nil, _): day(date, timeZone: timeZone)
        }
    }
}
