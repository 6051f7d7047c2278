package dev.pocketdesk.kit.create

import dev.pocketdesk.bindings.DraftCheck
import dev.pocketdesk.bindings.FormProgress
import dev.pocketdesk.bindings.TicketDraft
import dev.pocketdesk.kit.Pocketdesk

/** Where the fields of a form come from, and what saving them means. */
internal sealed interface TicketForm {
    suspend fun load(): TicketDraft

    suspend fun check(
        draft: TicketDraft,
        progress: FormProgress,
    ): DraftCheck

    /** Called after a pause in typing. */
    suspend fun keep(draft: TicketDraft)

    /** Drops what was typed and returns the draft to start over with. */
    suspend fun discard(draft: TicketDraft): TicketDraft

    /** Stores the ticket and returns its local id. */
    suspend fun finish(draft: TicketDraft): Long

    /** A new ticket. Its draft is saved while it is written. */
    class New(
        private val client: Pocketdesk,
    ) : TicketForm {
        override suspend fun load() = client.ticketDraft()

        override suspend fun check(
            draft: TicketDraft,
            progress: FormProgress,
        ) = client.check(draft, progress)

        override suspend fun keep(draft: TicketDraft) = client.saveTicketDraft(draft)

        override suspend fun discard(draft: TicketDraft): TicketDraft {
            client.discardTicketDraft(draft.id)
            return client.ticketDraft()
        }

        override suspend fun finish(draft: TicketDraft) = client.submit(draft)
    }

    /** A ticket that waits to be sent. Its fields are on disk already, and are not changed before the user saves. */
    class Unsent(
        private val client: Pocketdesk,
        private val ticket: Long,
    ) : TicketForm {
        override suspend fun load() = client.unsentTicket(ticket)

        override suspend fun check(
            draft: TicketDraft,
            progress: FormProgress,
        ) = client.check(draft, progress)

        override suspend fun keep(draft: TicketDraft) = Unit

        override suspend fun discard(draft: TicketDraft) = load()

        override suspend fun finish(draft: TicketDraft): Long {
            client.editTicket(ticket, draft)
            return ticket
        }
    }
}
