#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// One ticket: its details, its messages and the reply bar.
struct ThreadView: View {
    @State private var model: ThreadModel
    @Environment(\.scenePhase) private var scenePhase
    @Environment(\.dismiss) private var dismiss
    private let client: Pocketdesk
    private let strings: Strings
    private let editTicket: @MainActor () -> Void
    private let showNewTicketForm: @MainActor (_ replacing: Bool) -> Void

    /// - Parameters:
    ///   - editTicket: Opens the form for this ticket, which was not sent yet.
    ///   - showNewTicketForm: Opens the form for a new ticket. It replaces this screen if the user withdrew the ticket, which the form then
    ///     contains.
    init(
        client: Pocketdesk,
        ticket: Int64,
        strings: Strings,
        editTicket: @escaping @MainActor () -> Void,
        showNewTicketForm: @escaping @MainActor (_ replacing: Bool) -> Void
    ) {
        _model = State(initialValue: ThreadModel(client: client, ticket: ticket))
        self.client = client
        self.strings = strings
        self.editTicket = editTicket
        self.showNewTicketForm = showNewTicketForm
    }

    var body: some View {
        content
            .safeAreaInset(edge: .top, spacing: 0) { StatusStrip(client: client, strings: strings) }
            .task { await model.run() }
            .onChange(of: scenePhase) { Task { await model.saveDraft() } }
            .onChange(of: model.state) { _, state in
                guard state == .removed else { return }
                if model.isDraftAgain { showNewTicketForm(true) } else { dismiss() }
            }
            .sheet(isPresented: isEditing) { EditReplyView(model: model, strings: strings) }
    }

    /// Only the model closes the sheet: after saving, or after the user confirmed to cancel.
    private var isEditing: Binding<Bool> {
        Binding(get: { model.editing != nil }, set: { _ in })
    }

    @ViewBuilder
    private var content: some View {
        switch model.state {
        case .loading, .removed:
            ProgressView()
        case .failed(let error):
            ContentUnavailableView {
                Label(strings[error.stringKey], systemImage: "exclamationmark.triangle")
            }
        case .thread(let ticket, let messages):
            ScrollViewReader { scroll in
                list(ticket, messages)
                    .onChange(of: messages.last?.id) {
                        // The user's own new message, which the keyboard or a long thread would hide.
                        guard let last = messages.last, last.mine, last.delivery != .sent else { return }
                        withAnimation { scroll.scrollTo(last.id, anchor: .bottom) }
                    }
            }
            .safeAreaInset(edge: .bottom) {
                ReplyBar(model: model, ticket: ticket, strings: strings) { showNewTicketForm(false) }
            }
        }
    }

    private func list(_ ticket: Ticket, _ messages: [Message]) -> some View {
        List {
            TicketHeader(ticket: ticket, model: model, strings: strings)
            if ticket.refreshProblem != nil { refreshProblem }
            Section {
                ForEach(messages, id: \.id) { message in
                    MessageView(message: message, ticket: ticket, model: model, strings: strings, editTicket: editTicket)
                }
                ForEach(ticket.changes, id: \.id) { change in
                    PendingChangeView(change: change, model: model, strings: strings)
                }
            } footer: {
                VStack(alignment: .leading, spacing: 6) {
                    if !ticket.threadComplete {
                        Text(strings["ticket.not_fetched"])
                    }
                    if ticket.leftOut > 0 {
                        Text(strings.counted("ticket.left_out", ticket.leftOut))
                    }
                }
            }
        }
    }

    /// The thread could not be refreshed. What is shown stays.
    private var refreshProblem: some View {
        Section {
            Label(strings["ticket.refresh_failed"], systemImage: "exclamationmark.arrow.circlepath")
                .font(.subheadline)
            Button(strings["action.retry"]) { Task { await model.retryThread() } }
                .frame(minHeight: 44)
        }
    }
}
#endif
