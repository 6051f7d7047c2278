#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The account screen: who is signed in, Help & Support, and signing out.
struct AccountView: View {
    @Environment(StatusModel.self) private var status
    @State private var signOut: SignOutModel
    private let strings: Strings
    private let person: Person?
    private let onSignedOut: (@MainActor () -> Void)?

    init(client: Pocketdesk, strings: Strings, person: Person?, onSignedOut: (@MainActor () -> Void)?) {
        _signOut = State(initialValue: SignOutModel(client: client))
        self.strings = strings
        self.person = person
        self.onSignedOut = onSignedOut
    }

    var body: some View {
        List {
            if let person { PersonRow(person: person) }
            NavigationLink(value: Route.helpSupport) {
                EntryLabel(
                    text: strings["support.title"], symbol: "questionmark.circle", waiting: status.status?.waiting,
                    unread: status.unreadTickets, strings: strings)
            }
            if onSignedOut != nil {
                Button(strings["sign_out.title"]) { Task { await signOut.ask() } }
                    .frame(minHeight: 44)
            }
        }
        .navigationTitle(strings["account.title"])
        .connectionStrip(strings)
        .sheet(isPresented: isAsking) { SignOutView(model: signOut, strings: strings) }
        .onChange(of: signOut.state) { _, state in
            if state == .done { onSignedOut?() }
        }
    }

    private var isAsking: Binding<Bool> {
        Binding(
            get: { if case .asking = signOut.state { true } else { false } },
            set: { isShown in if !isShown { signOut.cancel() } }
        )
    }
}

/// The signed-in user.
private struct PersonRow: View {
    let person: Person

    var body: some View {
        HStack(spacing: 16) {
            Text(verbatim: person.initials)
                .font(.title2)
                .frame(minWidth: 64, minHeight: 64)
                .background(.tint.opacity(0.15), in: Circle())
                .accessibilityHidden(true)
            VStack(alignment: .leading) {
                Text(verbatim: person.name)
                    .font(.title2)
                if let detail = person.detail {
                    Text(verbatim: detail)
                        .font(.subheadline)
                        .foregroundStyle(.quiet)
                }
            }
        }
        .accessibilityElement(children: .combine)
    }
}
#endif
