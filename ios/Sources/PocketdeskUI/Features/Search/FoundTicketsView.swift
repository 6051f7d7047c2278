#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// What a search in the history has found, and how much was searched.
struct FoundTicketsView: View {
    let found: FoundTickets
    let model: HistoryModel
    /// Whether tickets were written without an account, so that nobody knows their status.
    let isAnonymous: Bool
    let strings: Strings
    let beside: BesideHistory?

    var body: some View {
        if found.hits.isEmpty {
            nothing
        } else {
            // Every minute, because the rows say how long ago something happened.
            TimelineView(.everyMinute) { _ in
                List {
                    Section(found.countText(strings)) {
                        if found.coverage != nil { coverage }
                        ForEach(found.tickets()) { row($0) }
                    }
                    end
                }
                .refreshable { await model.refresh() }
            }
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

    @ViewBuilder
    private func row(_ ticket: FoundTicket) -> some View {
        let content = TicketRowView(ticket: ticket.ticket, isAnonymous: isAnonymous, strings: strings, hit: ticket.hit)
        if let beside {
            Button {
                if case .thread(let id, let message) = ticket.hit.route(found.text) { beside.open(id, message) }
            } label: {
                content
            }
            .buttonStyle(.plain)
            .listRowBackground(beside.ticket == ticket.id ? Color.accentColor.opacity(0.15) : nil)
            .accessibilityAddTraits(beside.ticket == ticket.id ? .isSelected : [])
            .marks(beside.ticket == ticket.id || isAnonymous ? nil : ticket.hit.row.markKey, strings) { await model.mark(ticket.hit.row) }
        } else {
            NavigationLink(value: ticket.hit.route(found.text)) { content }
                .marks(isAnonymous ? nil : ticket.hit.row.markKey, strings) { await model.mark(ticket.hit.row) }
        }
    }
}
#endif
