#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The form for the text of an unsent reply. A swipe does not close it, so that no text is lost by accident.
struct EditReplyView: View {
    @Bindable var model: ThreadModel
    let strings: Strings
    @State private var isCancelling = false

    var body: some View {
        NavigationStack {
            Form {
                TextField(strings["edit.reply"], text: $model.editedText, axis: .vertical)
                    .lineLimit(4...)
                    .disabled(model.isSending)
                if let key = model.failureKey {
                    Text(strings[key])
                        .font(.subheadline)
                        .foregroundStyle(.problem)
                }
            }
            .connectionStrip(strings)
            .navigationTitle(strings["edit.reply"])
            .inlineTitle()
            .toolbar {
                ToolbarItem(placement: .confirmationAction) {
                    Button(strings["button.save"]) { Task { await model.saveEdit() } }
                        .disabled(!model.canSaveEdit)
                }
                ToolbarItem(placement: .cancellationAction) {
                    Button(strings["button.cancel"]) { cancel() }
                        .confirmationDialog(strings["edit.discard.question"], isPresented: $isCancelling, titleVisibility: .visible) {
                            Button(strings["edit.discard"], role: .destructive) { Task { await model.cancelEdit() } }
                            Button(strings["button.cancel"], role: .cancel) {}
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
