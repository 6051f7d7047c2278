/// Where the list of the history goes when rows come or are dropped above those on screen.
///
/// A list that gets other rows above those on screen may stay where it was by its points, and would then show other tickets. So the ticket that
/// was at its top goes there again. If no ticket stands above the first row, neither before the change nor after it, the list does what it
/// always does: a list at its top shows what is new.
///
/// The view reports which rows are on screen, passes the tickets to ``follow(_:hasPrevious:)`` whenever they change, and carries out the move. This
/// is a class and not observed, so that the view is not drawn again for a row that comes on screen.
@MainActor
public final class HistoryPosition {
    private var onScreen: Set<Int64> = []
    private var tickets: [Int64] = []
    private var hasPrevious = false

    /// The position of a list that was not shown yet.
    public init() {}

    /// The row of a ticket came on screen.
    public func appeared(_ ticket: Int64) { onScreen.insert(ticket) }

    /// The row of a ticket left the screen.
    public func disappeared(_ ticket: Int64) { onScreen.remove(ticket) }

    /// Takes over the tickets of the list, and says which of them has to be at its top again; `nil` if the list does not have to move.
    ///
    /// - Parameter hasPrevious: Whether tickets stand above the first one: ``HistoryModel/hasPrevious``.
    public func follow(_ tickets: [Int64], hasPrevious: Bool) -> Int64? {
        let (before, hadPrevious) = (self.tickets, self.hasPrevious)
        (self.tickets, self.hasPrevious) = (tickets, hasPrevious)
        guard hadPrevious || hasPrevious, tickets.first != before.first else { return nil }
        let left = Set(tickets)
        return before.first { onScreen.contains($0) && left.contains($0) }
    }
}
