#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The head of a ticket, above its thread: subject, status, whose turn it is, and the actions that the product has there. It opens to the details.
struct TicketHeader: View {
    let ticket: Ticket
    let model: ThreadModel
    let strings: Strings
    /// How tall the open details may become. Beyond that they scroll.
    let tallest: CGFloat
    let openTicket: @MainActor (Int64) -> Void
    let openNewTicketForm: @MainActor () -> Void
    @State private var isOpen = false

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
            if let followed = ticket.follows { follows(followed) }
            if !model.details.head.isEmpty { actions }
            if let thanks = model.details.thanks { remark(thanks) }
            if isOpen {
                ScrollView {
                    TicketDetailsView(model: model, strings: strings, openNewTicketForm: openNewTicketForm)
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
                TicketMarks(
                    row: ticket.row, strings: strings, hasStatus: !ticket.isAnonymous, turn: ticket.turnKey.map { strings[$0] })
            }
            Image(systemName: isOpen ? "chevron.up" : "chevron.down")
                .foregroundStyle(.quiet)
                .accessibilityHidden(true)
        }
        .padding(.horizontal)
        .padding(.vertical, 10)
        .contentShape(Rectangle())
    }

    /// The number of the ticket that this one follows. A tap opens that ticket if the user sees it.
    @ViewBuilder
    private func follows(_ followed: FollowedTicket) -> some View {
        if let followedTicket = followed.ticket {
            Button {
                openTicket(followedTicket)
            } label: {
                HStack(spacing: 4) {
                    Text(verbatim: followed.text(strings))
                    Image(systemName: "chevron.forward")
                        .accessibilityHidden(true)
                }
                .font(.subheadline)
                .frame(minHeight: 44)
                .contentShape(Rectangle())
            }
            .accessibilityHint(strings["ticket.follows.open"])
            .frame(maxWidth: .infinity, alignment: .leading)
            .padding(.horizontal)
        } else {
            remark(followed.text(strings))
        }
    }

    private func remark(_ text: String) -> some View {
        Text(verbatim: text)
            .font(.subheadline)
            .foregroundStyle(.quiet)
            .frame(maxWidth: .infinity, alignment: .leading)
            .padding(.horizontal)
            .padding(.bottom, 10)
    }

    private var actions: some View {
        VStack(alignment: .leading, spacing: 4) {
            ForEach(model.details.head, id: \.id) { offer in
                ActionButton(offer: offer, model: model, openNewTicketForm: openNewTicketForm)
            }
        }
        .frame(maxWidth: .infinity, alignment: .leading)
        .padding(.horizontal)
        .padding(.bottom, 10)
    }
}
#endif
