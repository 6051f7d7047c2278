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
