#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// Account → Help & Support → Ticket history → a ticket: the whole desk as one view, for a sheet or a tab.
///
/// While it is on screen it also tells the desk about the network and whether the app is in front. Suspending the desk is the app's part, with
/// ``DeskHost``.
public struct PocketdeskScreens: View {
    private let client: Pocketdesk
    private let strings: Strings
    private let signIn: (@MainActor () -> Void)?
    @State private var path: [Route] = []
    @Environment(\.scenePhase) private var scenePhase

    /// - Parameters:
    ///   - desk: The signed-in user's desk; it stays open at least as long as the view lives.
    ///   - words: The language of the screens; by default the user's first choice.
    ///   - signIn: Opens the app's sign-in, which is offered when the desk asks for it.
    public init(client: Pocketdesk, strings: Strings = Strings(), signIn: (@MainActor () -> Void)? = nil) {
        self.client = client
        self.strings = strings
        self.signIn = signIn
    }

    /// The account screen, and what is opened from it.
    public var body: some View {
        NavigationStack(path: $path) {
            AccountView(strings: strings)
                .navigationDestination(for: Route.self) { screen($0) }
        }
        .onChange(of: scenePhase, initial: true) { _, phase in
            client.setInFront(phase == .active)
        }
        .task { await client.followNetwork() }
    }

    @ViewBuilder
    private func screen(_ route: Route) -> some View {
        switch route {
        case .helpSupport:
            HelpSupportView(model: HelpSupportModel(product: client.product, strings: strings), strings: strings)
        case .history:
            HistoryView(client: client, strings: strings, signIn: signIn)
        case .newTicket:
            NewTicketView(client: client, strings: strings) { ticket in
                path = path.dropLast() + [.thread(ticket)]
            }
        case .thread(let ticket):
            ThreadView(client: client, ticket: ticket, strings: strings) {
                path.append(.editTicket(ticket))
            } showNewTicketForm: {
                path = path.dropLast() + [.newTicket]
            }
        case .editTicket(let ticket):
            // It was opened from its thread, which is below.
            NewTicketView(client: client, editing: ticket, strings: strings) { _ in path.removeLast() }
        }
    }
}

/// Where one can go.
enum Route: Hashable {
    case helpSupport
    case history
    case newTicket
    case thread(Int64)
    case editTicket(Int64)
}
#endif
