package dev.pocketdesk.ui.history

import androidx.compose.animation.animateContentSize
import androidx.compose.foundation.ExperimentalFoundationApi
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.LazyListState
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.material3.CircularProgressIndicator
import androidx.compose.material3.ExperimentalMaterial3Api
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.pulltorefresh.PullToRefreshBox
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.runtime.SideEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.runtime.snapshotFlow
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.HistorySection
import dev.pocketdesk.bindings.RowPlace
import dev.pocketdesk.bindings.SyncStatus
import dev.pocketdesk.kit.History
import dev.pocketdesk.kit.history.Filter
import dev.pocketdesk.kit.history.FilterValue
import dev.pocketdesk.kit.history.HistoryControls
import dev.pocketdesk.ui.LocalStrings
import dev.pocketdesk.ui.parts.Margin
import dev.pocketdesk.ui.parts.Notice
import dev.pocketdesk.ui.parts.StatusBanner
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.filter

/** The filters and orders, and whether the orders stand in the bar. Where the bar has no room, all of them are above the list. */
internal class PlacedControls(
    val controls: HistoryControls,
    val sortsInBar: Boolean,
)

/** Tickets in a list. */
internal class Listed(
    val history: History,
    val status: SyncStatus?,
    val places: List<RowPlace>,
    val anonymous: Boolean,
    val selected: Long? = null,
    val table: Table? = null,
    val controls: PlacedControls? = null,
    /** Why there are no tickets; empty if there are. */
    val inTheWay: List<Filter> = emptyList(),
)

@OptIn(ExperimentalMaterial3Api::class, ExperimentalFoundationApi::class)
@Composable
internal fun Tickets(
    state: Listed,
    actions: HistoryActions,
    above: @Composable () -> Unit,
) {
    val (history, status) = state.history to state.status
    // The pull indicator is shown only after a pull; the button in the bar shows every sync.
    var pulled by remember { mutableStateOf(false) }
    LaunchedEffect(status?.syncing) { if (status?.syncing != true) pulled = false }
    PullToRefreshBox(
        isRefreshing = pulled && status?.syncing == true,
        onRefresh = {
            pulled = true
            actions.refresh()
        },
    ) {
        val list = rememberLazyListState()
        StayOnTop(list, history)
        KeepFirst(list, state)
        if (history.hasPrevious) WhenNear(list, history.tickets.take(PREFETCH_DISTANCE).map { it.id }, history.up, actions.showPrevious)
        val last = history.tickets.takeLast(PREFETCH_DISTANCE).map { it.id } + MORE
        if (history.hasMore) WhenNear(list, last, history.down, actions.showMore)
        LazyColumn(
            Modifier.fillMaxSize().testTag("tickets"),
            list,
            PaddingValues(start = Margin, top = status.belowStrip, end = Margin, bottom = 16.dp),
        ) {
            // Above rows that are not at the top are other rows. The list holds on to what it has first, so that is to be a row.
            if (!history.hasPrevious) {
                item(key = "banner", contentType = "banner") {
                    // Never without a height: a list does not count such an item as seen, and a banner that grows there stays above the screen.
                    Column(Modifier.heightIn(min = 1.dp).animateContentSize()) {
                        if (status != null) StatusBanner(status, actions.signIn, actions.acknowledge)
                        above()
                    }
                }
                state.controls?.let { item(key = "filters", contentType = "filters") { FilterBar(it, history, actions) } }
                if (state.inTheWay.isNotEmpty()) {
                    item(key = "nothing", contentType = "nothing") { NothingFound(state.inTheWay, actions.clearFilters) }
                }
            }
            state.table?.takeIf { history.tickets.isNotEmpty() }?.let { table ->
                stickyHeader(key = "columns", contentType = "columns") { TableHead(table, state.controls?.controls, actions.sortBy) }
            }
            rows(state, actions)
            history.readMarksKey?.takeIf { !history.hasMore && history.tickets.isNotEmpty() }?.let { key ->
                item(key = "marks", contentType = "marks") { MarksNote(string(key)) }
            }
            if (history.hasMore) item(key = MORE, contentType = MORE) { MoreToCome() }
        }
    }
}

/** More rows are being read. */
@Composable
internal fun MoreToCome() =
    Box(Modifier.fillMaxWidth().padding(20.dp), Alignment.Center) { CircularProgressIndicator(Modifier.size(24.dp), strokeWidth = 2.5.dp) }

/** The tickets in their sections. Each section that has tickets begins with its name, which may be above the rows that are held. */
private fun LazyListScope.rows(
    state: Listed,
    actions: HistoryActions,
) {
    val tickets = state.history.tickets
    val places = state.places
    // What is not under a day needs a name only to be told from what waits to be sent.
    val isOne = places.all { it.section == HistorySection.OTHERS }
    HistorySection.entries.forEach { section ->
        val shown = tickets.indices.filter { places.getOrNull(it)?.section == section }
        if (shown.isEmpty()) return@forEach
        val begins = shown.first() > 0 || !state.history.hasPrevious
        if (begins) {
            item(key = section, contentType = "section") {
                if (isOne) Box(Modifier.height(8.dp)) else SectionName(places[shown.first()].sectionKey)
            }
        }
        items(shown, { tickets[it].id }, { "ticket" }) { index ->
            val ticket = tickets[index]
            TicketCard(
                ticket,
                first = index == shown.first() && begins,
                last = index == shown.last() && (index < tickets.lastIndex || !state.history.hasMore),
                selected = state.selected?.let { it == ticket.id },
                onClick = { actions.open(ticket.id) },
                // The thread beside the history is being read.
                onMark = { actions.mark(ticket) }.takeIf { !state.anonymous && state.selected != ticket.id },
            ) {
                val hasStatus = ticket.hasStatus && !state.anonymous
                if (state.table ==
                    null
                ) {
                    TicketItem(ticket, places[index], hasStatus)
                } else {
                    TicketCells(state.table, ticket, places[index], hasStatus)
                }
            }
        }
    }
}

