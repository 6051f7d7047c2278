// In a wide window a ticket stands beside the history from which it was opened. The open screens stay what they are: a window that becomes narrow
// shows the same ticket above the same history.

extension [Route] {
    /// The ticket beside the history, also while a form covers both; `nil` if there is none.
    public var ticketBesideHistory: Int64? { threadBesideHistory?.ticket }

    /// The ticket beside the history, and what was found in it; `nil` if there is none.
    public var threadBesideHistory: (ticket: Int64, found: FoundMessage?)? {
        guard let history = firstIndex(of: .history), indices.contains(history + 1), case .thread(let ticket, let found) = self[history + 1]
        else { return nil }
        return (ticket, found)
    }

    /// The screens that cover each other in a wide window: all but a ticket beside the history.
    public var wideStack: [Route] {
        indices.filter { !isBesideHistory($0) }.map { self[$0] }
    }

    /// The open screens after the user went to another stack in a wide window, by going back for example. A ticket beside the history stays there.
    public func following(wideStack: [Route]) -> [Route] {
        guard let history = firstIndex(of: .history), indices.contains(history + 1), isBesideHistory(history + 1),
            let place = wideStack.firstIndex(of: .history)
        else { return wideStack }
        return wideStack[...place] + [self[history + 1]] + wideStack[(place + 1)...]
    }

    /// The open screens with this ticket beside the history, in the place of another one; `nil` for none.
    ///
    /// - Parameter found: What was found in it, if it is opened from a search.
    public func besideHistory(_ ticket: Int64?, found: FoundMessage? = nil) -> [Route] {
        guard let history = firstIndex(of: .history) else { return self }
        return self[...history] + (ticket.map { [.thread($0, found: found)] } ?? [])
    }

    private func isBesideHistory(_ index: Int) -> Bool {
        guard index > startIndex, self[index - 1] == .history, case .thread = self[index] else { return false }
        return true
    }
}
