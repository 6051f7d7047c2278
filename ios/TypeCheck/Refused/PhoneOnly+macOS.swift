// refused: cannot find 'TextInputAutocapitalization' in scope
// SwiftUI/TextInputAutocapitalization · iOS 15: SwiftUI for macOS does not have it.
import SwiftUI

struct Address: View {
    private let capitals = TextInputAutocapitalization.never

    var body: some View {
        EmptyView()
    }
}
