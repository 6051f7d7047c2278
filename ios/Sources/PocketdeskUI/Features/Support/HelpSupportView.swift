#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The Help & Support screen: the entries of the product.
struct HelpSupportView: View {
    @State private var model: HelpSupportModel
    @Environment(StatusModel.self) private var status
    private let strings: Strings

    init(client: Pocketdesk, strings: Strings, onHostCall: (@MainActor (_ name: String) -> Void)?) {
        _model = State(initialValue: HelpSupportModel(client: client, strings: strings, onHostCall: onHostCall))
        self.strings = strings
    }

    var body: some View {
        List(model.entries, id: \.id) { row($0) }
            .navigationTitle(strings["support.title"])
            .connectionStrip(strings)
            .task { await model.run() }
    }

    @ViewBuilder
    private func row(_ entry: HelpEntry) -> some View {
        switch entry.target {
        case .history:
            NavigationLink(value: Route.history) { label(entry, "ticket", waiting: status.status?.waiting, unread: status.unreadTickets) }
        case .articles:
            NavigationLink(value: Route.articles) { label(entry, "book") }
        case .newTicket(let prefill):
            NavigationLink(value: Route.newTicket(prefill: prefill)) { label(entry, "square.and.pencil") }
        case .host:
            Button {
                model.choose(entry)
            } label: {
                label(entry, "arrow.up.forward.app")
            }
        case .link(let url):
            Link(destination: url) { label(entry, url.symbol) }
        }
    }

    private func label(_ entry: HelpEntry, _ symbol: String, waiting: UInt32? = nil, unread: UInt32 = 0) -> some View {
        EntryLabel(text: entry.label, note: entry.note, symbol: symbol, waiting: waiting, unread: unread, strings: strings)
    }
}

extension URL {
    /// The symbol of what opens the link.
    fileprivate var symbol: String {
        switch scheme?.lowercased() {
        case "mailto": "envelope"
        case "tel": "phone"
        default: "globe"
        }
    }
}
#endif
