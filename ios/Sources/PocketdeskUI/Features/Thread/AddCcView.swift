#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The form with the addresses of an action that adds CC addresses, several at a time. A swipe does not close it, so that nothing typed is lost by
/// accident.
struct AddCcView: View {
    @Bindable var model: AddCcModel
    let strings: Strings
    let close: @MainActor () -> Void

    var body: some View {
        NavigationStack {
            Form {
                Section {
                    TextField(strings["fact.cc"], text: $model.text, axis: .vertical)
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
            .navigationTitle(model.action.label)
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
