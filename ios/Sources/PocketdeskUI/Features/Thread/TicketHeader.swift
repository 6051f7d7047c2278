#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The details of a ticket, with the subject on top.
struct TicketHeader: View {
    let ticket: Ticket
    let model: ThreadModel
    let strings: Strings
    @State private var isSolving = false

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
            if let type = model.product.issueType(ticket.issueType) {
                LabeledContent(strings["ticket.issue_type"], value: strings[type.labelKey])
            }
            if let key = ticket.row.unsentKey {
                UnsentLabel(text: strings[key], needsUser: ticket.row.needsUser)
            }
            if ticket.row.hasStatus { status }
            if let access = ticket.access {
                LabeledContent(strings["ticket.access"], value: strings[access ? "ticket.access.on" : "ticket.access.off"])
            }
            if !ticket.cc.isEmpty {
                LabeledContent(strings["ticket.cc"], value: ticket.cc.formatted(.list(type: .and, width: .narrow)))
            }
            if ticket.canSolve { solve }
        }
    }

    private var solve: some View {
        Button(strings["ticket.solve"]) { isSolving = true }
            .frame(minHeight: 44)
            .confirmationDialog(strings["ticket.solve.question"], isPresented: $isSolving, titleVisibility: .visible) {
                Button(strings["ticket.solve"]) { Task { await model.solve() } }
                Button(strings["action.cancel"], role: .cancel) {}
            }
    }

    private var status: some View {
        let info = model.product.info(ticket.row.status)
        return VStack(alignment: .leading, spacing: 6) {
            LabeledContent(strings["ticket.status"]) {
                StatusLabel(status: ticket.row.status, product: model.product, strings: strings)
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
