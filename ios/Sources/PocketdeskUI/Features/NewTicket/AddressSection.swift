#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The CC addresses of a new ticket (C3): those that were added, and the one being typed.
struct AddressSection: View {
    @Bindable var model: NewTicketModel
    let words: Words

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
                        .accessibilityLabel(words("new.cc.remove", ["address": address]))
                    }
                    remark(at: index)
                }
            }
            TextField(words["new.cc"], text: $model.draft.ccEntry)
                .addressInput()
                .onSubmit { model.addAddress() }
            remark(at: model.draft.cc.count)
            Button(words["new.cc.add"]) { model.addAddress() }
                .disabled(model.draft.ccEntry.isEmpty)
        } header: {
            Text(words["new.cc"])
        } footer: {
            Text(words["new.cc.hint"])
        }
    }

    @ViewBuilder
    private func remark(at index: Int) -> some View {
        if let note = model.note(at: index) {
            Text(words[note.wordKey])
                .font(.subheadline)
                .foregroundStyle(.secondary)
        } else {
            ProblemText(problem: model.problem(.cc, at: index), words: words)
        }
    }
}

/// What is wrong with a field, under it; nothing if nothing is.
struct ProblemText: View {
    let problem: FieldProblem?
    let words: Words

    var body: some View {
        if let problem {
            Label(words(problem.wordKey, problem.values), systemImage: "exclamationmark.circle")
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
