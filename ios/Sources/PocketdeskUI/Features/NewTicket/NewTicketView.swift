#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The form for a new ticket, or for a ticket that was not sent yet. Create is disabled while the draft is invalid.
struct NewTicketView: View {
    @State private var model: NewTicketModel
    @State private var isDiscarding = false
    @FocusState private var focus: Field?
    @Environment(\.scenePhase) private var scenePhase
    @Environment(\.dismiss) private var dismiss
    private let strings: Strings
    private let onCreated: (Int64) -> Void

    init(
        client: Pocketdesk, editing ticket: Int64? = nil, prefill: String? = nil, strings: Strings, onCreated: @escaping (Int64) -> Void
    ) {
        _model = State(initialValue: NewTicketModel(client: client, editing: ticket, prefill: prefill))
        self.strings = strings
        self.onCreated = onCreated
    }

    var body: some View {
        Form {
            ForEach(model.fields, id: \.self) { section($0) }
            footer
        }
        .disabled(!model.isReady)
        .connectionStrip(strings)
        .navigationTitle(strings[model.titleKey])
        // The draft of a new ticket is saved when the user leaves. An edit is not, so leaving asks first and needs its own button.
        .navigationBarBackButtonHidden(model.isEditing)
        .toolbar {
            ToolbarItem(placement: .confirmationAction) {
                Button(model.isEditing ? strings["button.save"] : strings["new.create"]) { Task { await model.create() } }
                    .disabled(!model.canCreate)
            }
            if model.isEditing {
                ToolbarItem(placement: .cancellationAction) { cancel }
            }
        }
        .task { await model.run() }
        .onChange(of: focus) { left, _ in
            if let left { model.leave(left) }
        }
        .onChange(of: scenePhase) { Task { await model.saveDraft() } }
        .onChange(of: model.created) { _, ticket in
            if let ticket { onCreated(ticket) }
        }
    }

    @ViewBuilder
    private func section(_ field: FormField) -> some View {
        switch field {
        case .name: name
        case .email: email
        case .subject:
            subject
            SimilarSection(similar: model.similar, strings: strings)
        case .issueType: IssueTypeSection(model: model, strings: strings)
        case .cc: AddressSection(model: model, strings: strings, focus: $focus)
        case .description: description
        case .access: access
        case .attachments: DraftFilesSection(files: model.files, strings: strings, attach: model.attach, attachSmaller: model.attachSmaller)
        }
    }

    private var name: some View {
        Section(strings["new.name"]) {
            TextField(strings["new.name"], text: $model.draft.name)
                .nameInput()
                .focused($focus, equals: .name)
            FieldMessages(messages: model.messages(.name), strings: strings)
        }
    }

    private var email: some View {
        Section {
            TextField(strings["new.email"], text: $model.draft.email)
                .addressInput()
                .focused($focus, equals: .email)
            FieldMessages(messages: model.messages(.email), strings: strings)
        } header: {
            Text(strings["new.email"])
        } footer: {
            Text(strings["new.email.hint"])
        }
    }

    private var subject: some View {
        Section {
            TextField(strings["new.subject"], text: $model.draft.subject)
                .focused($focus, equals: .subject)
            FieldMessages(messages: model.messages(.subject), strings: strings)
        } header: {
            Text(strings["new.subject"])
        } footer: {
            if let check = model.check {
                Text(
                    strings(
                        "new.subject.counter",
                        ["count": strings.number(check.subjectCount), "limit": strings.number(check.subjectLimit)]
                    )
                )
            }
        }
    }

    private var description: some View {
        Section {
            TextField(strings["new.description"], text: $model.draft.description, axis: .vertical)
                .lineLimit(6...)
                .focused($focus, equals: .description)
            FieldMessages(messages: model.messages(.description), strings: strings)
        } header: {
            Text(strings["new.description"])
        } footer: {
            Text(strings["new.description.hint"])
        }
    }

    private var access: some View {
        Section(strings["new.access"]) {
            Toggle(strings["new.access.label"], isOn: $model.draft.access)
            FieldMessages(messages: model.messages(.access), strings: strings)
        }
    }

    private var cancel: some View {
        Button(strings["button.cancel"]) {
            if model.isChanged { isDiscarding = true } else { dismiss() }
        }
        .confirmationDialog(strings["edit.discard.question"], isPresented: $isDiscarding, titleVisibility: .visible) {
            Button(strings["edit.discard"], role: .destructive) {
                Task {
                    await model.discard()
                    dismiss()
                }
            }
            Button(strings["button.cancel"], role: .cancel) {}
        }
    }

    private var footer: some View {
        Section {
            if !model.isEditing { discard }
        } footer: {
            if let key = model.failureKey {
                Text(strings[key]).foregroundStyle(.problem)
            } else if model.isSaved, !model.isEditing {
                Text(strings["draft.kept"])
            }
        }
    }

    private var discard: some View {
        Button(strings["new.discard"], role: .destructive) { isDiscarding = true }
            .confirmationDialog(strings["new.discard.question"], isPresented: $isDiscarding, titleVisibility: .visible) {
                Button(strings["new.discard"], role: .destructive) { Task { await model.discard() } }
                Button(strings["button.cancel"], role: .cancel) {}
            }
    }
}
#endif
