#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The status of a ticket, and what of it was not sent: side by side or, where they do not fit, one below the other.
struct TicketMarks: View {
    let row: TicketRow
    let strings: Strings
    /// Whether the help desk tells the status of such tickets. It does not for those that were written without an account.
    var hasStatus = true
    /// Whose turn it is, if that is to be said.
    var turn: String?

    var body: some View {
        ViewThatFits(in: .horizontal) {
            HStack(spacing: 8) { marks }
            VStack(alignment: .leading, spacing: 6) { marks }
        }
    }

    @ViewBuilder
    private var marks: some View {
        // A ticket that was not sent yet has no status on the server.
        if hasStatus, row.hasStatus { StatusLabel(status: row.status, strings: strings) }
        ForEach(row.markKeys, id: \.self) { key in
            Label(strings[key], systemImage: "exclamationmark.triangle")
                .font(.subheadline)
                .foregroundStyle(.quiet)
        }
        if row.linked {
            Label(strings["history.linked"], systemImage: "person.badge.plus")
                .font(.subheadline)
                .foregroundStyle(.quiet)
        }
        if let key = row.unsentKey { UnsentLabel(text: strings[key], needsUser: row.needsUser) }
        if let turn {
            Text(turn)
                .font(.subheadline.weight(.medium))
        }
    }
}

/// The status of a ticket as text. The colour adds no information.
struct StatusLabel: View {
    let status: TicketStatus
    let strings: Strings
    @Environment(\.colorScheme) private var colorScheme

    var body: some View {
        let tone = Tones.on(dark: colorScheme == .dark)[status.kind]
        Text(status.name(strings))
            .font(.subheadline.weight(.medium))
            .padding(.horizontal, 10)
            .padding(.vertical, 3)
            .foregroundStyle(Color(tone.text))
            .background(Color(tone.background), in: Capsule())
    }
}

/// Marks a ticket with something unsent.
private struct UnsentLabel: View {
    let text: String
    let needsUser: Bool

    var body: some View {
        Label(text, systemImage: needsUser ? "exclamationmark.circle" : "clock")
            .font(.subheadline)
            .foregroundStyle(needsUser ? AnyShapeStyle(.problem) : AnyShapeStyle(.quiet))
    }
}
#endif
