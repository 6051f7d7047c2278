#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// What a search in the history has found, how much was searched, and what the help desk's own search finds besides.
struct FoundTicketsView: View {
    let found: FoundTickets
    let model: HistoryModel
    /// Whether tickets were written without an account, so that nobody knows their status.
    let isAnonymous: Bool
    let strings: Strings
    let beside: BesideHistory?

    var body: some View {
        // Every minute, because the rows say how long ago something happened.
        TimelineView(.everyMinute) { _ in
            List {
                if found.hits.isEmpty {
                    nothing
                        .listRowSeparator(.hidden)
                } else {
                    Section(found.countText(strings)) {
                        if found.coverage != nil { coverage }
                        ForEach(found.tickets()) { row($0.ticket, $0.hit.route(found.text), $0.hit) }
                    }
                    end
                }
                if !model.hasMore { server }
            }
            .refreshable { await model.refresh() }
        }
    }

    private var nothing: some View {
        let filters = model.chosen(strings)
        return ContentUnavailableView {
            Label(strings["search.empty.title"], systemImage: "magnifyingglass")
        } description: {
            Text(verbatim: found.emptyText(filters, strings))
            coverage
        } actions: {
            if !filters.isEmpty {
                Button(strings["history.filter.clear"]) { Task { await model.clearFilter() } }
            }
            Button(strings["search.clear"]) { model.searchText = "" }
        }
    }

    /// Below what was found on this device.
    @ViewBuilder
    private var end: some View {
        if model.hasMore {
            ProgressView()
                .frame(maxWidth: .infinity)
                .task(id: found.hits.count) { await model.loadMore() }
        } else if found.coverage == nil {
            coverage
        }
    }

    private var coverage: some View {
        Text(found.coverageText(strings))
            .font(.footnote)
            .foregroundStyle(.quiet)
    }

    /// The help desk's own search.
    @ViewBuilder
    private var server: some View {
        switch model.serverSearch {
        case .notOffered:
            EmptyView()
        case .offered:
            askServer
        case .searching:
            ProgressView(strings["search.server.searching"])
                .frame(maxWidth: .infinity)
        case .failed(let again):
            Label(strings["search.server.failed"], systemImage: "exclamationmark.circle")
                .foregroundStyle(.problem)
            if again { askServer }
        case .found(let rows):
            Section(strings["search.server.title"]) {
                if rows.isEmpty {
                    Text(strings["search.server.empty"])
                        .foregroundStyle(.quiet)
                }
                ForEach(model.serverSearch.tickets()) { row($0, .thread($0.id), nil) }
            }
        }
    }

    private var askServer: some View {
        Button(strings["search.server.offer"]) { Task { await model.searchServer() } }
            .frame(minHeight: 44)
    }

    @ViewBuilder
    private func row(_ ticket: PlacedTicket, _ route: Route, _ hit: TicketHit?) -> some View {
        let content = TicketRowView(ticket: ticket, isAnonymous: isAnonymous, strings: strings, hit: hit)
        if let beside {
            Button {
                if case .thread(let id, let message) = route { beside.open(id, message) }
            } label: {
                content
            }
            .buttonStyle(.plain)
            .listRowBackground(beside.ticket == ticket.id ? Color.accentColor.opacity(0.15) : nil)
            .accessibilityAddTraits(beside.ticket == ticket.id ? .isSelected : [])
            .marks(beside.ticket == ticket.id || isAnonymous ? nil : ticket.row.markKey, strings) { await model.mark(ticket.row) }
        } else {
            NavigationLink(value: route) { content }
                .marks(isAnonymous ? nil : ticket.row.markKey, strings) { await model.mark(ticket.row) }
        }
    }
}
#endif
