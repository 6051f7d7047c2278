package dev.pocketdesk.kit.client

import dev.pocketdesk.bindings.Client
import dev.pocketdesk.kit.FoundTickets
import dev.pocketdesk.kit.History
import dev.pocketdesk.kit.TicketThread
import dev.pocketdesk.kit.history.HistoryView

// The core returns pages, and the store may change between two of them: a row that moved in the meantime must not be shown twice.

/** Reads the first [rows] tickets of a view, page by page. Blocks for the disk. */
internal fun Client.firstTickets(
    rows: Int,
    view: HistoryView,
): History {
    val first = history(null, rows.coerceIn(1, LARGEST_PAGE).toUInt(), view.scope, view.filter, view.sort)
    var page = first
    val tickets = page.tickets.toMutableList()
    while (tickets.size < rows) {
        page = history(page.next ?: break, (rows - tickets.size).coerceAtMost(LARGEST_PAGE).toUInt(), view.scope, view.filter, view.sort)
        // What holds for the user changed between two pages. The next read shows all of it.
        if (page.scope != first.scope || page.unavailableKey != first.unavailableKey) break
        tickets += page.tickets
    }
    val shown = tickets.distinctBy { it.id }
    return History(
        shown,
        first.total.toLong(),
        hasMore = page.next != null,
        scope = first.scope,
        scopes = first.scopes,
        unavailableKey = first.unavailableKey,
        canCreate = first.canCreate,
        readMarksKey = first.readMarksKey,
        filter = view.filter,
        sort = first.sort,
        byDay = first.byDay,
        preparing = first.preparing,
        columns = first.columns.filter { column -> !column.hideEmpty || shown.any { it.columns.any { (id) -> id == column.id } } },
    )
}

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
        isMore = first.more,
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
