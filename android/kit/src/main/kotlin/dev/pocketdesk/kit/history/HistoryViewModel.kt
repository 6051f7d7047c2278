package dev.pocketdesk.kit.history

import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.HistoryCounts
import dev.pocketdesk.bindings.HistoryFilter
import dev.pocketdesk.bindings.HistoryOptions
import dev.pocketdesk.bindings.LocalDays
import dev.pocketdesk.bindings.RowTime
import dev.pocketdesk.bindings.ServerSearch
import dev.pocketdesk.bindings.SortKey
import dev.pocketdesk.bindings.SyncStatus
import dev.pocketdesk.bindings.TicketRow
import dev.pocketdesk.bindings.placeRows
import dev.pocketdesk.kit.FoundTickets
import dev.pocketdesk.kit.History
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.foundElsewhere
import dev.pocketdesk.kit.historyCounts
import dev.pocketdesk.kit.mark
import dev.pocketdesk.kit.markAllRead
import dev.pocketdesk.kit.search
import dev.pocketdesk.kit.searchServer
import dev.pocketdesk.kit.viewmodel.WHILE_SUBSCRIBED
import dev.pocketdesk.kit.viewmodel.ignoringFailure
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onStart
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/**
 * The ticket history: some hundred rows around those that are on screen, kept up to date. It ends with [scope].
 *
 * @param start what to show at first: after the end of the process, the [part] that was on screen.
 * @param startHits of how many hits of a search to begin with: after the end of the process, of as many as the user had scrolled to.
 */
