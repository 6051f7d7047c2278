package dev.pocketdesk.kit

import dev.pocketdesk.bindings.Message
import dev.pocketdesk.bindings.Ticket
import dev.pocketdesk.bindings.TicketRow

/** The top of the ticket history. */
public data class History(
    /** Newest activity first, unsent tickets above all others. */
    val tickets: List<TicketRow>,
    /** How many tickets there are on this device altogether. */
    val total: Long,
    /** There are more below: ask for more rows. */
    val hasMore: Boolean,
)

/** A ticket and its whole thread. */
public data class TicketThread(
    val ticket: Ticket,
    /** Oldest first; the description is the first one. */
    val messages: List<Message>,
)
