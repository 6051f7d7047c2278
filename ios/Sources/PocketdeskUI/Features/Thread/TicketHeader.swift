#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// A ticket's facts, the subject on top (T1, T2).
struct TicketHead: View {
    let ticket: Ticket
    let profile: Profile
    let words: Words

    var body: some View {
        Section {
            Text(ticket.row.visible ? ticket.row.subject : words["history.no_longer_visible"])
                .font(.title2.weight(.semibold))
                .accessibilityAddTraits(.isHeader)
            LabeledContent(words["ticket.number"], value: ticket.row.number.map { "#\($0)" } ?? words["ticket.unsent_number"])
            if let author {
                LabeledContent(words["ticket.created_by"], value: author)
            }
            LabeledContent(words["ticket.created"]) {
                Text(ticket.row.created, format: .dateTime.day().month().year().hour().minute())
            }
            if let type = profile.issueType(ticket.issueType) {
                LabeledContent(words["ticket.issue_type"], value: words[type.labelKey])
            }
            status
            if let access = ticket.access {
                LabeledContent(words["ticket.access"], value: words[access ? "ticket.access.on" : "ticket.access.off"])
            }
            if !ticket.cc.isEmpty {
                LabeledContent(words["ticket.cc"], value: ticket.cc.formatted(.list(type: .and, width: .narrow)))
            }
        }
    }

    private var status: some View {
        let info = profile.info(ticket.row.status)
        return VStack(alignment: .leading, spacing: 6) {
            LabeledContent(words["ticket.status"]) {
                StatusLabel(status: ticket.row.status, profile: profile, words: words)
            }
            Text(words[info.explanationKey])
                .font(.subheadline)
                .foregroundStyle(.secondary)
            Text(words[info.turn.wordKey])
                .font(.subheadline.weight(.medium))
        }
        .accessibilityElement(children: .combine)
    }

    private var author: String? {
        ticket.createdByMe ? words["ticket.you"] : ticket.createdBy
    }
}
#endif
