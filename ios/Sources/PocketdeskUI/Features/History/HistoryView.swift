#if canImport(SwiftUI)
import Foundation
import PocketdeskKit
import SwiftUI

/// The history: the tickets that the user can see. Those with something unsent stand on top, and where the newest activity comes first, those in
/// which something happened today come next.
struct HistoryView: View {
    @State private var model: HistoryModel
    private let isAnonymous: Bool
    private let strings: Strings
    private let signIn: (@MainActor () -> Void)?
    private let width: CGFloat
    private let beside: BesideHistory?
    @Binding private var saved: Data?
    /// The width of a hundred points of text, which grows with the size that the user chose.
    @ScaledMetric private var hundred: CGFloat = 100
    @State private var position = HistoryPosition()

    /// - Parameters:
    ///   - width: How wide it is. In enough width it is a table.
    ///   - beside: Where tickets open beside it; `nil` where they cover it.
    ///   - saved: What the user has chosen, over the end of the process.
    init(
        client: Pocketdesk, strings: Strings, width: CGFloat, beside: BesideHistory?, saved: Binding<Data?>,
        signIn: (@MainActor () -> Void)?
    ) {
        _saved = saved
        _model = State(initialValue: HistoryModel(client: client))
        isAnonymous = client.product.anonymous
        self.strings = strings
        self.width = width
        self.beside = beside
        self.signIn = signIn
    }

    private var table: TicketTable? {
        guard case .tickets = model.state else { return nil }
        return TicketTable(columns: model.columns, width: width, scale: hundred / 100)
    }

    var body: some View {
        content
            .search(searched, prompt: strings["search.field"])
            .navigationTitle(strings["history.title"])
            .safeAreaInset(edge: .top, spacing: 0) {
                VStack(spacing: 0) {
                    ConnectionStrip(strings: strings)
                    SyncStatusBanner(model: model, strings: strings, signIn: signIn)
                    if !model.scopes.isEmpty { scopePicker }
                    if model.options?.canFilter == true, hasFilters { HistoryFilterBar(model: model, strings: strings) }
                    if let table { TicketTableHead(table: table, strings: strings) }
                }
            }
            .toolbar {
                ToolbarItem(placement: .primaryAction) {
                    if model.canCreate {
                        NavigationLink(value: Route.newTicket()) {
                            Label(strings["history.create"], systemImage: "square.and.pencil")
                        }
                    }
                }
                ToolbarItem(placement: .automatic) {
                    if let sorts = model.options?.sorts, !sorts.isEmpty, hasFilters, !model.isSearching {
                        HistorySortMenu(model: model, sorts: sorts, strings: strings)
                    }
                }
                ToolbarItem(placement: .automatic) { if marksAll { menu } }
            }
            .task {
                // A view that comes on screen again has its model, and in it what was chosen meanwhile.
                if model.saved == nil { await model.restore(saved) }
                await model.run()
            }
            .onChange(of: model.saved) { saved = model.saved }
    }

    @ViewBuilder
    private var content: some View {
        switch model.state {
        case .loading:
            ProgressView(strings["history.loading"])
                .frame(maxWidth: .infinity, maxHeight: .infinity)
        case .empty:
            ContentUnavailableView {
                Label(strings["history.empty.title"], systemImage: "tray")
            } description: {
                Text(strings["history.empty.text"])
            } actions: {
                if model.canCreate { NavigationLink(strings["history.create"], value: Route.newTicket()) }
            }
        case .nothingMatches:
            ContentUnavailableView {
                Label(strings["history.filter.empty.title"], systemImage: "line.3.horizontal.decrease.circle")
            } description: {
                Text(strings("history.filter.empty.text", ["filters": model.chosen(strings).joined(separator: ", ")]))
            } actions: {
                Button(strings["history.filter.clear"]) { Task { await model.clearFilter() } }
            }
        case .unavailable(let key, let rows):
            VStack(spacing: 0) {
                ContentUnavailableView {
                    Label(strings["history.unavailable.title"], systemImage: "lock")
                } description: {
                    Text(strings[key])
                } actions: {
                    if model.canCreate { NavigationLink(strings["history.create"], value: Route.newTicket()) }
                }
                if !rows.isEmpty { list(rows.map(\.id)) }
            }
        case .failed(let failure):
            ContentUnavailableView {
                Label(strings["history.failed.title"], systemImage: "exclamationmark.triangle")
            } description: {
                Text(strings[failure.stringKey])
            } actions: {
                Button(strings["history.refresh"]) { Task { await model.refresh() } }
            }
        case .tickets(let rows):
            list(rows.map(\.id))
        case .found(let found):
            FoundTicketsView(found: found, model: model, isAnonymous: isAnonymous, strings: strings, beside: beside)
        }
    }

