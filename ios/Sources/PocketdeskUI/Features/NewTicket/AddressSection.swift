#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The CC addresses of a ticket: those that were added, and the one that is being typed.
struct AddressSection: View {
    @Bindable var model: NewTicketModel
    let strings: Strings
    let focus: FocusState<Field?>.Binding

    var body: some View {
        Section {
            ForEach(Array(model.draft.cc.enumerated()), id: \.offset) { index, address in
                VStack(alignment: .leading) {
                    HStack {
                        Text(address)
                        Spacer()
                        Button {
                            model.removeAddress(at: index)
                        } label: {
                            Image(systemName: "minus.circle")
                                .frame(minWidth: 44, minHeight: 44)
                        }
                        .buttonStyle(.borderless)
                        .accessibilityLabel(strings("new.cc.remove", ["address": address]))
                    }
                    FieldMessages(messages: model.messages(.cc, at: index), strings: strings)
                }
            }
            TextField(strings["new.cc"], text: $model.draft.ccEntry)
                .addressInput()
                .focused(focus, equals: .cc)
                .onSubmit { model.addAddress() }
            FieldMessages(messages: model.messages(.cc, at: model.draft.cc.count), strings: strings)
            Button(strings["new.cc.add"]) { model.addAddress() }
                .disabled(model.draft.ccEntry.isEmpty)
            FieldMessages(messages: model.messages(.cc), strings: strings)
        } header: {
            Text(strings["new.cc"])
        } footer: {
            Text(strings["new.cc.hint"])
        }
    }
}

extension View {
    /// The keyboard for the user's own name, which the system may fill in.
    func nameInput() -> some View {
        #if os(iOS)
        textContentType(.name)
            .autocorrectionDisabled()
        #else
        autocorrectionDisabled()
        #endif
    }

    /// The keyboard for email addresses.
    func addressInput() -> some View {
        #if os(iOS)
        keyboardType(.emailAddress)
            .textContentType(.emailAddress)
            .textInputAutocapitalization(.never)
            .autocorrectionDisabled()
        #else
        autocorrectionDisabled()
        #endif
    }
}
#endif
