#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// One ticket: its head, which opens to the details, its messages and the reply bar.
struct ThreadView: View {
    @State private var model: ThreadModel
    @Environment(\.scenePhase) private var scenePhase
    @Environment(\.dismiss) private var dismiss
    private let strings: Strings
    private let closeBeside: (@MainActor () -> Void)?
    private let openTicket: @MainActor (Int64) -> Void
    private let editTicket: @MainActor () -> Void
    private let showNewTicketForm: @MainActor (_ replacing: Bool) -> Void

    /// - Parameters:
    ///   - found: What was found in the ticket, if it is opened from a search.
    ///   - closeBeside: Closes it where it stands beside the history; `nil` where it is a screen of its own.
    ///   - openTicket: Opens another ticket, by its local id.
    ///   - editTicket: Opens the form for this ticket, which was not sent yet.
    ///   - showNewTicketForm: Opens the form for a new ticket. It replaces this screen if the user withdrew the ticket, which the form then
    ///     contains.
    init(
        client: Pocketdesk,
        ticket: Int64,
        found: FoundMessage? = nil,
        strings: Strings,
        closeBeside: (@MainActor () -> Void)? = nil,
        openTicket: @escaping @MainActor (Int64) -> Void,
        editTicket: @escaping @MainActor () -> Void,
        showNewTicketForm: @escaping @MainActor (_ replacing: Bool) -> Void
    ) {
        _model = State(initialValue: ThreadModel(client: client, ticket: ticket, language: strings.language, found: found))
        self.strings = strings
        self.closeBeside = closeBeside
        self.openTicket = openTicket
        self.editTicket = editTicket
        self.showNewTicketForm = showNewTicketForm
    }

    var body: some View {
        framed
            .task { await model.run() }
            .task(id: strings.language) { await model.show(in: strings.language) }
            .onChange(of: scenePhase) { Task { await model.saveDraft() } }
            .onChange(of: model.state) { _, state in
                guard state == .removed else { return }
                if model.isDraftAgain {
                    showNewTicketForm(true)
                } else if let closeBeside {
                    closeBeside()
                } else {
                    dismiss()
                }
            }
            .sheet(isPresented: isEditing) { EditReplyView(model: model, strings: strings) }
            .actionQuestions(model, strings, openNewTicketForm: openNewTicketForm)
    }

    /// Beside the history, the bar and the strip of the window are the history's, so the ticket has a title of its own.
    @ViewBuilder
    private var framed: some View {
        if let closeBeside {
            VStack(spacing: 0) {
                HStack(alignment: .firstTextBaseline) {
                    if case .thread(let ticket, _) = model.state {
                        Text(verbatim: ticket.title(strings))
                            .font(.headline)
                            .accessibilityAddTraits(.isHeader)
                    }
                    Spacer(minLength: 0)
                    findButton
                    menu
                    Button(action: closeBeside) { Label(strings["button.back"], systemImage: "xmark").labelStyle(.iconOnly) }
                        .frame(minWidth: 44, minHeight: 44)
                }
                .padding(.horizontal)
                content
                    .frame(maxWidth: .infinity, maxHeight: .infinity)
            }
        } else {
            content
                .inlineTitle()
                .connectionStrip(strings)
                .toolbar {
                    ToolbarItem(placement: .primaryAction) { findButton }
                    ToolbarItem(placement: .primaryAction) { menu }
                }
        }
    }

    @ViewBuilder
    private var findButton: some View {
        if case .thread = model.state, model.details.showsMessages {
            Button {
                model.find.open()
            } label: {
                Label(strings["find.field"], systemImage: "magnifyingglass").labelStyle(.iconOnly)
            }
            .keyboardShortcut("f")
            .frame(minWidth: 44, minHeight: 44)
        }
    }

    @ViewBuilder
    private var menu: some View {
        if case .thread(let ticket, _) = model.state, ticket.row.markKey != nil, !ticket.isAnonymous {
            Menu {
                Button(strings["history.mark_unread"]) {
                    Task {
                        await model.markUnread()
                        if let closeBeside { closeBeside() } else { dismiss() }
                    }
                }
            } label: {
                Label(strings["ticket.menu"], systemImage: "ellipsis.circle").labelStyle(.iconOnly)
            }
            .frame(minWidth: 44, minHeight: 44)
        }
    }

    private func openNewTicketForm() {
        showNewTicketForm(false)
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
                Label(strings[error.key()], systemImage: "exclamationmark.triangle")
            }
        case .thread(let ticket, _):
            if closeBeside == nil {
                thread(ticket)
                    .navigationTitle(ticket.title(strings))
            } else {
                thread(ticket)
            }
        }
    }

    /// The head of the ticket stays above its thread, and so does a thread's problem. The reply bar stands below the list and not over it, so the
    /// list keeps its end above a reply that grows, and above the keyboard.
    private func thread(_ ticket: Ticket) -> some View {
        GeometryReader { area in
            VStack(spacing: 0) {
                TicketHeader(
                    ticket: ticket, model: model, strings: strings, tallest: area.size.height * 0.6, openTicket: openTicket,
                    openNewTicketForm: openNewTicketForm)
                if ticket.refreshProblem != nil { refreshProblem }
                if model.details.showsMessages {
                    if model.find.isOpen { FindBar(find: model.find, strings: strings) }
                    ConversationView(model: model, ticket: ticket, strings: strings, editTicket: editTicket)
                } else {
                    Spacer(minLength: 0)
                }
                ReplyBar(model: model, strings: strings, openNewTicketForm: openNewTicketForm)
            }
        }
    }

    /// The thread could not be refreshed. What is shown stays.
    private var refreshProblem: some View {
        HStack {
            Label(strings["ticket.refresh_failed"], systemImage: "exclamationmark.arrow.circlepath")
                .font(.subheadline)
            Spacer(minLength: 8)
            Button(strings["button.retry"]) { Task { await model.retryThread() } }
                .buttonStyle(.bordered)
                .frame(minHeight: 44)
        }
        .banner()
    }
}
#endif
