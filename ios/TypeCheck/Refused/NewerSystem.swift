// refused: cannot find 'ScrollPosition' in scope
// SwiftUI/ScrollPosition · iOS 18, macOS 15: not offered, because the app runs on iOS 17.
import SwiftUI

struct Thread: View {
    @State private var position = ScrollPosition(idType: Int.self)

    var body: some View {
        EmptyView()
    }
}