    /// What is searched for; `nil` where nothing can be searched.
    private var searched: Binding<String>? {
        guard model.options?.search == true, hasFilters else { return nil }
        return Bindable(model).searchText
    }

    /// Whether there are tickets, or a filter or a search hides them.
    private var hasFilters: Bool {
        switch model.state {
        case .tickets, .nothingMatches, .found: true
        case .loading, .empty, .unavailable, .failed: false
        }
    }

    private var marksAll: Bool {
        if case .tickets = model.state { !isAnonymous } else { false }
    }

    private var menu: some View {
        Menu {
            Button(strings["history.mark_all_read"]) { Task { await model.markAllRead() } }
            if let note = model.readMarksKey { Text(strings[note]) }
        } label: {
            Label(strings["history.menu"], systemImage: "ellipsis.circle")
        }
    }

    /// Which tickets are shown. The names are long in some languages, so they stand in a menu.
    private var scopePicker: some View {
        let chosen = Binding(
            get: { model.scope ?? "" },
            set: { scope in Task { await model.choose(scope) } })
        return Picker(strings["history.scope"], selection: chosen) {
            ForEach(model.scopes, id: \.id) { scope in
                Text(strings[scope.labelKey]).tag(scope.id)
            }
        }
        .pickerStyle(.menu)
    }

    private func list(_ tickets: [Int64]) -> some View {
        ScrollViewReader { scroll in
            // Every minute, because the rows say how long ago something happened, and a day may end.
            TimelineView(.everyMinute) { _ in
                List {
                    if model.isPreparing {
                        Text(strings["history.preparing"])
                            .font(.footnote)
                            .foregroundStyle(.quiet)
                    }
                    if model.hasPrevious {
                        ProgressView()
                            .frame(maxWidth: .infinity)
                            .task(id: tickets.first) { await model.loadPrevious() }
                    }
                    let sections = model.sections()
                    ForEach(sections) { section in
                        // The only section of another order than that of the activity has nothing to say.
                        Section(section.section == .others && sections.count == 1 ? "" : strings[section.nameKey]) {
                            ForEach(section.tickets) { ticket in
                                entry(ticket)
                                    .onAppear { position.appeared(ticket.id) }
                                    .onDisappear { position.disappeared(ticket.id) }
                            }
                        }
                    }
                    if let note = model.readMarksKey, !model.hasMore {
                        Text(strings[note])
                            .font(.footnote)
                            .foregroundStyle(.quiet)
                    }
                    if model.hasMore {
                        ProgressView()
                            .frame(maxWidth: .infinity)
                            .task(id: tickets.last) { await model.loadMore() }
                    }
                }
                .refreshable { await model.refresh() }
            }
            .onChange(of: tickets, initial: true) {
                if let ticket = position.follow(tickets, hasPrevious: model.hasPrevious) { scroll.scrollTo(ticket, anchor: .top) }
            }
        }
    }

    /// A row that opens its ticket.
    @ViewBuilder
    private func entry(_ ticket: PlacedTicket) -> some View {
        if let beside {
            Button {
                beside.open(ticket.id, nil)
            } label: {
                row(ticket)
            }
            .buttonStyle(.plain)
            .listRowBackground(beside.ticket == ticket.id ? Color.accentColor.opacity(0.15) : nil)
            .accessibilityAddTraits(beside.ticket == ticket.id ? .isSelected : [])
            .marks(beside.ticket == ticket.id || isAnonymous ? nil : ticket.row.markKey, strings) {
                await model.mark(ticket.row)
            }
        } else {
            NavigationLink(value: Route.thread(ticket.id)) { row(ticket) }
                .marks(isAnonymous ? nil : ticket.row.markKey, strings) { await model.mark(ticket.row) }
        }
    }

    @ViewBuilder
    private func row(_ ticket: PlacedTicket) -> some View {
        if let table {
            TicketTableRow(table: table, ticket: ticket, isAnonymous: isAnonymous, strings: strings)
        } else {
            TicketRowView(ticket: ticket, isAnonymous: isAnonymous, strings: strings)
        }
    }
}

extension View {
    /// A menu of the row, which a long press opens, and the same as an action of VoiceOver and of a keyboard. Nothing without a key.
    @ViewBuilder
    func marks(_ key: String?, _ strings: Strings, mark: @escaping @MainActor () async -> Void) -> some View {
        if let key {
            contextMenu {
                Button(strings[key]) { Task { await mark() } }
            }
            .accessibilityAction(named: Text(strings[key])) { Task { await mark() } }
        } else {
            self
        }
    }
}

/// The place for a ticket beside the history.
struct BesideHistory {
    /// The ticket that stands there; `nil` if none does.
    let ticket: Int64?
    /// Opens a ticket there, at what was found in it.
    let open: @MainActor (_ ticket: Int64, _ found: FoundMessage?) -> Void
}
#endif
