#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// One ticket: its head, its messages, and the reply bar (T1–T3).
struct ThreadView: View {
    @State private var model: ThreadModel
    @Environment(\.scenePhase) private var scenePhase
    @Environment(\.dismiss) private var dismiss
    private let strings: Strings
    private let editTicket: @MainActor () -> Void
    private let showNewTicketForm: @MainActor () -> Void

    /// - Parameters:
    ///   - editTicket: Opens the form for this ticket, which is not sent yet.
    ///   - writeAnew: Puts the form for a new ticket in this screen's place: what was taken back is in it, to be written differently.
    init(
        client: Pocketdesk,
        ticket: Int64,
        strings: Strings,
        editTicket: @escaping @MainActor () -> Void,
        showNewTicketForm: @escaping @MainActor () -> Void
    ) {
        _model = State(initialValue: ThreadModel(client: client, ticket: ticket))
        self.strings = strings
        self.editTicket = editTicket
        self.showNewTicketForm = showNewTicketForm
    }

    var body: some View {
        content
            .task { await model.run() }
            .onChange(of: scenePhase) { Task { await model.saveDraft() } }
            .onChange(of: model.state) { _, state in
                guard state == .removed else { return }
                if model.isDraftAgain { showNewTicketForm() } else { dismiss() }
            }
            .sheet(isPresented: isEditing) { EditReplyView(model: model, strings: strings) }
    }

    /// The model alone decides when the sheet goes: after saving, and after cancelling was confirmed.
    private var isEditing: Binding<Bool> {
        Binding(get: { model.editing != nil }, set: { _ in })
    }

    @ViewBuilder
    private var content: some View {
        switch model.state {
        case .loading, .removed:
            ProgressView()
        case .failed(let error):
            ContentUnavailableView(strings[error.stringKey], systemImage: "exclamationmark.triangle")
        case .thread(let ticket, let messages):
            List {
                TicketHeader(ticket: ticket, product: model.product, strings: strings)
                Section {
                    ForEach(messages, id: \.id) { message in
                        MessageView(message: message, model: model, strings: strings, editTicket: editTicket)
                    }
                    ForEach(ticket.changes, id: \.id) { change in
                        PendingChangeView(change: change, model: model, strings: strings)
                    }
                } footer: {
                    if !ticket.threadComplete {
                        Text(strings["ticket.not_fetched"])
                    }
                }
            }
            .safeAreaInset(edge: .bottom) {
                ReplyBar(model: model, ticket: ticket, strings: strings)
            }
        }
    }
}
#endif
