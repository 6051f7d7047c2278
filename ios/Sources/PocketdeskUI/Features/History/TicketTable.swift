#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The columns of the history in a window that has room for them all: those of the product, in its order (`docs/product.md`, S1).
struct TicketTable {
    let columns: [HistoryColumn]
    private let scale: CGFloat

    /// `nil` if the columns do not fit into this width.
    ///
    /// - Parameter scale: How much larger than usual the texts are.
    init?(columns: [HistoryColumn], width: CGFloat, scale: CGFloat) {
        // The dot before the subject says whether a ticket was read.
        self.columns = columns.filter { $0.id != "read" }
        self.scale = scale
        guard self.columns.contains(where: { $0.id == "subject" }) else { return nil }
        let needed = self.columns.reduce(Self.edges) { $0 + (self.width(of: $1) ?? 180 * scale) + Self.gap }
        guard needed <= width else { return nil }
    }

    /// The width of a column; `nil` for those that share what is left.
    func width(of column: HistoryColumn) -> CGFloat? {
        switch column.id {
        case "subject", "users": nil
        case "number": 84 * scale
        case "creator": 128 * scale
        case "created", "last_activity": 104 * scale
        case "status": 168 * scale
        default: 112 * scale
        }
    }

    static let gap: CGFloat = 12
    // The margins of a list and of its rows.
    private static let edges: CGFloat = 80
}

/// The names of the columns.
struct TicketTableHead: View {
    let table: TicketTable
    let strings: Strings

    var body: some View {
        HStack(alignment: .firstTextBaseline, spacing: TicketTable.gap) {
            ForEach(table.columns, id: \.id) { column in
                Text(strings[column.labelKey])
                    .font(.subheadline.weight(.medium))
                    .foregroundStyle(.quiet)
                    .column(table.width(of: column))
            }
        }
        .padding(.horizontal, 40)
        .padding(.vertical, 8)
    }
}

/// One row of the table. VoiceOver reads it as one element, each value with its column's name.
struct TicketTableRow: View {
    let table: TicketTable
    let ticket: PlacedTicket
    /// Whether it was written without an account, so that nobody knows its status.
    let isAnonymous: Bool
    let strings: Strings

    private var row: TicketRow { ticket.row }

    var body: some View {
        HStack(alignment: .firstTextBaseline, spacing: TicketTable.gap) {
            ForEach(table.columns, id: \.id) { column in
                cell(column)
                    .column(table.width(of: column))
            }
        }
        .padding(.vertical, 4)
        .accessibilityElement(children: .combine)
    }

    @ViewBuilder
    private func cell(_ column: HistoryColumn) -> some View {
        switch column.id {
        case "subject": TicketSubject(ticket: ticket, strings: strings)
        case "status": TicketMarks(row: row, strings: strings, hasStatus: !isAnonymous)
        case "last_activity": value(column, ticket.time(strings))
        default:
            if let text = row.text(in: column, strings) { value(column, text) } else { Text(verbatim: "") }
        }
    }

    private func value(_ column: HistoryColumn, _ text: String) -> some View {
        Text(verbatim: text)
            .font(.subheadline)
            .foregroundStyle(.quiet)
            .lineLimit(3)
            .direction(of: text)
            .accessibilityLabel("\(strings[column.labelKey]): \(text)")
    }
}

/// The subject and the beginning of the last message.
private struct TicketSubject: View {
    let ticket: PlacedTicket
    let strings: Strings

    private var row: TicketRow { ticket.row }

    var body: some View {
        HStack(alignment: .firstTextBaseline, spacing: 8) {
            if row.unread { UnreadDot(strings: strings) }
            VStack(alignment: .leading, spacing: 4) {
                Text(verbatim: row.title(strings))
                    .font(.headline)
                    .fontWeight(row.unread ? .bold : .medium)
                    .foregroundStyle(row.visible ? Color.primary : Color.quiet)
                    .lineLimit(2)
                    .direction(of: row.title(strings))
                if let snippet = row.snippetText(strings) {
                    Text(verbatim: snippet)
                        .font(.subheadline)
                        .foregroundStyle(row.unread ? Color.primary : Color.quiet)
                        .lineLimit(2)
                        .direction(of: snippet)
                }
            }
        }
    }
}

extension View {
    /// As wide as a column. Those without a width of their own share what is left.
    @ViewBuilder
    fileprivate func column(_ width: CGFloat?) -> some View {
        if let width {
            frame(width: width, alignment: .leading)
        } else {
            frame(maxWidth: .infinity, alignment: .leading)
        }
    }
}
#endif
