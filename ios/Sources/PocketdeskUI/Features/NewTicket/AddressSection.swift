#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The CC addresses of a ticket: those that were added, and the one that is being typed.
struct AddressSection: View {
    @Bindable var model: NewTicketModel
    let strings: Strings

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
                    fieldMessage(at: index)
                }
            }
            TextField(strings["new.cc"], text: $model.draft.ccEntry)
                .addressInput()
                .onSubmit { model.addAddress() }
            fieldMessage(at: model.draft.cc.count)
            Button(strings["new.cc.add"]) { model.addAddress() }
                .disabled(model.draft.ccEntry.isEmpty)
            if let key = model.keptAsideKey {
                Label(strings[key], systemImage: "info.circle")
                    .font(.subheadline)
                    .foregroundStyle(.quiet)
            }
        } header: {
            Text(strings["new.cc"])
        } footer: {
            Text(strings["new.cc.hint"])
        }
    }

    @ViewBuilder
    private func fieldMessage(at index: Int) -> some View {
        if let key = model.note(at: index)?.stringKey {
            Text(strings[key])
                .font(.subheadline)
                .foregroundStyle(.quiet)
        } else {
            ProblemText(problem: model.problem(.cc, at: index), strings: strings)
        }
    }
}

extension View {
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
