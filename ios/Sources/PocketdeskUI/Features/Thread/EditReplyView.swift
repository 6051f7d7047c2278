#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The text of an unsent reply, to be changed. It does not close by a swipe: what was typed is not lost by accident.
struct EditReplyView: View {
    @Bindable var model: ThreadModel
    let words: Words
    @State private var isCancelling = false

    var body: some View {
        NavigationStack {
            Form {
                TextField(words["edit.reply"], text: $model.editedText, axis: .vertical)
                    .lineLimit(4...)
                    .disabled(model.isSending)
                if let key = model.failureKey {
                    Text(words[key])
                        .font(.subheadline)
                        .foregroundStyle(.red)
                }
            }
            .navigationTitle(words["edit.reply"])
            .toolbar {
                ToolbarItem(placement: .confirmationAction) {
                    Button(words["action.save"]) { Task { await model.saveEdit() } }
                        .disabled(!model.canSaveEdit)
                }
                ToolbarItem(placement: .cancellationAction) {
                    Button(words["action.cancel"]) { cancel() }
                        .confirmationDialog(words["edit.discard.question"], isPresented: $isCancelling, titleVisibility: .visible) {
                            Button(words["edit.discard"], role: .destructive) { Task { await model.cancelEdit() } }
                            Button(words["action.cancel"], role: .cancel) {}
                        }
                }
            }
        }
        .interactiveDismissDisabled()
    }

    private func cancel() {
        if model.editing?.body == model.editedText {
            Task { await model.cancelEdit() }
        } else {
            isCancelling = true
        }
    }
}
#endif
