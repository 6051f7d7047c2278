package dev.pocketdesk.kit

import dev.pocketdesk.bindings.Message
import dev.pocketdesk.bindings.Ticket

/** A ticket and its whole thread. */
public data class TicketThread(
    val ticket: Ticket,
    /** Oldest first; the first one is the ticket's description. */
    val messages: List<Message>,
)
