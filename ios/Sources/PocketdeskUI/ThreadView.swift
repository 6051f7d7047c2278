#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// One ticket: its head, its messages, and the reply bar (T1–T3).
struct ThreadView: View {
    @State private var model: ThreadModel
    @Environment(\.scenePhase) private var scenePhase
    @Environment(\.dismiss) private var dismiss
    private let words: Words

    init(desk: Pocketdesk, ticket: Int64, words: Words) {
        _model = State(initialValue: ThreadModel(desk: desk, ticket: ticket))
        self.words = words
    }

    var body: some View {
        content
            .task { await model.run() }
            .onChange(of: scenePhase) { Task { await model.keep() } }
            .onChange(of: model.state) { _, state in
                if state == .gone { dismiss() }
            }
    }

    @ViewBuilder
    private var content: some View {
        switch model.state {
        case .loading, .gone:
            ProgressView()
        case .failed(let error):
            ContentUnavailableView(words[error.wordKey], systemImage: "exclamationmark.triangle")
        case .thread(let ticket, let messages):
            List {
                TicketHead(ticket: ticket, profile: model.profile, words: words)
                Section {
                    ForEach(messages, id: \.id) { message in
                        MessageView(message: message, model: model, words: words)
                    }
                } footer: {
                    if !ticket.threadComplete {
                        Text(words["ticket.not_fetched"])
                    }
                }
            }
            .safeAreaInset(edge: .bottom) {
                ReplyBar(model: model, ticket: ticket, words: words)
            }
        }
    }
}
#endif
