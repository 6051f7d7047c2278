#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The head of a ticket, above its thread: subject, status and whose turn it is. It opens to the details: what the status means, the ticket's
/// fields, and what the user can change.
struct TicketHeader: View {
    let ticket: Ticket
    let model: ThreadModel
    let strings: Strings
    /// How tall the open details may become. Beyond that they scroll.
    let tallest: CGFloat
    @State private var isOpen = false
    @State private var isSolving = false
    @State private var addingCc: AddCcModel?

    var body: some View {
        VStack(spacing: 0) {
            Button {
                withAnimation { isOpen.toggle() }
            } label: {
                head
            }
            .buttonStyle(.plain)
            .accessibilityAddTraits(.isHeader)
            .accessibilityHint(strings[isOpen ? "thread.details.hide" : "thread.details.show"])
            // The head stays on screen, and the thread needs the space.
            .dynamicTypeSize(...DynamicTypeSize.accessibility1)
            if isOpen {
                ScrollView {
                    details
                        .padding(.horizontal)
                        .padding(.bottom, 12)
                }
                .frame(maxHeight: tallest)
                .fixedSize(horizontal: false, vertical: true)
            }
            Divider()
        }
    }

    private var head: some View {
        HStack(spacing: 12) {
            VStack(alignment: .leading, spacing: 6) {
                Text(verbatim: ticket.row.title(strings))
                    .font(.headline)
                    .lineLimit(isOpen ? nil : 2)
                    .frame(maxWidth: .infinity, alignment: .leading)
                    .direction(of: ticket.row.title(strings))
                // A ticket that the server does not have yet says that it waits, and it is nobody's turn.
                TicketMarks(row: ticket.row, product: model.product, strings: strings, turn: ticket.turnKey.map { strings[$0] })
            }
            Image(systemName: isOpen ? "chevron.up" : "chevron.down")
                .foregroundStyle(.quiet)
                .accessibilityHidden(true)
        }
        .padding(.horizontal)
        .padding(.vertical, 10)
        .contentShape(Rectangle())
    }

    private var details: some View {
        VStack(alignment: .leading, spacing: 12) {
            if ticket.row.hasStatus, let key = ticket.row.status.explanationKey(in: model.product) {
                Text(strings[key])
                    .font(.subheadline)
                Divider()
            }
            ForEach(ticket.facts(in: model.product, strings)) { fact in
                LabeledContent(fact.label, value: fact.value)
                    .font(.subheadline)
                    .textSelection(.enabled)
            }
            if ticket.canAddCc(in: model.product) { addCc }
            if ticket.canSolve { solve }
        }
        .padding(.horizontal, 16)
        .padding(.vertical, 12)
        .frame(maxWidth: .infinity, alignment: .leading)
        .background(.card, in: RoundedRectangle(cornerRadius: 16))
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
            Button(strings["button.cancel"], role: .cancel) {}
        }
    }
}
#endif
