#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The account screen, which leads to Help & Support.
struct AccountView: View {
    let strings: Strings

    var body: some View {
        List {
            NavigationLink(value: Route.helpSupport) {
                Label(strings["support.title"], systemImage: "questionmark.circle")
            }
        }
        .navigationTitle(strings["account.title"])
    }
}
#endif
