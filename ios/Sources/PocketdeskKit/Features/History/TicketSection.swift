/// A section of the history, with the tickets that stand in it.
public struct TicketSection: Identifiable, Equatable, Sendable {
    /// Which section it is. Its name is the text of `HistorySection.stringKey`.
    public let section: HistorySection

    /// The tickets, newest activity first. There is at least one.
    public let tickets: [PlacedTicket]

    /// The section.
    public var id: HistorySection { section }

    /// The sections of these rows, from the top. Only those that have tickets.
    static func sections(of rows: [TicketRow], on days: LocalDays) -> [TicketSection] {
        let places = placeRows(days: days, rows: rows.map { RowTime(at: $0.lastActivityAt, unsent: $0.unsent) })
        let placed = zip(rows, places).map { PlacedTicket(row: $0, section: $1.section, written: $1.written) }
        let names: [HistorySection] = [.unsent, .today, .earlier]
        return names.compactMap { name in
            let tickets = placed.filter { $0.section == name }
            return tickets.isEmpty ? nil : TicketSection(section: name, tickets: tickets)
        }
    }
}

/// A ticket of the history at its place.
public struct PlacedTicket: Identifiable, Equatable, Sendable {
    /// The ticket.
    public let row: TicketRow

    /// Under which section it stands.
    let section: HistorySection

    /// How the time of its last activity is written: `Strings.time(_:of:)`.
    public let written: WrittenTime

    /// The ticket's local id.
    public var id: Int64 { row.id }
}
