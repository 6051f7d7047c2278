package dev.pocketdesk.kit

import dev.pocketdesk.bindings.DraftCheck
import dev.pocketdesk.bindings.TicketDraft

/** What stands behind the fields of a form: where they come from, and what becomes of them. */
internal sealed interface TicketForm {
    suspend fun load(): TicketDraft

    suspend fun check(draft: TicketDraft): DraftCheck

    /** At a pause in typing. */
    suspend fun keep(draft: TicketDraft)

    /** Starts over. */
    suspend fun discard(draft: TicketDraft): TicketDraft

    /** Returns the ticket. */
    suspend fun finish(draft: TicketDraft): Long

    /** A new ticket: its draft is kept while it is written. */
    class New(
        private val desk: Pocketdesk,
    ) : TicketForm {
        override suspend fun load() = desk.ticketDraft()

        override suspend fun check(draft: TicketDraft) = desk.check(draft)

        override suspend fun keep(draft: TicketDraft) = desk.saveTicketDraft(draft)

        override suspend fun discard(draft: TicketDraft): TicketDraft {
            desk.discardTicketDraft(draft.id)
            return desk.ticketDraft()
        }

        override suspend fun finish(draft: TicketDraft) = desk.submit(draft)
    }

    /** A ticket that waits to be sent. What it says is on disk already; the change is, once it is saved. */
    class Unsent(
        private val desk: Pocketdesk,
        private val ticket: Long,
    ) : TicketForm {
        override suspend fun load() = desk.unsentTicket(ticket)

        override suspend fun check(draft: TicketDraft) = desk.check(draft)

        override suspend fun keep(draft: TicketDraft) = Unit

        override suspend fun discard(draft: TicketDraft) = load()

        override suspend fun finish(draft: TicketDraft): Long {
            desk.editTicket(ticket, draft)
            return ticket
        }
    }
}
