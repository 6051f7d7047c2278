#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// Signing out removes the tickets from the device. The sheet says how much is unsent, and lists the safest choice first.
struct SignOutView: View {
    let model: SignOutModel
    let strings: Strings

    var body: some View {
        NavigationStack {
            Form {
                Section {
                    question
                }
                Section {
                    if model.loses { choices } else { choice("sign_out.title", .destructive) { await model.signOut(.discard) } }
                }
                .disabled(model.isWorking)
            }
            .navigationTitle(strings["sign_out.title"])
            .toolbar {
                ToolbarItem(placement: .cancellationAction) {
                    Button(strings["button.cancel"], role: .cancel) { model.cancel() }
                        .disabled(model.isWorking)
                }
            }
        }
        .interactiveDismissDisabled(model.isWorking)
        .task { await model.run() }
    }

    @ViewBuilder
    private var question: some View {
        Text(strings[model.loses ? "sign_out.unsent" : "sign_out.question"])
        if case .asking(let unsent) = model.state {
            if unsent.messages > 0 { count("offline.unsent", unsent.messages) }
            if unsent.drafts > 0 { count("sign_out.drafts", unsent.drafts) }
        }
        if model.isWorking { ProgressView() }
        if let key = model.failureKey {
            Label(strings[key], systemImage: "exclamationmark.circle")
                .foregroundStyle(.problem)
        }
    }

    @ViewBuilder
    private var choices: some View {
        if case .asking(let unsent) = model.state, unsent.messages > 0 {
            choice("sign_out.send", nil) { await model.send() }
                .disabled(!model.canSend)
            // A disabled choice says why.
            if let key = model.connectionKey {
                Text(strings[key])
                    .font(.subheadline)
                    .foregroundStyle(.quiet)
            }
        }
        choice("sign_out.keep", nil) { await model.signOut(.keep) }
        choice("sign_out.discard", .destructive) { await model.signOut(.discard) }
    }

    private func choice(_ key: String, _ role: ButtonRole?, _ action: @escaping @MainActor () async -> Void) -> some View {
        Button(strings[key], role: role) { Task { await action() } }
            .frame(minHeight: 44)
    }

    private func count(_ key: String, _ number: UInt32) -> some View {
        Text(strings.counted(key, number))
            .font(.subheadline.weight(.medium))
    }
}
#endif
