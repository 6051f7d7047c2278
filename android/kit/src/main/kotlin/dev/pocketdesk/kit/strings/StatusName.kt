package dev.pocketdesk.kit.strings

import dev.pocketdesk.bindings.TicketStatus
import dev.pocketdesk.kit.Strings

/** The name of a status: the product's, or the help desk's own for one that the product has no words for. */
public fun TicketStatus.nameIn(strings: Strings): String = label ?: nameKey?.let { strings[it] }.orEmpty()
