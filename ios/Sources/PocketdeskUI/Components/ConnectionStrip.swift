#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// A slim strip on top of a screen where people read or write: no network, or a help desk that cannot be reached. Empty if there is nothing
/// to say.
struct StatusStrip: View {
    @State private var model: StatusModel
    private let strings: Strings

    init(client: Pocketdesk, strings: Strings) {
        _model = State(initialValue: StatusModel(client: client))
        self.strings = strings
    }

    var body: some View {
        VStack(spacing: 0) {
            if let status = model.status { ConnectionLine(status: status, strings: strings) }
        }
        .task { await model.run() }
    }
}

/// What the strip says: why nothing can be sent or received, and how much is waiting.
struct ConnectionLine: View {
    let status: SyncStatus
    let strings: Strings

    var body: some View {
        if let key = status.connectionKey {
            VStack(alignment: .leading, spacing: 2) {
                Label(strings[key], systemImage: status.network ? "exclamationmark.icloud" : "wifi.slash")
                    .font(.subheadline.weight(.medium))
                if status.waiting > 0 {
                    Text(strings("offline.waiting", ["count": strings.number(status.waiting)]))
                        .font(.subheadline)
                }
            }
            .accessibilityElement(children: .combine)
            .banner()
        }
    }
}
#endif
