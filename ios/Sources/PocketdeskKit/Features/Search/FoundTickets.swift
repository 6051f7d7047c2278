/// What a search in the history has found.
public struct FoundTickets: Equatable, Sendable {
    /// What was searched for.
    public let text: String

    /// The first tickets that were found; none if nothing was.
    public let hits: [TicketHit]

    /// How many were found, at most 1,000.
    public let count: UInt32

    /// Whether there are more than ``count``.
    public let countIsCapped: Bool

    /// How much was searched, while the index is being made; `nil` if everything on this device was.
    public let coverage: SearchCoverage?

    /// Whether there are more than ``hits``.
    let hasMore: Bool

    init(_ page: SearchPage, of text: String) {
        self.text = text
        (hits, count, countIsCapped, coverage, hasMore) = (page.hits, page.count, page.countIsCapped, page.coverage, page.next != nil)
    }

    /// How many were found.
    public func countText(_ strings: Strings) -> String {
        countIsCapped ? strings("search.results.more", ["count": strings.number(count)]) : strings.counted("history.results", count)
    }

    /// How much was searched.
    public func coverageText(_ strings: Strings) -> String {
        guard let coverage else { return strings["search.everything"] }
        let (tickets, all) = (UInt32(clamping: coverage.tickets), UInt32(clamping: coverage.of))
        return strings("search.covered", ["count": strings.number(tickets), "total": strings.number(all)])
    }

    /// Why there are no hits: the text, and the names of the filters that are set as well.
    public func emptyText(_ filters: [String], _ strings: Strings) -> String {
        let nothing = strings("search.empty.text", ["text": text])
        guard !filters.isEmpty else { return nothing }
        return "\(nothing) \(strings("history.filter.empty.text", ["filters": filters.joined(separator: ", ")]))"
    }

    /// The hits as rows, in their order. Ask again when a minute is over, as for ``HistoryModel/sections(on:)``.
    ///
    /// - Parameter days: The present moment and the days around it, in the device's time zone.
    public func tickets(on days: LocalDays = LocalDays()) -> [FoundTicket] {
        zip(hits, PlacedTicket.place(hits.map(\.row), on: days, byDay: false)).map { FoundTicket(hit: $0, ticket: $1) }
    }
}

/// A ticket that was found, as a row.
public struct FoundTicket: Identifiable, Equatable, Sendable {
    /// What was found.
    public let hit: TicketHit

    /// The ticket, with the time of its last activity.
    public let ticket: PlacedTicket

    /// The ticket's local id.
    public var id: Int64 { ticket.id }
}

/// What a search in the help articles has found.
public struct FoundArticles: Equatable, Sendable {
    /// What was searched for.
    public let text: String

    /// The articles, those first that have it in their title; at most 200. None if nothing was found.
    public let hits: [ArticleHit]
}

/// The message at which a thread opens, because a search has found that message. It holds what the user typed: do not log it.
public struct FoundMessage: Hashable, Codable, Sendable {
    /// What was searched for.
    public let text: String

    /// The local id of the message in which most of it was found.
    public let message: Int64

    /// The message with this local id, found by this text.
    public init(text: String, message: Int64) {
        (self.text, self.message) = (text, message)
    }
}

extension TicketHit {
    /// The subject in parts, or what the history says in its place.
    public func titleParts(_ strings: Strings) -> [Segment] {
        // What the product says in place of a subject was not searched.
        row.visible && row.subjectKey == nil ? title : [Segment(text: row.title(strings), hit: false)]
    }

    /// In which of its texts the excerpt stands; `nil` without an excerpt.
    public func place(_ strings: Strings) -> String? {
        switch foundIn {
        case .number, .subject: nil
        case .field(let field): strings["column.\(field)"]
        case .description: strings["search.found.description"]
        case .comment: strings["search.found.comment"]
        }
    }

    /// The message that was found; `nil` if it was found elsewhere in the ticket.
    public var message: Int64? {
        switch foundIn {
        case .description(let message), .comment(let message): message
        case .number, .subject, .field: nil
        }
    }

    /// Its screen: the thread, which opens at the message that was found.
    ///
    /// - Parameter text: What was searched for.
    public func route(_ text: String) -> Route {
        .thread(row.id, found: message.map { FoundMessage(text: text, message: $0) })
    }
}

extension [Segment] {
    /// The text that the parts make together.
    public var plainText: String {
        map(\.text).joined()
    }
}
