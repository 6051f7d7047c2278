package dev.pocketdesk.kit

import dev.pocketdesk.bindings.ArticleHit
import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.HistoryFilter
import dev.pocketdesk.bindings.MessageHit
import dev.pocketdesk.bindings.SearchCoverage
import dev.pocketdesk.bindings.ServerSearch
import dev.pocketdesk.bindings.TicketHit
import dev.pocketdesk.bindings.TicketRow
import dev.pocketdesk.kit.client.firstHits
import dev.pocketdesk.kit.client.wellFormed
import dev.pocketdesk.kit.history.HistoryView
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.map

// Searching what is on this device, while the user types: nothing is sent. Only `searchServer` asks the help desk.

/** The first tickets in which everything of a text was found. */
public data class FoundTickets(
    /** What was searched for. */
    val text: String,
    /**
     * The ticket with the number that was typed, then those that have everything in their subject, then the others. In each of these groups the
     * newest activity comes first.
     */
    val hits: List<TicketHit>,
    /** How many tickets were found, at most 1,000. */
    val count: Int,
    /** Whether there are more than [count]. */
    val countIsCapped: Boolean,
    /** Whether there are further hits: ask for more rows. */
    val hasMore: Boolean,
    /** How much of the history was searched while it is being prepared; null if everything on this device was. */
    val coverage: SearchCoverage? = null,
    /** By what the hits were narrowed. */
    val filter: HistoryFilter = HistoryFilter(),
)

/** The articles in which everything of a text was found. */
public data class FoundArticles(
    /** What was searched for. */
    val text: String,
    /** Those that have it in their title first. */
    val hits: List<ArticleHit>,
)

/** The messages of a thread in which anything of a text was found. */
public data class FoundMessages(
    /** What was looked for. */
    val text: String,
    /** In the order of the thread. */
    val hits: List<MessageHit>,
)

/**
 * The first [rows] tickets in which everything was found that a user has typed, and again after each change. Let [rows] grow while the user
 * scrolls.
 *
 * @param view the text ([HistoryView.search]), and the scope and the filter within which it is searched for. The order of the view does not matter.
 * @throws ClientException in the flow, if the store cannot be read.
 */
public fun Pocketdesk.search(
    view: Flow<HistoryView>,
    rows: Flow<Int> = flowOf(Pocketdesk.PAGE),
): Flow<FoundTickets> =
    combine(feed.changes.filter { it == null || it.history }, rows, view) { _, count, chosen -> count to chosen }
        .conflate()
        .map { (count, chosen) -> onDisk { client.firstHits(count, chosen) } }
        .distinctUntilChanged()

/**
 * Asks the help desk's own search, once, for what a user has typed, and stores the tickets that it finds. Offer it where
 * `historyOptions.serverSearch` is set. Waits for the network, at most 20 seconds.
 *
 * @return the tickets for [foundElsewhere]; or that the help desk was not asked or did not answer, also if the client is closed or suspended.
 * @throws ClientException.InternalFault a defect in Pocketdesk.
 */
public suspend fun Pocketdesk.searchServer(text: String): ServerSearch = onDisk { client.searchServer(text.wellFormed()) }

/**
 * Of [tickets], which [searchServer] has found for the text of [view], those that the history shows in its scope with its filter and that
 * [search] does not find, in their order; and again after each change.
 *
 * @throws ClientException in the flow, if the store cannot be read.
 */
public fun Pocketdesk.foundElsewhere(
    view: HistoryView,
    tickets: List<Long>,
): Flow<List<TicketRow>> =
    feed.live({ it.history }) { onDisk { client.foundElsewhere(view.search.orEmpty().wellFormed(), tickets, view.scope, view.filter) } }

/**
 * The articles in which everything was found that a user has typed, at most [limit] (1 to 200), and again after each change.
 *
 * @throws ClientException in the flow, if the store cannot be read.
 */
public fun Pocketdesk.searchArticles(
    text: Flow<String>,
    limit: Int = MOST_ARTICLES,
): Flow<FoundArticles> =
    combine(feed.changes.filter { it == null || it.articles }, text) { _, typed -> typed }
        .conflate()
        .map { typed -> onDisk { FoundArticles(typed, client.searchArticles(typed.wellFormed(), limit.coerceAtLeast(1).toUInt())) } }
        .distinctUntilChanged()

/**
 * The messages of a thread in which anything was found of what a user has typed, and again after each change of the thread.
 *
 * @throws ClientException in the flow, if the store cannot be read.
 */
public fun Pocketdesk.findInThread(
    ticket: Long,
    text: Flow<String>,
): Flow<FoundMessages> =
    combine(feed.changes.filter { it == null || it.everyThread || ticket in it.threads }, text) { _, typed -> typed }
        .conflate()
        .map { typed -> onDisk { FoundMessages(typed, client.findInThread(ticket, typed.wellFormed())) } }
        .distinctUntilChanged()

private const val MOST_ARTICLES = 200

/** Whether a search looks for anything in this text. It does for letters and digits of any script, and for nothing else. */
internal val String.isSearchable: Boolean get() = indices.any { Character.isLetterOrDigit(codePointAt(it)) }
