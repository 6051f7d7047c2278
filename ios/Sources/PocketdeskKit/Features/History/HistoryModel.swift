import Observation

/// The model of the history screen: the tickets that the user can see, with or without a network. Those with something unsent are on top, the
/// others in the product's order (as a rule, newest activity first) until the user chooses another one.
@MainActor
@Observable
public final class HistoryModel {
    /// What the screen shows.
    public enum State: Equatable, Sendable {
        /// No ticket is on this device yet, and the first sync has not ended.
        case loading
        /// The user has no tickets.
        case empty
        /// No ticket matches the filter. ``HistoryModel/chosen(_:)`` says what is in the way.
        case nothingMatches
        /// Some hundred tickets at most; at the beginning those at the top of the history. ``loadMore()`` may add those below and drop some at the
        /// top, which ``loadPrevious()`` brings back.
        case tickets([TicketRow])
        /// What a search has found; without hits it has found nothing. ``loadMore()`` may add hits. ``HistoryModel/chosen(_:)`` says which
        /// filters are set as well.
        case found(FoundTickets)
        /// There is no history for this user, for the reason with this key. The tickets are those in which something of the user was not sent yet.
        case unavailable(key: String, [TicketRow])
        /// Nothing can be shown, for this reason.
        case failed(Failure)
    }

    /// Why nothing can be shown.
    public enum Failure: Equatable, Sendable {
        /// The file on this device could not be read.
        case client(ClientError)
        /// No ticket is on this device, the first sync has not ended, and the account has a problem. The key is that of its text.
        case account(AccountProblem, key: String)
        /// No ticket is on this device, the first sync has not ended, and there is no network.
        case offline

        /// The key of the text.
        public var stringKey: String {
            switch self {
            case .client(let error): error.key()
            case .account(_, let key): key
            case .offline: "history.failed.text"
            }
        }
    }

    /// What to show.
    public private(set) var state = State.loading

    /// Whether the server can be reached, how much is waiting to be sent, and which problem needs attention. `nil` before the first read.
    public private(set) var status: SyncStatus?

    /// The key of the text that says that the rest of the history is still to be loaded; `nil` if there is nothing to say.
    public var restKey: String? { status?.restKey }

    /// The tickets on screen in their sections, from the top. Ask again when a minute is over: `TimelineView(.everyMinute)`.
    ///
    /// - Parameter days: The present moment and the days around it, in the device's time zone.
    public func sections(on days: LocalDays = LocalDays()) -> [TicketSection] {
        switch state {
        case .tickets(let rows), .unavailable(_, let rows): TicketSection.sections(of: rows, on: days, byDay: byDay)
        case .loading, .empty, .nothingMatches, .found, .failed: []
        }
    }

    /// The scopes between which the user can switch; empty if there is nothing to switch.
    public private(set) var scopes: [HistoryScope] = []

    /// The id of the scope on screen; `nil` if the product has none, or before the first read.
    public private(set) var scope: String?

    /// Whether this user can write a new ticket in the app.
    public private(set) var canCreate = true

    /// What a list that is wide enough to be a table shows of each ticket, in order. A column that may be left out is not here while it is empty.
    public private(set) var columns: [HistoryColumn] = []

    /// The key of the note that read and unread hold on this device only; `nil` if they are shared with the other users of the account.
    public private(set) var readMarksKey: String?

    /// By what the history can be narrowed and sorted; `nil` before the first read.
    public private(set) var options: HistoryOptions?

    /// By what it is narrowed.
    public var filter: HistoryFilter { part.filter }

    /// The order of the rows on screen; `nil` before the first read.
    public private(set) var sort: HistorySort?

    /// How many tickets of the history there are by the values of the filters, also while it is searched; `nil` before the first read, and if
    /// nothing can be filtered.
    public private(set) var counts: HistoryCounts?

    /// Whether rows may be missing for some seconds, because what the filter asks for is being computed.
    public private(set) var isPreparing = false

    private var byDay = true

    /// What is searched for, as it is typed; empty for the whole history. Only where ``options`` have a search. What was found follows as
    /// ``State/found(_:)``; until then the screen keeps what it shows. Scope and filter apply, and the order is that of the hits.
    public var searchText: String {
        get { part.search }
        set {
            guard newValue != part.search else { return }
            (part.search, requestedHits) = (newValue, pageSize)
            Task { await reload() }
        }
    }

    /// Whether a search is shown, or is on its way, in place of the history. Then no order can be chosen.
    public var isSearching: Bool { options?.search == true && !part.search.trimmingWhitespace().isEmpty }

    /// What the help desk's own search has to do with what is on screen, below what was found on this device.
    public private(set) var serverSearch = ServerSearchState.notOffered

    /// Asks the help desk to search for the text as well. Only where ``serverSearch`` offers it.
    public func searchServer() async {
        guard serverSearch.isOffered else { return }
        var asked = ServerQuestion(text: part.search.trimmingWhitespace(), number: (question?.number ?? 0) + 1)
        (question, serverSearch) = (asked, .searching)
        asked.answer(try? await client.searchServer(asked.text))
        // The user may have asked for another text meanwhile.
        guard question?.number == asked.number else { return }
        question = asked
        await reload()
    }

