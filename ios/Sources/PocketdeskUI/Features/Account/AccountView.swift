#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// Where the desk hangs in the app's account screen.
struct AccountView: View {
    let words: Words

    var body: some View {
        List {
            NavigationLink(value: Route.helpSupport) {
                Label(words["support.title"], systemImage: "questionmark.circle")
            }
        }
        .navigationTitle(words["account.title"])
    }
}
#endif
