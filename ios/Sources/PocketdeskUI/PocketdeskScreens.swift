#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// All screens in one view, for a sheet or a tab: Account → Help & Support → history → a ticket.
///
/// With a client of `ClientConfig.signedOut` they begin at the help: what is offered to somebody who has no account yet or cannot sign in. An app
/// shows them beside its sign-in.
///
/// While it is on screen, it also tells the client about the network and whether the app is in front. It does not suspend the client; that is
/// the task of ``PocketdeskHost``.
public struct PocketdeskScreens: View {
    private let client: Pocketdesk
    private let strings: Strings
    private let person: Person?
    private let signIn: (@MainActor () -> Void)?
    private let onHostCall: (@MainActor (_ name: String) -> Void)?
    private let onSignedOut: (@MainActor () -> Void)?
    @State private var status: StatusModel
    @State private var path: [Route] = []
    /// The open screens, which iOS keeps over the end of the process.
    @SceneStorage("dev.pocketdesk.screens") private var saved: Data?
    /// What the user has chosen in the history, for as long as that is open.
    @SceneStorage("dev.pocketdesk.history") private var savedHistory: Data?
    @Environment(\.scenePhase) private var scenePhase

    /// - Parameters:
    ///   - client: The client of the signed-in user. Do not close it while the view exists; it may be suspended.
    ///   - language: The language of the screens, as a BCP 47 tag; by default the user's first preference. The texts are those of the client's
    ///     product. Open the client with the same language, in which the help desk is then asked for its own names.
    ///   - person: The user, for the account screen.
    ///   - signIn: Opens the app's sign-in. The screens offer it when the user has to sign in again, because the token source says so or the server
    ///     refuses a fresh token, and at the help of somebody who is not signed in.
    ///   - onHostCall: Called when the user chooses an entry of Help & Support that leads back into the app (`host:NAME` in the product
    ///     definition), with its name. Without it, such entries are not shown.
    ///   - onSignedOut: Called when the user has signed out here. The client is closed, and the app removes this view. Without it, signing out is
    ///     not offered.
    public init(
        client: Pocketdesk,
        language: String = Strings.preferredLanguage,
        person: Person? = nil,
        signIn: (@MainActor () -> Void)? = nil,
        onHostCall: (@MainActor (_ name: String) -> Void)? = nil,
        onSignedOut: (@MainActor () -> Void)? = nil
    ) {
        self.client = client
        _status = State(initialValue: StatusModel(client: client))
        strings = client.strings(language)
        self.person = person
        self.signIn = signIn
        self.onHostCall = onHostCall
        self.onSignedOut = onSignedOut
    }

    /// The account screen or, where nobody is signed in, the help; and the screens that are opened from it.
    public var body: some View {
        GeometryReader { window in
            let isWide = window.size.width >= Self.wide
            NavigationStack(path: isWide ? stackBesideTickets : $path) {
                root
                    .navigationDestination(for: Route.self) { screen($0, width: window.size.width) }
            }
        }
        .onChange(of: scenePhase, initial: true) { _, phase in
            client.setInFront(phase == .active)
        }
        .onAppear {
            if path.isEmpty { path = client.screens(from: saved) } else { saved = client.saved(path) }
        }
        .onChange(of: path) {
            saved = client.saved(path)
            if !path.contains(.history) { savedHistory = nil }
        }
        // After the screens were closed, they are opened at the account.
        .onDisappear { (saved, savedHistory) = (nil, nil) }
        .environment(status)
        .task { await status.run() }
        .task { await client.followNetwork() }
        // The device may be set to another language than the texts, and to another direction of writing.
        .environment(\.locale, strings.locale)
        .environment(\.layoutDirection, strings.isRightToLeft ? .rightToLeft : .leftToRight)
    }

    /// From this width on a ticket stands beside the history, such as on a tablet in landscape.
    private static let wide: CGFloat = 840
    /// How wide the history is beside a ticket.
    private static let besideWidth: CGFloat = 360

    private var stackBesideTickets: Binding<[Route]> {
        Binding(get: { path.wideStack }, set: { path = path.following(wideStack: $0) })
    }

    @ViewBuilder
    private var root: some View {
        if client.product.anonymous {
            screen(.helpSupport, width: 0)
                .toolbar {
                    ToolbarItem(placement: .primaryAction) {
                        if let signIn { Button(strings["button.sign_in"], action: signIn) }
                    }
                }
        } else {
            AccountView(client: client, strings: strings, person: person, onSignedOut: onSignedOut)
        }
    }

    @ViewBuilder
    private func screen(_ route: Route, width: CGFloat) -> some View {
        switch route {
        case .helpSupport:
            HelpSupportView(client: client, strings: strings, onHostCall: onHostCall)
        case .history:
            history(width: width)
        case .newTicket(let prefill):
            NewTicketView(client: client, prefill: prefill, strings: strings) { ticket in
                path = path.dropLast() + [.thread(ticket)]
            }
        case .thread(let ticket, let found):
            thread(ticket, found: found, closeBeside: nil)
        case .editTicket(let ticket):
            // The form was opened from the ticket's thread, which is the previous screen.
            NewTicketView(client: client, editing: ticket, strings: strings) { _ in path.removeLast() }
        case .articles:
            HelpCenterView(client: client, strings: strings)
        case .articleSection(let section):
            ArticleSectionView(client: client, section: section, strings: strings)
        case .article(let article):
            ArticleView(client: client, article: article, strings: strings)
        }
    }

    /// The history, with a ticket beside it in a wide window. It is the same view in every width, so it keeps its place when a tablet is rotated.
    private func history(width: CGFloat) -> some View {
        let isWide = width >= Self.wide
        let shown = isWide ? path.threadBesideHistory : nil
        let beside = isWide ? BesideHistory(ticket: shown?.ticket) { path = path.besideHistory($0, found: $1) } : nil
        let listWidth = shown == nil ? width : Self.besideWidth
        return HStack(spacing: 0) {
            HistoryView(client: client, strings: strings, width: listWidth, beside: beside, saved: $savedHistory, signIn: signIn)
                .frame(width: listWidth)
            if let shown {
                Divider()
                thread(shown.ticket, found: shown.found) { path = path.besideHistory(nil) }
                    .id(Route.thread(shown.ticket, found: shown.found))
            }
        }
    }

    private func thread(_ ticket: Int64, found: FoundMessage?, closeBeside: (@MainActor () -> Void)?) -> some View {
        ThreadView(client: client, ticket: ticket, found: found, strings: strings, closeBeside: closeBeside) { followed in
            path.append(.thread(followed))
        } editTicket: {
            path.append(.editTicket(ticket))
        } showNewTicketForm: { replacing in
            path = path.dropLast(replacing ? 1 : 0) + [.newTicket()]
        }
    }
}
#endif
