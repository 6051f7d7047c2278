#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The form that asks how the help desk did: one of a few answers, and a text where the product takes one. A swipe does not close it.
struct FeedbackView: View {
    @Bindable var model: FeedbackModel
    let strings: Strings
    let close: @MainActor () -> Void

    var body: some View {
        NavigationStack {
            Form {
                Section {
                    ForEach(model.form.answers, id: \.id) { answer in
                        ChoiceRow(label: answer.label, isChosen: model.answer == answer.id) { model.answer = answer.id }
                    }
                }
                Section {
                    if let label = model.form.text {
                        TextField(label, text: $model.text, axis: .vertical)
                            .lineLimit(2...8)
                            .disabled(model.isSaving)
                    }
                    if let key = model.failureKey {
                        Label(strings[key], systemImage: "exclamationmark.circle")
                            .font(.subheadline)
                            .foregroundStyle(.problem)
                    }
                }
            }
            .connectionStrip(strings)
            .navigationTitle(model.action.label)
            .inlineTitle()
            .toolbar {
                ToolbarItem(placement: .confirmationAction) {
                    Button(model.form.send) { Task { if await model.send() { close() } } }
                        .disabled(!model.canSend)
                }
                ToolbarItem(placement: .cancellationAction) {
                    Button(strings["button.cancel"]) { close() }
                        .disabled(model.isSaving)
                }
            }
        }
        .interactiveDismissDisabled()
    }
}
#endif
