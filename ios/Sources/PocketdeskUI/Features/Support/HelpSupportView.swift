#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The Help & Support screen: the entries of the product.
struct HelpSupportView: View {
    @State private var model: HelpSupportModel
    @State private var status: StatusModel
    private let strings: Strings

    init(client: Pocketdesk, strings: Strings) {
        _model = State(initialValue: HelpSupportModel(product: client.product, strings: strings))
        _status = State(initialValue: StatusModel(client: client))
        self.strings = strings
    }

    var body: some View {
        List(model.entries, id: \.labelKey) { entry in
            if entry.kind == .newTicket {
                NavigationLink(value: Route.history) { label(entry, waiting: status.status?.waiting) }
            } else if let target = entry.target.flatMap(URL.init(string:)) {
                Link(destination: target) { label(entry, waiting: nil) }
            }
        }
        .navigationTitle(strings["support.title"])
        .task { await status.run() }
    }

    private func label(_ entry: Entry, waiting: UInt32?) -> some View {
        EntryLabel(text: strings[entry.labelKey], symbol: entry.kind.symbol, waiting: waiting, strings: strings)
    }
}

extension EntryKind {
    fileprivate var symbol: String {
        switch self {
        case .newTicket: "ticket"
        case .helpCentre: "book"
        case .courses: "graduationcap"
        case .email: "envelope"
        }
    }
}
#endif
