import Foundation

/// What the user of an account has chosen in the history, in the form in which the system keeps it.
private struct SavedHistory: Codable, Equatable {
    let account: String
    var scope: String?
    var statuses: [String]
    var marks: [String]
    var ticketTypes: [String]
    var mine: Bool
    var read: Bool?
    var sort: Sort?

    struct Sort: Codable, Equatable {
        let key: String
        let descending: Bool
    }

    init(_ part: HistoryPart, of account: String) {
        self.account = account
        scope = part.scope
        (statuses, marks, ticketTypes) = (part.filter.statuses, part.filter.marks, part.filter.ticketTypes)
        (mine, read) = (part.filter.mine, part.filter.read)
        sort = part.sort.map { sort in Sort(key: "\(sort.key)", descending: sort.descending) }
    }

    /// The same without what the product does not offer: it may have been chosen when the product was another one. The scope is kept, because the
    /// core shows the first one in place of one that is not offered.
    func part(_ options: HistoryOptions) -> HistoryPart {
        func among(_ offered: [HistoryChoice], _ chosen: [String]) -> [String] {
            chosen.filter { id in offered.contains { $0.id == id } }
        }
        let filter = HistoryFilter(
            statuses: among(options.statuses, statuses), marks: among(options.marks, marks), mine: mine && options.byCreator,
            read: options.byRead ? read : nil, ticketTypes: among(options.ticketTypes, ticketTypes))
        let key = options.sorts.map(\.key).first { "\($0)" == sort?.key }
        return HistoryPart(scope: scope, filter: filter, sort: key.map { HistorySort(key: $0, descending: sort?.descending ?? false) })
    }
}

extension HistoryModel {
    /// The scope, the filter and the order that the user has chosen, in a form that the system may keep over the end of the process
    /// (`SceneStorage`); `nil` if nothing was chosen. It contains nothing that the user wrote, so a search is not kept.
    public var saved: Data? {
        var chosen = part
        chosen.search = ""
        guard chosen != HistoryPart() else { return nil }
        let encoder = JSONEncoder()
        // The same choice has to be the same data.
        encoder.outputFormatting = .sortedKeys
        return try? encoder.encode(SavedHistory(chosen, of: client.fingerprint))
    }

    /// Chooses what was saved for this account: `.task { await model.restore(saved) }`, before ``run()``. What was saved for another account, or
    /// is no longer offered, is left out.
    public func restore(_ saved: Data?) async {
        guard let saved, let found = try? JSONDecoder().decode(SavedHistory.self, from: saved) else { return }
        // If the options cannot be read, neither can the history, which says why.
        guard found.account == client.fingerprint, let options = try? await client.historyOptions() else { return }
        part = found.part(options)
    }
}
