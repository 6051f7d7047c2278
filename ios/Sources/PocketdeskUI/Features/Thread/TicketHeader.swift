#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The details of a ticket, with the subject on top.
struct TicketHeader: View {
    let ticket: Ticket
    let product: Product
    let strings: Strings

    var body: some View {
        Section {
            Text(ticket.row.visible ? ticket.row.subject : strings["history.no_longer_visible"])
                .font(.title2.weight(.semibold))
                .accessibilityAddTraits(.isHeader)
            LabeledContent(strings["ticket.number"], value: ticket.row.number.map { "#\($0)" } ?? strings["ticket.unsent_number"])
            if let author {
                LabeledContent(strings["ticket.created_by"], value: author)
            }
            LabeledContent(strings["ticket.created"]) {
                Text(ticket.row.created, format: .dateTime.day().month().year().hour().minute())
            }
            if let type = product.issueType(ticket.issueType) {
                LabeledContent(strings["ticket.issue_type"], value: strings[type.labelKey])
            }
            status
            if let access = ticket.access {
                LabeledContent(strings["ticket.access"], value: strings[access ? "ticket.access.on" : "ticket.access.off"])
            }
            if !ticket.cc.isEmpty {
                LabeledContent(strings["ticket.cc"], value: ticket.cc.formatted(.list(type: .and, width: .narrow)))
            }
        }
    }

    private var status: some View {
        let info = product.info(ticket.row.status)
        return VStack(alignment: .leading, spacing: 6) {
            LabeledContent(strings["ticket.status"]) {
                StatusLabel(status: ticket.row.status, product: product, strings: strings)
            }
            Text(strings[info.explanationKey])
                .font(.subheadline)
                .foregroundStyle(.secondary)
            Text(strings[info.turn.stringKey])
                .font(.subheadline.weight(.medium))
        }
        .accessibilityElement(children: .combine)
    }

    private var author: String? {
        ticket.createdByMe ? strings["ticket.you"] : ticket.createdBy
    }
}
#endif
