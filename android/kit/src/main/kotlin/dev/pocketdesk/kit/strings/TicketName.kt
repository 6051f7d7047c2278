package dev.pocketdesk.kit.strings

import dev.pocketdesk.bindings.TicketRow
import dev.pocketdesk.kit.Strings

/** The subject as a screen shows it: the ticket's own, in the language in which it was written, or the one that the product makes for its type. */
public fun TicketRow.subjectIn(strings: Strings): String = subjectKey?.let { strings[it, "requester" to requester.orEmpty()] } ?: subject
