package dev.pocketdesk.kit.strings

import dev.pocketdesk.bindings.TicketRow
import dev.pocketdesk.kit.Strings

/** The subject as a screen shows it: the ticket's own as it was written, or one of the product's texts in its place (`TicketRow.subjectKey`). */
public fun TicketRow.subjectIn(strings: Strings): String = subjectKey?.let { strings[it, "requester" to requester.orEmpty()] } ?: subject