    /// Narrows the history, or what was found in it. ``options`` says which filters there are.
    public func filter(by filter: HistoryFilter) async {
        guard filter != part.filter else { return }
        part.filter = filter
        await reloadFromTheTop()
    }

    /// Adds a status to the filter, or removes it.
    public func toggle(status id: String) async {
        var changed = part.filter
        changed.statuses.toggle(id)
        await filter(by: changed)
    }

    /// Adds a mark to the filter, or removes it.
    public func toggle(mark id: String) async {
        var changed = part.filter
        changed.marks.toggle(id)
        await filter(by: changed)
    }

    /// Adds a type to the filter, or removes it.
    public func toggle(ticketType id: String) async {
        var changed = part.filter
        changed.ticketTypes.toggle(id)
        await filter(by: changed)
    }

    /// Removes every filter.
    public func clearFilter() async {
        await filter(by: HistoryFilter())
    }

    /// Sorts by `key`; by the same key again, in the other direction.
    public func sort(by key: SortKey) async {
        let begins = options?.sorts.first { $0.key == key }?.descending ?? false
        let descending = key == sort?.key ? !(sort?.descending ?? false) : begins
        part.sort = HistorySort(key: key, descending: descending)
        await reloadFromTheTop()
    }

    /// The names of the values that are chosen in the filter, in the order of ``options``.
    public func chosen(_ strings: Strings) -> [String] {
        guard let options else { return [] }
        let filter = part.filter
        let values = [(options.statuses, filter.statuses), (options.marks, filter.marks), (options.ticketTypes, filter.ticketTypes)]
        var names = values.flatMap { choices, ids in choices.filter { ids.contains($0.id) }.map { strings[$0.labelKey] } }
        if filter.mine { names.append(strings["history.filter.me"]) }
        if let read = filter.read { names.append(strings[read ? "history.filter.read" : "history.filter.unread"]) }
        return names
    }

    /// Marks a ticket as unread, or as read if it is unread. `TicketRow.markKey` is the key of the name that this has in a menu.
    public func mark(_ row: TicketRow) async {
        // If this fails, the row stays as it is.
        if row.unread { try? await client.markRead(row.id) } else { try? await client.markUnread(row.id) }
    }

    /// Marks every ticket of the scope on screen as read.
    public func markAllRead() async {
        try? await client.markAllRead(in: scope)
    }

    /// Shows another of the ``scopes``.
    public func choose(_ scope: String) async {
        guard scope != self.scope else { return }
        (self.scope, part.scope) = (scope, scope)
        await reloadFromTheTop()
    }

    /// Whether ``loadMore()`` would add tickets.
    public private(set) var hasMore = false

    /// Whether tickets stand above the first one, which ``loadPrevious()`` would show.
    public private(set) var hasPrevious = false

    let client: Pocketdesk
    private let pageSize: Int
    private var requestedHits: Int
    /// Which rows are asked for.
    private var window: HistoryWindow
    /// Which rows were read last, and which are beside them.
    private var held: (window: HistoryWindow, up: HistoryWindow?, down: HistoryWindow?)?
    /// What the user has chosen.
    var part = HistoryPart()
    /// What the help desk was asked last.
    private var question: ServerQuestion?
    private var lastReload = 0

    /// - Parameters:
    ///   - client: The client. Do not close it while the screen exists; it may be suspended.
    ///   - pageSize: The number of tickets that are read at a time.
    public init(client: Pocketdesk, pageSize: Int = 50) {
        self.client = client
        self.pageSize = pageSize
        requestedHits = pageSize
        window = HistoryWindow(firstPageOf: pageSize)
    }

    /// Keeps the screen up to date until the task is cancelled: `.task { await model.run() }`.
    public func run() async {
        // Subscribing before the first read makes sure that no change is missed between the two.
        let changes = client.changes
        await reload()
        for await change in changes where change.history || change.outbox || change.status {
            await reload()
        }
    }

    /// Shows one more page. If the model holds as many tickets as it may, which is twelve pages and at most 600 tickets, those at the top are
    /// dropped. Hits of a search are not dropped.
    public func loadMore() async {
        if case .found(let found) = state {
            guard hasMore, found.hits.count >= requestedHits else { return }
            requestedHits += pageSize
            await reload()
        } else {
            await move(to: held?.down)
        }
    }

    /// Shows the page above again, which was dropped.
    public func loadPrevious() async {
        if case .found = state { return }
        await move(to: held?.up)
    }

    private func move(to next: HistoryWindow?) async {
        // What was asked for before is shown first.
        guard let next, window == held?.window else { return }
        window = next
        await reload()
    }

    private func reloadFromTheTop() async {
        (window, requestedHits) = (HistoryWindow(firstPageOf: pageSize), pageSize)
        await reload()
    }

