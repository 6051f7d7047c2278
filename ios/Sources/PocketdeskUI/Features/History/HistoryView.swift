#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// Every ticket visible to the user, newest activity first (H2).
struct HistoryView: View {
    @State private var model: HistoryModel
    private let profile: Profile
    private let words: Words

    private let signIn: (@MainActor () -> Void)?

    init(desk: Pocketdesk, words: Words, signIn: (@MainActor () -> Void)?) {
        _model = State(initialValue: HistoryModel(desk: desk))
        profile = desk.profile
        self.words = words
        self.signIn = signIn
    }

    var body: some View {
        content
            .navigationTitle(words["history.title"])
            .safeAreaInset(edge: .top, spacing: 0) {
                VStack(spacing: 0) {
                    StatusBanner(status: model.status, words: words, signIn: signIn) { Task { await model.acknowledgeRecovery() } }
                }
            }
            .toolbar {
                ToolbarItem(placement: .primaryAction) {
                    NavigationLink(value: Route.newTicket) {
                        Label(words["history.create"], systemImage: "square.and.pencil")
                    }
                }
            }
            .task { await model.run() }
    }

    @ViewBuilder
    private var content: some View {
        switch model.state {
        case .loading:
            ProgressView(words["history.loading"])
                .frame(maxWidth: .infinity, maxHeight: .infinity)
        case .empty:
            ContentUnavailableView {
                Label(words["history.empty.title"], systemImage: "tray")
            } description: {
                Text(words["history.empty.text"])
            } actions: {
                NavigationLink(words["history.create"], value: Route.newTicket)
            }
        case .failed(let failure):
            ContentUnavailableView {
                Label(words["history.failed.title"], systemImage: "exclamationmark.triangle")
            } description: {
                Text(words[failure.wordKey])
            } actions: {
                Button(words["history.refresh"]) { model.refresh() }
            }
        case .tickets(let rows):
            list(rows)
        }
    }

    private func list(_ rows: [TicketRow]) -> some View {
        List {
            ForEach(rows, id: \.id) { row in
                NavigationLink(value: Route.thread(row.id)) {
                    TicketRowView(row: row, profile: profile, words: words)
                }
            }
            if model.hasMore {
                ProgressView()
                    .frame(maxWidth: .infinity)
                    .task(id: rows.count) { await model.loadMore() }
            }
        }
        .refreshable { @MainActor in model.refresh() }
    }
}
#endif
