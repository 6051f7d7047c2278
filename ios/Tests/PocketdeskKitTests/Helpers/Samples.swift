import PocketdeskKit

/// Tickets and messages as the client gives them, for what needs no server.
enum Samples {
    static func row(_ id: Int64 = 1, number: UInt64? = 48_213, visible: Bool = true, snippet: Snippet? = nil) -> TicketRow {
        TicketRow(
            id: id, number: number, subject: "Auszahlung für Oktober fehlt – עדיין לא הגיע 🧾",
            status: TicketStatus(id: "open", kind: .open, turn: .helpDesk), createdAt: 1_790_000_000_000, lastActivityAt: 1_790_000_600_000,
            unread: false, hasAttachments: false, waiting: 0, needsUser: false, visible: visible, snippet: snippet,
            hasStatus: number != nil && visible)
    }

    static func ticket(_ row: TicketRow = row(), complete: Bool = true, leftOut: UInt32 = 0, delivery: Delivery = .sent) -> Ticket {
        Ticket(
            row: row, issueType: "payments_finance", access: true, cc: ["jürgen.groß@nordlicht-reisen.example"], createdBy: "Ben Okafor",
            createdByMe: false, canReply: true, reopens: false, canSolve: false, threadComplete: complete, delivery: delivery, changes: [],
            leftOut: leftOut)
    }

    static func message(_ id: Int, mine: Bool, delivery: Delivery = .sent) -> Message {
        Message(
            id: Int64(id), author: mine ? "Ada Lindqvist" : "Mirela Kovač", mine: mine, fromAgent: !mine, body: "Überweisung \(id): מתי? 🧾",
            content: MessageBody(blocks: [BodyBlock(kind: .paragraph, spans: [TextSpan(text: "Überweisung \(id): מתי? 🧾")])]),
            shortened: false, createdAt: 1_790_000_000_000 + Int64(id) * 60_000, description: id == 1, attachments: [], delivery: delivery,
            canRetry: false, canEdit: false, canDiscard: delivery != .sent)
    }
}
