#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// One row of the history: what the ticket is about and when something last happened, the beginning of its last message or what was found in it,
/// its facts and its status. VoiceOver reads it as one element.
struct TicketRowView: View {
    let ticket: PlacedTicket
    /// Whether it was written without an account, so that nobody knows its status.
    let isAnonymous: Bool
    let strings: Strings
    /// What was found in it; `nil` outside of a search.
    var hit: TicketHit?
    @Environment(\.dynamicTypeSize) private var textSize

    private var row: TicketRow { ticket.row }

    var body: some View {
        HStack(alignment: .firstTextBaseline, spacing: 8) {
            if row.unread { UnreadDot(strings: strings) }
            VStack(alignment: .leading, spacing: 4) {
                head
                if let hit, !hit.excerpt.isEmpty {
                    ExcerptView(hit: hit, strings: strings)
                } else if let snippet = row.snippetText(strings) {
                    Text(verbatim: snippet)
                        .font(.subheadline)
                        .foregroundStyle(row.unread ? Color.primary : Color.quiet)
                        .lineLimit(2)
                        .frame(maxWidth: .infinity, alignment: .leading)
                        .direction(of: snippet)
                }
                facts
                columns
                TicketMarks(row: row, strings: strings, hasStatus: !isAnonymous)
                    .padding(.top, 2)
            }
        }
        .padding(.vertical, 4)
        .accessibilityElement(children: .combine)
    }

    /// The subject, and when something last happened. With large text the time stands above, because the subject needs the width.
    @ViewBuilder
    private var head: some View {
        if textSize.isAccessibilitySize {
            time
            subject
        } else {
            HStack(alignment: .firstTextBaseline, spacing: 12) {
                subject
                Spacer(minLength: 0)
                time
            }
        }
    }

    private var subject: some View {
        Text(AttributedString(hit?.titleParts(strings) ?? [Segment(text: row.title(strings), hit: false)]))
            .font(.headline)
            .fontWeight(row.unread ? .bold : .medium)
            .foregroundStyle(row.visible ? Color.primary : Color.quiet)
            .lineLimit(2)
            .direction(of: row.title(strings))
    }

    private var time: some View {
        Text(ticket.time(strings))
            .font(.subheadline)
            .fontWeight(row.unread ? .semibold : .regular)
            .foregroundStyle(row.unread ? Color.primary : Color.quiet)
            .lineLimit(1)
    }

    /// What the product shows beside the facts: the users of the ticket, or a field.
    private var columns: some View {
        ForEach(row.columnTexts(strings), id: \.name) { column in
            HStack(alignment: .firstTextBaseline) {
                Text(column.name)
                    .fontWeight(.medium)
                Text(verbatim: column.text)
                    .direction(of: column.text)
            }
            .font(.footnote)
            .foregroundStyle(.quiet)
        }
    }

    private var facts: some View {
        HStack {
            Text(row.facts(strings))
            if row.hasAttachments {
                Image(systemName: "paperclip")
                    .accessibilityLabel(strings["history.attachments"])
            }
        }
        .font(.footnote)
        .foregroundStyle(.quiet)
    }
}

/// Marks a ticket in which something is new.
struct UnreadDot: View {
    let strings: Strings

    var body: some View {
        Image(systemName: "circle.fill")
            .font(.caption2)
            .foregroundStyle(.tint)
            .accessibilityLabel(strings["history.unread"])
    }
}
#endif