/** What is read and unread holds on this device only. */
@Composable
private fun MarksNote(text: String) {
    Text(
        text,
        Modifier.fillMaxWidth().padding(start = 8.dp, top = 16.dp, end = 8.dp),
        color = MaterialTheme.colorScheme.onSurfaceVariant,
        textAlign = TextAlign.Center,
        style = MaterialTheme.typography.bodySmall,
    )
}

@Composable
internal fun SectionName(key: String) {
    Text(
        string(key),
        Modifier.padding(start = 8.dp, top = 16.dp, bottom = 8.dp).semantics { heading() },
        color = MaterialTheme.colorScheme.onSurfaceVariant,
        style = MaterialTheme.typography.titleSmall,
    )
}

/** No ticket has what the user filters by. */
@Composable
private fun NothingFound(
    inTheWay: List<Filter>,
    clear: () -> Unit,
) = Notice(
    Icons.Filter,
    string("history.filter.empty.title"),
    filterText(inTheWay),
    action = string("history.filter.clear") to clear,
)

/** Says by what the user filters. */
@Composable
@ReadOnlyComposable
internal fun filterText(inTheWay: List<Filter>): String {
    val strings = LocalStrings.current
    val names =
        inTheWay.joinToString(" · ") { filter ->
            val values = filter.chosen.joinToString { strings[it.labelKey] }
            // "Unread" says by itself what it is about.
            if (filter.chosen.all { it.value is FilterValue.Read }) {
                values
            } else {
                strings["history.filter.chosen", "filter" to strings[filter.labelKey], "values" to values]
            }
        }
    return strings["history.filter.empty.text", "filters" to names]
}

/**
 * Scrolls to a new first ticket if the user is at the top of the list. A user further down is not moved, unless the list became another one: with
 * another scope, filter or order it begins at its top.
 */
@Composable
private fun StayOnTop(
    list: LazyListState,
    history: History,
) {
    // Of rows that are not at the top none is the newest. One that comes above them moves nothing.
    val topmost = if (history.hasPrevious) null else history.tickets.firstOrNull()?.id
    val view = Triple(history.scope, history.filter, history.sort)
    var before by remember { mutableStateOf(topmost to view) }
    LaunchedEffect(topmost, view) {
        val (ticketBefore, viewBefore) = before
        // Above the ticket that was first are the banner, the filters, the names of columns, one or two of sections, and the new ticket.
        val atTop = ticketBefore != null && topmost != null && list.firstVisibleItemIndex <= MOST_ABOVE
        if (view != viewBefore || (topmost != ticketBefore && atTop)) list.requestScrollToItem(0)
        before = topmost to view
    }
}

/**
 * Keeps the first row where it is when others come above it. A list does that by itself where a row is the first thing that it has. The names of
 * columns are above all of them.
 */
@Composable
private fun KeepFirst(
    list: LazyListState,
    state: Listed,
) {
    val history = state.history
    val held = remember { arrayOf<Long?>(null) }
    SideEffect {
        val first = held[0]
        held[0] = if (history.hasPrevious) history.tickets.firstOrNull()?.id else null
        val now = if (first == null || state.table == null) 0 else history.tickets.indexOfFirst { it.id == first }
        // What the list has laid out is still what was there before.
        val seen = list.layoutInfo.visibleItemsInfo.find { it.key == first }
        if (now > 0 && seen != null && list.firstVisibleItemIndex < 1) {
            val names = (0..now).distinctBy { state.places.getOrNull(it)?.section }.size
            val above = if (history.hasPrevious) names - 1 else names + 1 + listOfNotNull(state.controls).size
            list.requestScrollToItem(1 + above + now, -seen.offset)
        }
    }
}

/** Asks for more when one of these [items] is on screen, once for each [key]. What follows them is near then. */
@Composable
internal fun WhenNear(
    list: LazyListState,
    items: List<Any>,
    key: Any?,
    ask: () -> Unit,
) {
    // By the rows and not by their number: after a change the list has the numbers of before until it is laid out again.
    LaunchedEffect(list, items, key) {
        snapshotFlow { list.layoutInfo.visibleItemsInfo.any { it.key in items } }
            .distinctUntilChanged()
            .filter { it }
            .collect { ask() }
    }
}

/** How many items may be above the ticket that was first, when another one takes its place. */
private const val MOST_ABOVE = 6

/** The key of the item below rows of which there are more. */
internal const val MORE = "more"

/** More rows are loaded when the user is this many rows from an end. */
internal const val PREFETCH_DISTANCE = 12
