#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The form for a new ticket (C1–C6), or for one that is not sent yet (W12). Create is disabled while the draft is not valid; typing never is.
struct NewTicketView: View {
    @State private var model: NewTicketModel
    @State private var isDiscarding = false
    @Environment(\.scenePhase) private var scenePhase
    @Environment(\.dismiss) private var dismiss
    private let words: Words
    private let onCreated: (Int64) -> Void

    init(desk: Pocketdesk, editing ticket: Int64? = nil, words: Words, onCreated: @escaping (Int64) -> Void) {
        _model = State(initialValue: NewTicketModel(desk: desk, editing: ticket))
        self.words = words
        self.onCreated = onCreated
    }

    var body: some View {
        Form {
            subject
            issueType
            AddressSection(model: model, words: words)
            description
            if model.takesFiles { FilesSection(files: model.files, words: words, attach: model.attach) }
            if model.profile.accessToggle { access }
            footer
        }
        .disabled(!model.isReady)
        .navigationTitle(model.isEditing ? words["edit.ticket"] : words["new.title"])
        // A new ticket's draft is kept; what was changed in an unsent one is not, until it is saved. So leaving asks.
        .navigationBarBackButtonHidden(model.isEditing)
        .toolbar {
            ToolbarItem(placement: .confirmationAction) {
                Button(model.isEditing ? words["action.save"] : words["new.create"]) { Task { await model.create() } }
                    .disabled(!model.canCreate)
            }
            if model.isEditing {
                ToolbarItem(placement: .cancellationAction) { cancel }
            }
        }
        .task { await model.run() }
        .onChange(of: scenePhase) { Task { await model.keep() } }
        .onChange(of: model.created) { _, ticket in
            if let ticket { onCreated(ticket) }
        }
    }

    private var subject: some View {
        Section {
            TextField(words["new.subject"], text: $model.draft.subject)
            ProblemText(problem: model.problem(.subject), words: words)
        } header: {
            Text(words["new.subject"])
        } footer: {
            if let check = model.check {
                Text(
                    words(
                        "new.subject.counter",
                        ["count": check.subjectCount.formatted(), "limit": check.subjectLimit.formatted()]
                    )
                )
            }
        }
    }

    private var issueType: some View {
        Section {
            Picker(words["new.issue_type"], selection: $model.draft.issueType) {
                ForEach(model.profile.issueTypes, id: \.id) { type in
                    Text(words[type.labelKey]).tag(type.id)
                }
            }
            if let type = model.profile.issueType(model.draft.issueType) {
                Text(words[type.explanationKey])
                    .font(.subheadline)
                    .foregroundStyle(.secondary)
            }
            ProblemText(problem: model.problem(.issueType), words: words)
        } footer: {
            Text(words["new.issue_type.hint"])
        }
    }

    private var description: some View {
        Section {
            TextField(words["new.description"], text: $model.draft.description, axis: .vertical)
                .lineLimit(6...)
            ProblemText(problem: model.problem(.description), words: words)
        } header: {
            Text(words["new.description"])
        } footer: {
            Text(words["new.description.hint"])
        }
    }

    private var access: some View {
        Section(words["new.access"]) {
            Toggle(words["new.access.label"], isOn: $model.draft.access)
        }
    }

    private var cancel: some View {
        Button(words["action.cancel"]) {
            if model.isChanged { isDiscarding = true } else { dismiss() }
        }
        .confirmationDialog(words["edit.discard.question"], isPresented: $isDiscarding, titleVisibility: .visible) {
            Button(words["edit.discard"], role: .destructive) {
                Task {
                    await model.discard()
                    dismiss()
                }
            }
            Button(words["action.cancel"], role: .cancel) {}
        }
    }

    private var footer: some View {
        Section {
            if !model.isEditing { discard }
        } footer: {
            if let key = model.failureKey {
                Text(words[key]).foregroundStyle(.red)
            } else if model.isKept, !model.isEditing {
                Text(words["draft.kept"])
            }
        }
    }

    private var discard: some View {
        Button(words["new.discard"], role: .destructive) { isDiscarding = true }
            .confirmationDialog(words["new.discard.question"], isPresented: $isDiscarding, titleVisibility: .visible) {
                Button(words["new.discard"], role: .destructive) { Task { await model.discard() } }
                Button(words["action.cancel"], role: .cancel) {}
            }
    }
}
#endif
