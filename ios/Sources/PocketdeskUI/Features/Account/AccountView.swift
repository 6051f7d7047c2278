#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// Where the desk hangs in the app's account screen.
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
