package dev.pocketdesk.kit.client

import dev.pocketdesk.bindings.Client
import dev.pocketdesk.kit.FoundTickets
import dev.pocketdesk.kit.History
import dev.pocketdesk.kit.TicketThread
import dev.pocketdesk.kit.history.HistoryPart
import dev.pocketdesk.kit.history.HistoryView

/** Reads the rows of a part of the history. Blocks for the disk. */
internal fun Client.rowsOf(part: HistoryPart): History {
    val view = part.view
    val rows = historyRows(part.window, view.scope, view.filter, view.sort)
    val page = rows.page
    return History(
        page.tickets,
        page.total.toLong(),
        part.copy(window = rows.window),
        up = rows.up?.let { part.copy(window = it) },
        down = rows.down?.let { part.copy(window = it) },
        scope = page.scope,
        scopes = page.scopes,
        unavailableKey = page.unavailableKey,
        canCreate = page.canCreate,
        readMarksKey = page.readMarksKey,
        sort = page.sort,
        byDay = page.byDay,
        preparing = page.preparing,
        columns = page.columns.filter { column -> !column.hideEmpty || page.tickets.any { it.columns.any { (id) -> id == column.id } } },
    )
}

// The core returns pages, and the store may change between two of them: a row that moved in the meantime must not be shown twice.

/** Reads the first [rows] tickets in which the text of a view was found, page by page. Blocks for the disk. */
internal fun Client.firstHits(
    rows: Int,
    view: HistoryView,
): FoundTickets {
    val text = view.search.orEmpty().wellFormed()
    val first = search(text, null, rows.coerceIn(1, LARGEST_PAGE).toUInt(), view.scope, view.filter)
    var page = first
    val hits = page.hits.toMutableList()
    while (hits.size < rows) {
        page = search(text, page.next ?: break, (rows - hits.size).coerceAtMost(LARGEST_PAGE).toUInt(), view.scope, view.filter)
        hits += page.hits
    }
    return FoundTickets(
        view.search.orEmpty(),
        hits.distinctBy { it.row.id },
        first.count.toInt(),
        countIsCapped = first.countIsCapped,
        hasMore = page.next != null,
        coverage = first.coverage,
        filter = view.filter,
    )
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
