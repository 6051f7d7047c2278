package dev.pocketdesk.kit.strings

import dev.pocketdesk.bindings.Product
import dev.pocketdesk.bindings.StatusInfo
import dev.pocketdesk.bindings.Ticket
import dev.pocketdesk.bindings.TicketRow
import dev.pocketdesk.bindings.TicketStatus
import dev.pocketdesk.kit.Strings

// The keys in `Strings` of what a screen says about a status. A screen decides by its kind, never by its id.

/** Whether the product knows the server's status. */
public val TicketStatus.isKnown: Boolean get() = id != null

/** The name of a status: the product's, or the help desk's own for one that the product has no words for. */
public fun TicketStatus.nameIn(
    strings: Strings,
    product: Product,
): String = label ?: strings[infoIn(product)?.labelKey ?: "status.unknown"]

/** The explanation of a status; null if the product does not explain it. Nobody has explained one that is shown by the help desk's own name. */
public fun TicketStatus.explanationKey(product: Product): String? {
    if (label != null) return null
    val info = infoIn(product) ?: return "status.unknown.explanation"
    return info.explanationKey
}

private fun TicketStatus.infoIn(product: Product): StatusInfo? = product.statuses.firstOrNull { it.id == id }

/** Whether a ticket has a status: one that was not sent yet, or is no longer visible, has none. */
public val TicketRow.hasStatus: Boolean get() = number != null && visible

/**
 * Whose turn it is; null if that is unknown, or out of date because something of the user's own waits to be sent. A ticket that the server does not
 * have yet is nobody's turn.
 */
public val Ticket.turnKey: String?
    get() {
        val settled = row.hasStatus && row.waiting == 0u && !row.needsUser
        return if (settled && row.status.isKnown) row.status.turn.stringKey else null
    }
