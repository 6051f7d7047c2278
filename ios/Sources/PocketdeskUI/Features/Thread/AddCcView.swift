#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The form that adds CC addresses to a ticket, several at a time. A swipe does not close it, so that nothing typed is lost by accident.
struct AddCcView: View {
    @Bindable var model: AddCcModel
    let strings: Strings
    let close: @MainActor () -> Void

    var body: some View {
        NavigationStack {
            Form {
                Section {
                    TextField(strings["ticket.cc"], text: $model.text, axis: .vertical)
                        .lineLimit(1...4)
                        .addressInput()
                        .disabled(model.isSaving)
                    if let key = model.failureKey {
                        Label(strings[key], systemImage: "exclamationmark.circle")
                            .font(.subheadline)
                            .foregroundStyle(.problem)
                    }
                } footer: {
                    Text(strings["new.cc.several"])
                }
            }
            .connectionStrip(strings)
            .navigationTitle(strings["new.cc.add"])
            .inlineTitle()
            .toolbar {
                ToolbarItem(placement: .confirmationAction) {
                    Button(strings["button.add"]) { Task { if await model.add() { close() } } }
                        .disabled(!model.canAdd)
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
