package dev.pocketdesk.kit.client

import dev.pocketdesk.bindings.Client
import dev.pocketdesk.kit.History
import dev.pocketdesk.kit.TicketThread

// The core returns pages, and the store may change between two of them: a row that moved in the meantime must not be shown twice.

/** Reads the newest [rows] tickets, page by page. Blocks for the disk. */
internal fun Client.newestTickets(rows: Int): History {
    var page = history(null, rows.coerceIn(1, LARGEST_PAGE).toUInt())
    val tickets = page.tickets.toMutableList()
    while (tickets.size < rows) {
        page = history(page.next ?: break, (rows - tickets.size).coerceAtMost(LARGEST_PAGE).toUInt())
        tickets += page.tickets
    }
    return History(tickets.distinctBy { it.id }, page.total.toLong(), hasMore = page.next != null)
}

/** Reads a ticket with its whole thread, page by page, and its details with their texts in [language]. Blocks for the disk. */
internal fun Client.wholeThread(
    ticket: Long,
    language: String,
): TicketThread {
    val head = ticket(ticket)
    var page = thread(ticket, null, LARGEST_PAGE.toUInt())
    val messages = page.messages.toMutableList()
    while (true) {
        page = thread(ticket, page.next ?: break, LARGEST_PAGE.toUInt())
        messages += page.messages
    }
    return TicketThread(head, messages.distinctBy { it.id }, details(ticket, language), page.unread)
}

private const val LARGEST_PAGE = 200
