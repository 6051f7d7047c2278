#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// One row of the history. VoiceOver reads it as one element.
struct TicketRowView: View {
    let row: TicketRow
    let product: Product
    let strings: Strings

    var body: some View {
        VStack(alignment: .leading, spacing: 6) {
            HStack(alignment: .firstTextBaseline) {
                Text(row.visible ? row.subject : strings["history.no_longer_visible"])
                    .font(.headline)
                    .fontWeight(row.unread ? .bold : .regular)
                    .foregroundStyle(row.visible ? Color.primary : Color.secondary)
                    .lineLimit(3)
                Spacer(minLength: 8)
                if row.unread {
                    Image(systemName: "circle.fill")
                        .font(.caption2)
                        .foregroundStyle(.tint)
                        .accessibilityLabel(strings["history.unread"])
                }
            }
            HStack {
                Text(facts)
                if row.hasAttachments {
                    Image(systemName: "paperclip")
                        .accessibilityLabel(strings["history.attachments"])
                }
            }
            .font(.subheadline)
            .foregroundStyle(.secondary)
            HStack {
                // A ticket that was not sent yet has no status on the server.
                if row.hasStatus {
                    StatusLabel(status: row.status, product: product, strings: strings)
                }
                if let key = row.unsentKey {
                    UnsentLabel(text: strings[key], needsUser: row.needsUser)
                }
            }
        }
        .padding(.vertical, 4)
        .accessibilityElement(children: .combine)
    }

    private var facts: String {
        let number = row.number.map { "#\($0)" } ?? strings["ticket.unsent_number"]
        return "\(number) · \(strings.day(row.created))"
    }
}
#endif
