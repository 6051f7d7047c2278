/// Where the list of a conversation stands, and when it moves by itself.
///
/// The list is anchored at its end. What was said last stays above the keyboard and above a reply that grows. Older messages that are loaded later
/// move nothing. The list opens at the message that a search has found. Otherwise it opens with the first new message below a line at its top, or
/// at its end if nothing is new. Later it moves by itself to a message that the user has just written, to one that arrives while its end is on
/// screen, and to a found message that is loaded only then. While the user reads what was found in the thread, no arriving message moves it.
///
/// The view reports what is on screen in ``bottom``, passes the lines to ``follow(_:)`` whenever they change, and carries out the move.
public struct ThreadPosition: Equatable, Sendable {
    /// A move of the list.
    public enum Move: Equatable, Sendable {
        /// To the line above what is new, which is then at the top.
        case toNew
        /// To the end.
        case toEnd
        /// To a message that was found, whose beginning is then at the top.
        case toFound(ThreadLine.ID)
    }

    /// The line at the lower edge of the list, as the view reports it; `nil` before the first report, when the list stands at its end.
    public var bottom: ThreadLine.ID?

    private var lines: [ThreadLine.ID] = []
    private var newest: Int64?

    /// The position of a list that was not shown yet.
    public init() {}

    /// Takes over the lines of the conversation, and says whether the list has to move for them.
    ///
    /// - Parameter found: The message at which a reader is who finds a text in the thread.
    public mutating func follow(_ lines: [ThreadLine], found: ThreadLine.ID? = nil) -> Move? {
        let ids = lines.map(\.id)
        let newestMessage = lines.last { $0.message != nil }?.message
        defer { (self.lines, newest) = (ids, newestMessage?.id) }

        if let found, !self.lines.contains(found), ids.contains(found) { return .toFound(found) }
        // The list keeps what was on screen in its place, so what was added is below it.
        let wasAtEnd = isAtEnd
        let isAdded = newest.map { before in newestMessage?.id != before && ids.contains(.message(before)) } ?? false
        if isAdded, newestMessage?.mine == true { return .toEnd }
        // Whoever reads what was found stays there.
        guard wasAtEnd, found == nil else { return nil }
        if ids.contains(.new), !self.lines.contains(.new) { return .toNew }
        return isAdded ? .toEnd : nil
    }

    /// Whether the end is on screen. Screens offer the way there if it is not.
    public var isAtEnd: Bool {
        guard let bottom, lines.contains(bottom) else { return true }
        return bottom == lines.last
    }

    /// How many new messages are below the lower edge of the list.
    public func newBelow(in lines: [ThreadLine]) -> UInt32 {
        guard let bottom, let place = lines.firstIndex(where: { $0.id == bottom }) else { return 0 }
        return UInt32(lines[place...].dropFirst().count { $0.isNew })
    }
}
