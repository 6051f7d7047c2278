#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The Help & Support screen: the entries of the product.
struct HelpSupportView: View {
    let model: HelpSupportModel
    let strings: Strings

    var body: some View {
        List(model.entries, id: \.labelKey) { entry in
            if entry.kind == .newTicket {
                NavigationLink(value: Route.history) { label(entry) }
            } else if let target = entry.target.flatMap(URL.init(string:)) {
                Link(destination: target) { label(entry) }
            }
        }
        .navigationTitle(strings["support.title"])
    }

    private func label(_ entry: Entry) -> some View {
        Label(strings[entry.labelKey], systemImage: entry.kind.symbol)
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
