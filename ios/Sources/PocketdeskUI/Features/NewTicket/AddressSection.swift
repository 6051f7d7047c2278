#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The CC addresses of a new ticket (C3): those that were added, and the one being typed.
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
                    remark(at: index)
                }
            }
            TextField(strings["new.cc"], text: $model.draft.ccEntry)
                .addressInput()
                .onSubmit { model.addAddress() }
            remark(at: model.draft.cc.count)
            Button(strings["new.cc.add"]) { model.addAddress() }
                .disabled(model.draft.ccEntry.isEmpty)
        } header: {
            Text(strings["new.cc"])
        } footer: {
            Text(strings["new.cc.hint"])
        }
    }

    @ViewBuilder
    private func remark(at index: Int) -> some View {
        if let note = model.note(at: index) {
            Text(strings[note.stringKey])
                .font(.subheadline)
                .foregroundStyle(.secondary)
        } else {
            ProblemText(problem: model.problem(.cc, at: index), strings: strings)
        }
    }
}

/// What is wrong with a field, under it; nothing if nothing is.
struct ProblemText: View {
    let problem: FieldProblem?
    let strings: Strings

    var body: some View {
        if let problem {
            Label(strings(problem.stringKey, problem.values), systemImage: "exclamationmark.circle")
                .font(.subheadline)
                .foregroundStyle(.red)
        }
    }
}

extension View {
    fileprivate func addressInput() -> some View {
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
