#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// Account → Help & Support → Ticket history → a ticket: the whole desk as one view, for a sheet or a tab.
///
/// While it is on screen it also tells the desk about the network and whether the app is in front. Suspending the desk is the app's part, with
/// ``DeskHost``.
public struct SupportView: View {
    private let desk: Pocketdesk
    private let words: Words
    private let signIn: (@MainActor () -> Void)?
    @State private var path: [Route] = []
    @Environment(\.scenePhase) private var scenePhase

    /// - Parameters:
    ///   - desk: The signed-in user's desk; it stays open at least as long as the view lives.
    ///   - words: The language of the screens; by default the user's first choice.
    ///   - signIn: Opens the app's sign-in, which is offered when the desk asks for it.
    public init(desk: Pocketdesk, words: Words = Words(), signIn: (@MainActor () -> Void)? = nil) {
        self.desk = desk
        self.words = words
        self.signIn = signIn
    }

    /// The account screen, and what is opened from it.
    public var body: some View {
        NavigationStack(path: $path) {
            AccountView(words: words)
                .navigationDestination(for: Route.self) { screen($0) }
        }
        .onChange(of: scenePhase, initial: true) { _, phase in
            desk.setInFront(phase == .active)
        }
        .task { await desk.followNetwork() }
    }

    @ViewBuilder
    private func screen(_ route: Route) -> some View {
        switch route {
        case .helpSupport:
            HelpSupportView(model: HelpSupportModel(profile: desk.profile, words: words), words: words)
        case .history:
            HistoryView(desk: desk, words: words, signIn: signIn)
        case .newTicket:
            NewTicketView(desk: desk, words: words) { ticket in
                path = path.dropLast() + [.thread(ticket)]
            }
        case .thread(let ticket):
            ThreadView(desk: desk, ticket: ticket, words: words) {
                path.append(.editTicket(ticket))
            } writeAnew: {
                path = path.dropLast() + [.newTicket]
            }
        case .editTicket(let ticket):
            // It was opened from its thread, which is below.
            NewTicketView(desk: desk, editing: ticket, words: words) { _ in path.removeLast() }
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
