// refused: The wrapped value must be an object that conforms to Observable
import SwiftUI

struct Draft {
    var subject = ""
}

struct Form: View {
    @Bindable var draft: Draft

    var body: some View {
        EmptyView()
    }
}
