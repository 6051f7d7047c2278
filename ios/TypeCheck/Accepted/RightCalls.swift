// The calls of the snippets in Refused without their mistakes. This file compiles, so each snippet is refused because of its mistake.
import SwiftUI

@MainActor @Observable
final class Draft {
    var subject = ""
    var count = 0
}

struct Right: View {
    @Bindable var draft: Draft
    @State private var access = true
    @State private var isEditing = false
    @Environment(\.scenePhase) private var phase
    @Environment(\.dismiss) private var dismiss

    var body: some View {
        List {
            Text(verbatim: "Überweisung \(draft.count)").frame(minHeight: 44)
            TextField("Subject" as String, text: $draft.subject).keyboardType(.emailAddress)
            Toggle("Ticket access" as String, isOn: $access)
            Button("Close" as String) { dismiss() }
        }
        .navigationTitle("Ticket" as String)
        .refreshable { await refresh() }
        .sheet(isPresented: $isEditing) { EmptyView() }
        .onChange(of: phase) { draft.count += 1 }
    }

    private func refresh() async {
        draft.count += 1
    }
}
