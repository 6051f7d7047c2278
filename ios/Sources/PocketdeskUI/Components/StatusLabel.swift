#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The status of a ticket as text. The colour adds no information.
struct StatusLabel: View {
    let status: Status
    let product: Product
    let strings: Strings

    var body: some View {
        Text(strings[product.info(status).labelKey])
            .font(.subheadline.weight(.medium))
            .padding(.horizontal, 10)
            .padding(.vertical, 3)
            .foregroundStyle(status.color)
            .background(status.color.opacity(0.14), in: Capsule())
    }
}

/// Marks a ticket with something unsent.
struct UnsentLabel: View {
    let text: String
    let needsUser: Bool

    var body: some View {
        Label(text, systemImage: needsUser ? "exclamationmark.circle" : "clock")
            .font(.subheadline)
            .foregroundStyle(needsUser ? Color.red : Color.secondary)
    }
}

extension Status {
    fileprivate var color: Color {
        switch self {
        case .open: .blue
        case .pending: .indigo
        case .awaitingReply: .orange
        case .solved: .green
        case .closed, .unknown: .secondary
        }
    }
}
#endif
