#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// One ticket: its head, its messages, and the reply bar (T1–T3).
struct ThreadView: View {
    @State private var model: ThreadModel
    @Environment(\.scenePhase) private var scenePhase
    @Environment(\.dismiss) private var dismiss
    private let words: Words
    private let editTicket: @MainActor () -> Void
    private let writeAnew: @MainActor () -> Void

    /// - Parameters:
    ///   - editTicket: Opens the form for this ticket, which is not sent yet.
    ///   - writeAnew: Puts the form for a new ticket in this screen's place: what was taken back is in it, to be written differently.
    init(
        desk: Pocketdesk,
        ticket: Int64,
        words: Words,
        editTicket: @escaping @MainActor () -> Void,
        writeAnew: @escaping @MainActor () -> Void
    ) {
        _model = State(initialValue: ThreadModel(desk: desk, ticket: ticket))
        self.words = words
        self.editTicket = editTicket
        self.writeAnew = writeAnew
    }

    var body: some View {
        content
            .task { await model.run() }
            .onChange(of: scenePhase) { Task { await model.keep() } }
            .onChange(of: model.state) { _, state in
                guard state == .gone else { return }
                if model.isDraftAgain { writeAnew() } else { dismiss() }
            }
            .sheet(isPresented: isEditing) { EditReplyView(model: model, words: words) }
    }

    /// The model alone decides when the sheet goes: after saving, and after cancelling was confirmed.
    private var isEditing: Binding<Bool> {
        Binding(get: { model.editing != nil }, set: { _ in })
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
                        MessageView(message: message, model: model, words: words, editTicket: editTicket)
                    }
                    ForEach(ticket.changes, id: \.id) { change in
                        ChangeView(change: change, model: model, words: words)
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
