package dev.pocketdesk.ui.history

import androidx.compose.animation.animateContentSize
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.LazyListState
import androidx.compose.foundation.lazy.itemsIndexed
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.FoundIn
import dev.pocketdesk.bindings.RowPlace
import dev.pocketdesk.bindings.SyncStatus
import dev.pocketdesk.bindings.TicketHit
import dev.pocketdesk.kit.FoundTickets
import dev.pocketdesk.kit.History
import dev.pocketdesk.kit.Strings
import dev.pocketdesk.kit.history.Filter
import dev.pocketdesk.ui.LocalStrings
import dev.pocketdesk.ui.counted
import dev.pocketdesk.ui.parts.Margin
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.parts.Notice
import dev.pocketdesk.ui.parts.StatusBanner
import dev.pocketdesk.ui.parts.marked
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import java.text.NumberFormat

/** What a search has found, in a list. */
internal class ListedHits(
    val found: FoundTickets,
    val history: History,
    val status: SyncStatus,
    val places: List<RowPlace>,
    val anonymous: Boolean,
    val selected: Long?,
    val controls: PlacedControls?,
    /** The filters that are set while nothing is found. */
    val inTheWay: List<Filter> = emptyList(),
)

/** The tickets in which a text was found, below the filters that narrow them. */
@Composable
internal fun Hits(
    state: ListedHits,
    actions: HistoryActions,
    above: @Composable () -> Unit,
) {
    val found = state.found
    val list = rememberLazyListState()
    FromTheTop(list, found.text to state.history.run { scope to filter })
    WhenNear(list, found.hits.takeLast(PREFETCH_DISTANCE).map { it.row.id } + MORE, found.hits.size, actions.showMore)
    LazyColumn(
        Modifier.fillMaxSize().testTag("hits"),
        list,
        PaddingValues(start = Margin, top = state.status.belowStrip, end = Margin, bottom = 16.dp),
    ) {
        item(key = "banner", contentType = "banner") {
            // Never without a height; see the list of all tickets.
            Column(Modifier.heightIn(min = 1.dp).animateContentSize()) {
                StatusBanner(state.status, actions.signIn, actions.acknowledge)
                above()
            }
        }
        state.controls?.let { item(key = "filters", contentType = "filters") { FilterBar(it, state.history, actions, found) } }
        found.coverage?.let { coverage ->
            item(key = "covered", contentType = "covered") {
                val text = string("search.covered", "count" to grouped(coverage.tickets.toLong()), "total" to grouped(coverage.of.toLong()))
                Note(Icons.Clock, text, Modifier.padding(start = 8.dp, end = 8.dp, bottom = 8.dp))
            }
        }
        if (found.hits.isEmpty()) item(key = "nothing", contentType = "nothing") { NowhereFound(state, actions.clearFilters) }
        rows(state, actions)
        when {
            found.hasMore -> item(key = MORE, contentType = MORE) { MoreToCome() }
            found.hits.isNotEmpty() && found.coverage == null -> item(key = "end", contentType = "end") { Everything() }
        }
        // What the help desk finds stands below everything that is on this device.
        if (!found.hasMore) foundByServer(state, actions)
    }
}

private fun LazyListScope.rows(
    state: ListedHits,
    actions: HistoryActions,
) {
    val hits = state.found.hits
    itemsIndexed(hits, { _, hit -> hit.row.id }, { _, _ -> "hit" }) { index, hit ->
        val ticket = hit.row
        TicketCard(
            ticket,
            first = index == 0,
            last = index == hits.lastIndex && !state.found.hasMore,
            selected = state.selected?.let { it == ticket.id },
            onClick = { actions.openHit(hit) },
            onMark = { actions.mark(ticket) }.takeIf { !state.anonymous && state.selected != ticket.id },
        ) { state.places.getOrNull(index)?.let { TicketItem(ticket, it, ticket.hasStatus && !state.anonymous, hit) } }
    }
}

/** Where in a ticket something was found, and an excerpt of that text. */
@Composable
internal fun FoundPlace(hit: TicketHit) {
    val colors = MaterialTheme.colorScheme
    placeKey(hit.foundIn, LocalStrings.current)?.let {
        Text(
            string(it),
            Modifier.padding(top = 4.dp),
            color = colors.onSurfaceVariant,
            fontWeight = FontWeight.Medium,
            style = MaterialTheme.typography.bodySmall,
        )
    }
    // What was found stands near its beginning. With large text, three lines may not reach that far.
    val isLarge = LocalDensity.current.fontScale > LARGEST_SIDE_BY_SIDE
    Text(
        marked(hit.excerpt),
        Modifier.fillMaxWidth().padding(top = 2.dp),
        color = colors.onSurface,
        maxLines = if (isLarge) Int.MAX_VALUE else LINES,
        overflow = TextOverflow.Ellipsis,
        style = MaterialTheme.typography.bodyMedium.copy(textDirection = TextDirection.Content),
    )
}

private const val LINES = 3

/** The key of the name of a place. A field has the name that it has among the details, or as a column. */
private fun placeKey(
    place: FoundIn,
    strings: Strings,
): String? =
    when (place) {
        is FoundIn.Description -> "search.found.description"
        is FoundIn.Comment -> "search.found.comment"
        is FoundIn.Field -> listOf("field.${place.field}", "column.${place.field}").firstOrNull { it in strings }
        FoundIn.Number, FoundIn.Subject -> null
    }

/** How many tickets were found. Beyond a thousand they are not counted. */
@Composable
@ReadOnlyComposable
internal fun countOf(found: FoundTickets): String =
    if (found.countIsCapped) {
        string(
            "search.results.more",
            "count" to grouped(found.count.toLong()),
        )
    } else {
        counted("history.results", found.count)
    }

/** A number as the language writes it: "1,000". */
@Composable
@ReadOnlyComposable
private fun grouped(number: Long): String = NumberFormat.getIntegerInstance(LocalStrings.current.locale).format(number)

/** No ticket has the text, or none that the filters leave. */
@Composable
private fun NowhereFound(
    state: ListedHits,
    clear: () -> Unit,
) {
    val text = string("search.empty.text", "text" to state.found.text.trim())
    val isFiltered = state.inTheWay.isNotEmpty()
    Notice(
        Icons.Search,
        string("search.empty.title"),
        if (isFiltered) "$text\n${filterText(state.inTheWay)}" else text,
        action = (string("history.filter.clear") to clear).takeIf { isFiltered },
    )
}

/** The end of what was found. */
@Composable
private fun Everything() {
    Text(
        string("search.everything"),
        Modifier.fillMaxWidth().padding(start = 8.dp, top = 16.dp, end = 8.dp),
        color = MaterialTheme.colorScheme.onSurfaceVariant,
        textAlign = TextAlign.Center,
        style = MaterialTheme.typography.bodySmall,
    )
}

/** A list of what another text finds begins at its top. After a turn of the screen it stays where it was. */
@Composable
private fun FromTheTop(
    list: LazyListState,
    searched: Any,
) {
    var before by rememberSaveable { mutableStateOf(searched.hashCode()) }
    LaunchedEffect(searched) {
        if (searched.hashCode() != before) list.requestScrollToItem(0)
        before = searched.hashCode()
    }
}