    /// Syncs, and returns when the sync has ended, or after `limit`: `.refreshable { await model.refresh() }`. What it finds is shown while it
    /// runs. Returns at once if there is no network, or if the help desk is busy. A busy help desk is asked at most once a minute.
    ///
    /// - Parameter limit: How long to wait. A sync that takes longer goes on.
    public func refresh(waitingFor limit: Duration = .seconds(30)) async {
        let changes = client.changes
        guard let before = try? await client.status() else { return await reload() }
        client.syncNow()
        guard before.network, before.nextAttempt == nil else { return }
        await withTaskGroup(of: Void.self) { [client] group in
            group.addTask {
                var began = before.syncing
                for await change in changes where change.status {
                    guard let now = try? await client.status() else { return }
                    // Beginning and end may be reported as one change. Then the end shows by its result.
                    let ended = began || now.lastSyncAt != before.lastSyncAt || now.obstacle != nil || now.problem != nil
                    if !now.syncing, ended { return }
                    began = began || now.syncing
                }
            }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Confirms that the user has seen `SyncStatus.recovered`: the file was damaged and has been replaced.
    public func acknowledgeRecovery() async {
        // If this fails, the notice stays on screen.
        try? await client.acknowledgeRecovery()
        await reload()
    }

    private func reload() async {
        lastReload += 1
        let thisReload = lastReload
        do {
            let part = part
            let options = if let known = options { known } else { try await client.historyOptions() }
            let text = options.search ? part.search.trimmingWhitespace() : ""
            // While a search is shown, the first page says what is beside it.
            let asked = text.isEmpty ? window : HistoryWindow(firstPageOf: pageSize)
            let rows = try await client.historyRows(asked, scope: part.scope, filter: part.filter, sort: part.sort)
            let page = rows.page
            // Whoever types fast waits for the last letter only.
            guard thisReload == lastReload else { return }
            let found = text.isEmpty ? nil : FoundTickets(try await client.found(requestedHits, in: part), of: text)
            let question = self.question?.text == text ? self.question : nil
            var elsewhere: [TicketRow] = []
            if let tickets = question?.tickets {
                elsewhere = try await client.foundElsewhere(text, tickets, in: part.scope, filter: part.filter)
            }
            let status = try await client.status()
            let counts = options.canFilter ? try await client.historyCounts(in: part.scope, filter: part.filter) : nil
            // A later reload that has started in the meantime will bring newer values.
            guard thisReload == lastReload else { return }
            self.status = status
            // The question may have changed while this was read; then a later reload shows it.
            if question == (self.question?.text == text ? self.question : nil) {
                let isPossible = options.serverSearch && status.network && status.obstacle == nil
                serverSearch = found == nil ? .notOffered : ServerSearchState(question, elsewhere, isPossible: isPossible)
            }
            if found == nil { (window, held) = (rows.window, (rows.window, rows.up, rows.down)) }
            hasMore = found.map(\.hasMore) ?? (rows.down != nil)
            hasPrevious = found == nil && rows.up != nil
            (scopes, scope, canCreate) = (page.scopes, page.scope, page.canCreate)
            (self.options, self.counts, sort) = (options, counts, page.sort)
            (isPreparing, byDay) = (page.preparing, page.byDay)
            readMarksKey = page.readMarksKey
            columns = page.columns.filter { column in
                !column.hideEmpty || page.tickets.contains { row in row.columns.contains { $0.id == column.id } }
            }
            let isFiltered = part.filter != HistoryFilter()
            state =
                page.unavailableKey.map { .unavailable(key: $0, page.tickets) }
                ?? found.map { .found($0) }
                ?? Self.state(page.tickets, status, isFiltered: isFiltered)
        } catch .Suspended {
            // The screen keeps what it shows. Resuming reports a change of everything.
        } catch {
            guard thisReload == lastReload else { return }
            state = .failed(.client(error))
        }
    }

    private static func state(_ rows: [TicketRow], _ status: SyncStatus, isFiltered: Bool) -> State {
        if !rows.isEmpty {
            .tickets(rows)
        } else if isFiltered {
            .nothingMatches
        } else if status.firstSyncDone {
            .empty
        } else if let problem = status.accountProblem {
            .failed(.account(problem, key: status.problemKey ?? ""))
        } else {
            switch status.obstacle {
            case .noNetwork: .failed(.offline)
            case .helpDeskUnreachable: .failed(.account(.serverUnreachable, key: status.obstacleKey ?? ""))
            case nil: .loading
            }
        }
    }
}

extension HistoryOptions {
    /// Whether there is a filter.
    public var canFilter: Bool {
        byCreator || byRead || !statuses.isEmpty || !marks.isEmpty || !ticketTypes.isEmpty
    }
}

extension [String] {
    /// Adds an id, or removes it.
    fileprivate mutating func toggle(_ id: String) {
        if let place = firstIndex(of: id) { remove(at: place) } else { append(id) }
    }
}

extension HistoryWindow {
    /// The first page.
    fileprivate init(firstPageOf pageSize: Int) {
        let rows = UInt32(clamping: max(pageSize, 1))
        self.init(rowCount: rows, pageSize: rows)
    }
}
