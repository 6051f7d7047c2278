#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// For how long a ticket that was sent without an account stays on this device, and the way to remove it before.
struct RemoveTicketView: View {
    let model: ThreadModel
    let strings: Strings
    @State private var isRemoving = false

    var body: some View {
        Text(strings["anonymous.kept"])
            .font(.subheadline)
            .foregroundStyle(.quiet)
        Button(strings["button.remove"], role: .destructive) { isRemoving = true }
            .buttonStyle(.bordered)
            .frame(minHeight: 44)
            .confirmationDialog(strings["anonymous.remove.question"], isPresented: $isRemoving, titleVisibility: .visible) {
                Button(strings["button.remove"], role: .destructive) { Task { await model.removeTicket() } }
                Button(strings["button.cancel"], role: .cancel) {}
            }
    }
}
#endif
