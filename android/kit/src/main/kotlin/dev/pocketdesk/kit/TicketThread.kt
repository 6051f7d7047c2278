package dev.pocketdesk.kit

import dev.pocketdesk.bindings.Message
import dev.pocketdesk.bindings.Ticket
import dev.pocketdesk.bindings.TicketDetails
import dev.pocketdesk.bindings.UnreadMessages

/** A ticket, its whole thread, and its details in one language. */
public data class TicketThread(
    val ticket: Ticket,
    /** Oldest first; the first one is the ticket's description. */
    val messages: List<Message>,
    /** What the detail screen shows beside the messages, and the actions that this user is offered now. */
    val details: TicketDetails,
    /** The messages that are new to the user; null if there are none. They stay the same ones until the thread is closed. */
    val unread: UnreadMessages? = null,
)
