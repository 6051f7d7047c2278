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
                if row.hasStatus {
                    StatusLabel(status: row.status, product: product, strings: strings)
                }
                if let key = row.unsentKey {
                    UnsentLabel(text: strings[key], needsUser: row.needsUser)
                }
                if row.hasAttachments {
                    Image(systemName: "paperclip")
                        .accessibilityLabel(strings["history.attachments"])
                }
            }
            Text(row.number.map { "#\($0)" } ?? strings["ticket.unsent_number"])
                .font(.subheadline)
                .foregroundStyle(.secondary)
            Text(row.created, format: .dateTime.day().month().year().hour().minute())
                .font(.subheadline)
                .foregroundStyle(.secondary)
            if row.needsUser {
                Label(strings["history.needs_you"], systemImage: "exclamationmark.circle")
                    .font(.subheadline)
                    .foregroundStyle(.red)
            } else if row.waiting > 0 {
                Label(strings["delivery.queued"], systemImage: "clock")
                    .font(.subheadline)
                    .foregroundStyle(.secondary)
            }
        }
        .padding(.vertical, 4)
        .accessibilityElement(children: .combine)
    }
}
#endif
