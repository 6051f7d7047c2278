#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The details of a ticket, with the subject on top, and what the user can change.
struct TicketHeader: View {
    let ticket: Ticket
    let model: ThreadModel
    let strings: Strings
    @State private var isSolving = false
    @State private var addingCc: AddCcModel?

    var body: some View {
        Section {
            Text(ticket.row.visible ? ticket.row.subject : strings["history.no_longer_visible"])
                .font(.title2.weight(.semibold))
                .textSelection(.enabled)
                .accessibilityAddTraits(.isHeader)
            status
            LabeledContent(strings["ticket.number"], value: ticket.row.number.map { "#\($0)" } ?? strings["ticket.unsent_number"])
            if let author {
                LabeledContent(strings["ticket.created_by"], value: author)
            }
            LabeledContent(strings["ticket.created"], value: strings.moment(ticket.row.created))
            if let type = model.product.issueType(ticket.issueType) {
                LabeledContent(strings["ticket.issue_type"], value: strings[type.labelKey])
            }
            if !ticket.cc.isEmpty {
                LabeledContent(strings["ticket.cc"], value: ticket.cc.joined(separator: "\n"))
            }
            if let access = ticket.access {
                LabeledContent(strings["ticket.access"], value: strings[access ? "ticket.access.on" : "ticket.access.off"])
            }
            if ticket.canAddCc(in: model.product) { addCc }
            if ticket.canSolve { solve }
        }
    }

    /// The status and whose turn it is. A ticket that the server does not have yet has neither, and says that it waits.
    @ViewBuilder
    private var status: some View {
        if ticket.row.hasStatus || ticket.row.unsentKey != nil {
            VStack(alignment: .leading, spacing: 6) {
                if ticket.row.hasStatus {
                    LabeledContent(strings["ticket.status"]) {
                        StatusLabel(status: ticket.row.status, product: model.product, strings: strings)
                    }
                }
                if let key = ticket.row.unsentKey {
                    UnsentLabel(text: strings[key], needsUser: ticket.row.needsUser)
                }
                if let key = ticket.turnKey {
                    Text(strings[key])
                        .font(.subheadline.weight(.medium))
                }
                if ticket.row.hasStatus, let key = ticket.row.status.explanationKey(in: model.product) {
                    Text(strings[key])
                        .font(.subheadline)
                        .foregroundStyle(.secondary)
                }
            }
            .accessibilityElement(children: .combine)
        }
    }

    private var addCc: some View {
        Button {
            addingCc = model.addingCc()
        } label: {
            Label(strings["new.cc.add"], systemImage: "plus")
        }
        .frame(minHeight: 44)
        .sheet(isPresented: isAddingCc) {
            if let addingCc { AddCcView(model: addingCc, strings: strings) { self.addingCc = nil } }
        }
    }

    private var isAddingCc: Binding<Bool> {
        Binding(get: { addingCc != nil }, set: { isShown in if !isShown { addingCc = nil } })
    }

    private var solve: some View {
        Button {
            isSolving = true
        } label: {
            Label(strings["ticket.solve"], systemImage: "checkmark")
        }
        .frame(minHeight: 44)
        .confirmationDialog(strings["ticket.solve.question"], isPresented: $isSolving, titleVisibility: .visible) {
            Button(strings["ticket.solve"]) { Task { await model.solve() } }
            Button(strings["action.cancel"], role: .cancel) {}
        }
    }

    private var author: String? {
        ticket.createdByMe ? strings["ticket.you"] : ticket.createdBy
    }
}
#endif