@OptIn(ExperimentalCoroutinesApi::class)
public class HistoryViewModel(
    private val client: Pocketdesk,
    private val scope: CoroutineScope,
    start: HistoryPart = HistoryPart(),
    startHits: Int = Pocketdesk.PAGE,
) {
    private val options = client.historyOptions
    private val held = MutableStateFlow(start.offeredBy(options))
    private val chosen = held.map { it.view }.distinctUntilChanged()
    private val attempt = MutableStateFlow(0)
    private val hits = MutableStateFlow(startHits)
    private val question = MutableStateFlow<ServerQuestion?>(null)

    /** Which tickets are shown, and in which order, as the user has chosen it, and which of their rows are held. */
    public val part: StateFlow<HistoryPart> = held.asStateFlow()

    /**
     * The filters and orders, what is chosen of them, and how many tickets each value has. Like [state], it reads the store while it is collected,
     * and some seconds longer.
     */
    public val controls: StateFlow<HistoryControls> =
        attempt
            .flatMapLatest {
                combine(
                    chosen,
                    counts(),
                    serverSearch(),
                ) { view, counts, server -> HistoryControls(options, view, counts, server) }
            }.stateIn(scope, WHILE_SUBSCRIBED, HistoryControls(options, held.value.view))

    /** What to show. The store is read while it is collected, and some seconds longer. */
    public val state: StateFlow<HistoryState> =
        attempt
            .flatMapLatest {
                combine(
                    history(),
                    client.status,
                    everyMinute(),
                    found(),
                ) { history, status, days, found -> stateOf(options, history, status, days, found) }
                    .flowOn(Dispatchers.Default)
                    .catch { if (it is ClientException) emit(HistoryState.Failed(it.key())) else throw it }
            }.stateIn(scope, WHILE_SUBSCRIBED, HistoryState.Loading())

    /** Loads more rows. Call it when the list was scrolled near its end. If it holds as many as it may, those at its beginning are dropped. */
    public fun showMore() {
        when (val shown = state.value) {
            is HistoryState.Shown -> move(shown.history) { it.down }
            is HistoryState.Unavailable -> move(shown.history) { it.down }
            is HistoryState.Found ->
                if (shown.found.hasMore) hits.update { maxOf(it, shown.found.hits.size + Pocketdesk.PAGE) }
            else -> Unit
        }
    }

    /** Loads the rows above again that were dropped. Call it when the list was scrolled near its beginning. */
    public fun showPrevious() {
        when (val shown = state.value) {
            is HistoryState.Shown -> move(shown.history) { it.up }
            is HistoryState.Unavailable -> move(shown.history) { it.up }
            else -> Unit
        }
    }

    /** Shows the part beside the one on screen, unless another one was asked for meanwhile. */
    private fun move(
        shown: History,
        beside: (History) -> HistoryPart?,
    ) {
        val next = beside(shown) ?: return
        held.update { if (it.whole == shown.part) it.copy(window = next.window) else it }
    }

    /** A part that has come to the top becomes one at the top, so that what is new belongs to it. */
    private fun history(): Flow<History> =
        client
            .answers(held.map { it.whole }.distinctUntilChanged())
            .map { (asked, history) ->
                held.update { if (it.whole == asked) it.copy(window = history.part.window) else it }
                history
            }.distinctUntilChanged()

    /**
     * The user opened the search, or typed into it: shows the tickets in which everything of [text] is found. Scope and filters narrow them as they
     * narrow the history. While the text has neither a letter nor a digit, the history is shown.
     */
    public fun search(text: String) {
        // Before the text changes: no more of it is read than the first page.
        hits.value = Pocketdesk.PAGE
        held.update { it.copy(view = it.view.copy(search = text).offeredBy(options)) }
    }

    /**
     * Asks the help desk's own search for the text on screen. The answer is part of [controls], for as long as that text is searched for. Does
     * nothing if that is not offered.
     */
    public fun searchServer() {
        val view = held.value.view.takeIf { it.isSearched && options.serverSearch } ?: return
        val asked = ServerQuestion(view.search.orEmpty())
        question.value = asked
        scope.launch {
            val answer =
                try {
                    client.searchServer(asked.text)
                } catch (_: ClientException) {
                    ServerSearch.NotAnswered
                }
            question.update { if (it === asked) ServerQuestion(asked.text, answer) else it }
        }
    }

    /** Closes the search. The history is shown as it was. */
    public fun clearSearch(): Unit = held.update { it.whole }

    /** Shows another scope, one of [History.scopes]. */
    public fun choose(scope: String): Unit = show { it.copy(scope = scope) }

    /**
     * Chooses a value of [HistoryControls.filters], or no longer chooses it if it was. At most one read state is chosen at a time, and always one of
     * the creators.
     */
    public fun toggle(value: FilterValue): Unit = show { it.toggled(value).offeredBy(options) }

    /** Shows the whole scope again. */
    public fun clearFilters(): Unit = show { it.copy(filter = HistoryFilter()) }

    /** Sorts by this key, one of [HistoryControls.sorts]. The key by which it is sorted already reverses the order. */
    public fun sortBy(key: SortKey): Unit = show { it.sortedBy(key, options) }

    private fun show(change: (HistoryView) -> HistoryView) {
        held.update { HistoryPart(change(it.view)) }
        hits.value = Pocketdesk.PAGE
    }

    /** What was found; null while nothing is searched for. */
    private fun found(): Flow<FoundTickets?> =
        chosen.map { it.isSearched }.distinctUntilChanged().flatMapLatest { isSearched ->
            if (isSearched) client.search(chosen.filter { it.isSearched }, hits) else flowOf(null)
        }

    /** That the store cannot be read is told by [state]. */
    private fun serverSearch(): Flow<ServerSearchState> =
        if (options.serverSearch) {
            combine(chosen, question, client.status.map { it.obstacle == null }.distinctUntilChanged(), ::Triple)
                .flatMapLatest { (view, question, isReachable) -> serverSearch(view, question, isReachable) }
                .catch { if (it is ClientException) emit(ServerSearchState.NotOffered) else throw it }
        } else {
            flowOf(ServerSearchState.NotOffered)
        }

    private fun serverSearch(
        view: HistoryView,
        question: ServerQuestion?,
        isReachable: Boolean,
    ): Flow<ServerSearchState> {
        val asked = question?.takeIf { view.isSearched && it.text == view.search }
        return when (val answer = asked?.answer) {
            is ServerSearch.Found ->
                combine(client.foundElsewhere(view, answer.tickets), everyMinute()) { tickets, days ->
                    val times = tickets.map { RowTime(it.lastActivityAt, it.unsent) }
                    ServerSearchState.Found(tickets, placeRows(days, times, byDay = false))
                }
            ServerSearch.NotAnswered -> flowOf(ServerSearchState.Failed(canAskAgain = isReachable))
            null ->
                flowOf(
                    when {
                        asked != null -> ServerSearchState.Searching
                        view.isSearched && isReachable -> ServerSearchState.Offered
                        else -> ServerSearchState.NotOffered
                    },
                )
        }
    }

    /** What the help desk was asked to search for. */
    private class ServerQuestion(
        val text: String,
        /** Null until it has answered. */
        val answer: ServerSearch? = null,
    )

    /** Null until they were counted, and for a product without filters. That the store cannot be read is told by [state]. */
    private fun counts(): Flow<HistoryCounts?> =
        if (HistoryControls(options).filters.isEmpty()) {
            flowOf(null)
        } else {
            client
                .historyCounts(held.map { it.whole.view }.distinctUntilChanged())
                .map<HistoryCounts, HistoryCounts?> { it }
                .onStart { emit(controls.value.counts) }
                .catch { if (it !is ClientException) throw it }
        }

    /** Marks a ticket as unread, or as read if it is unread. What it offers has the key `TicketRow.markKey`. */
    public fun mark(row: TicketRow) {
        scope.launch { ignoringFailure { client.mark(row) } }
    }

    /** Marks every ticket of the scope on screen as read. */
    public fun markAllRead() {
        val shown = (state.value as? HistoryState.Shown)?.history?.scope ?: held.value.view.scope
        scope.launch { ignoringFailure { client.markAllRead(shown) } }
    }

    /** Requests a sync. After a failed read, reads again. */
    public fun refresh() {
        if (state.value is HistoryState.Failed) attempt.update { it + 1 }
        scope.launch { ignoringFailure { client.syncNow() } }
    }

    /** The user has read that a damaged file was replaced. */
    public fun acknowledgeRecovery() {
        scope.launch { ignoringFailure { client.acknowledgeRecovery() } }
    }

    internal companion object {
        /** The same without what a product does not offer. Then its rows are others. */
        private fun HistoryPart.offeredBy(options: HistoryOptions): HistoryPart {
            val offered = view.offeredBy(options)
            return if (offered.copy(search = null) == whole.view) copy(view = offered) else HistoryPart(offered)
        }

        private fun History.placesOn(days: LocalDays) = placeRows(days, tickets.map { RowTime(it.lastActivityAt, it.unsent) }, byDay)

        private fun FoundTickets.placesOn(days: LocalDays) =
            placeRows(days, hits.map { RowTime(it.row.lastActivityAt, it.row.unsent) }, byDay = false)

        fun stateOf(
            options: HistoryOptions,
            history: History,
            status: SyncStatus,
            days: LocalDays,
            found: FoundTickets? = null,
        ): HistoryState {
            val problem = status.problemKey
            val unavailable = history.unavailableKey
            // History and hits are read one after the other. What the screen shows names the filter that it was read with.
            val filter = found?.filter ?: history.filter
            val filters = HistoryControls(options, HistoryView(filter = filter)).filters.filter { it.chosen.isNotEmpty() }
            return when {
                unavailable != null -> HistoryState.Unavailable(unavailable, history, status, history.placesOn(days))
                found?.hits?.isNotEmpty() == true -> HistoryState.Found(found, history, status, found.placesOn(days))
                found != null && (status.firstSyncDone || status.knownTickets > 0u) ->
                    HistoryState.NothingFound(history, status, filters, found)
                history.tickets.isNotEmpty() -> HistoryState.Shown(history, status, history.placesOn(days))
                filters.isNotEmpty() && (status.firstSyncDone || status.knownTickets > 0u) ->
                    HistoryState.NothingFound(history, status, filters)
                status.firstSyncDone -> HistoryState.Empty(status, history)
                problem != null -> HistoryState.Failed(problem, status)
                !status.online -> HistoryState.Failed("history.failed.text", status)
                else -> HistoryState.Loading(status.firstSync)
            }
        }
    }
}
