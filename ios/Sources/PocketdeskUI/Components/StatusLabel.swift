#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The status of a ticket as text. The colour adds no information.
struct StatusLabel: View {
    let status: TicketStatus
    let product: Product
    let strings: Strings
    @Environment(\.colorScheme) private var colorScheme

    var body: some View {
        let tone = status.kind.tone(dark: colorScheme == .dark)
        Text(strings[status.labelKey(in: product)])
            .font(.subheadline.weight(.medium))
            .padding(.horizontal, 10)
            .padding(.vertical, 3)
            .foregroundStyle(Color(tone.text))
            .background(Color(tone.background), in: Capsule())
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

extension Color {
    /// - Parameter tone: A colour as 0xRRGGBB in sRGB.
    fileprivate init(_ tone: UInt32) {
        let part = { (shift: UInt32) in Double(tone >> shift & 0xFF) / 255 }
        self.init(.sRGB, red: part(16), green: part(8), blue: part(0))
    }
}
#endif
