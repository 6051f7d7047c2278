package dev.pocketdesk.ui.history

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Button
import androidx.compose.material3.CircularProgressIndicator
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.SortKey
import dev.pocketdesk.bindings.SyncStatus
import dev.pocketdesk.bindings.TicketHit
import dev.pocketdesk.bindings.TicketRow
import dev.pocketdesk.kit.History
import dev.pocketdesk.kit.account.connection
import dev.pocketdesk.kit.history.FilterValue
import dev.pocketdesk.kit.history.HistoryControls
import dev.pocketdesk.kit.history.HistoryState
import dev.pocketdesk.ui.parts.BarButton
import dev.pocketdesk.ui.parts.Loading
import dev.pocketdesk.ui.parts.Margin
import dev.pocketdesk.ui.parts.MenuEntry
import dev.pocketdesk.ui.parts.MoreButton
import dev.pocketdesk.ui.parts.Notice
import dev.pocketdesk.ui.parts.Page
import dev.pocketdesk.ui.parts.SearchActions
import dev.pocketdesk.ui.parts.SearchBar
import dev.pocketdesk.ui.parts.StatusBanner
import dev.pocketdesk.ui.parts.WidestContent
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** The actions of the history screen. */
internal class HistoryActions(
    val back: () -> Unit,
    val open: (Long) -> Unit,
    /** Null if no ticket can be created here. */
    val create: (() -> Unit)?,
    val refresh: () -> Unit,
    val showMore: () -> Unit,
    val signIn: (() -> Unit)?,
    val acknowledge: () -> Unit,
    val choose: (String) -> Unit = {},
    val showPrevious: () -> Unit = {},
    val mark: (TicketRow) -> Unit = {},
    val markAllRead: () -> Unit = {},
    val toggle: (FilterValue) -> Unit = {},
    val clearFilters: () -> Unit = {},
    val sortBy: (SortKey) -> Unit = {},
    /** Opens the search, or searches for another text. */
    val search: (String) -> Unit = {},
    val closeSearch: () -> Unit = {},
    /** Asks the help desk's own search for the same text. */
    val searchServer: () -> Unit = {},
    /** Opens a ticket where something was found in it. */
    val openHit: (TicketHit) -> Unit = {},
)

/**
 * Every ticket the user may see, newest activity first unless the user wants another order, and what the user has filtered out left out.
 *
 * @param anonymous whether they were written without an account, so that nobody knows their status.
 * @param selected the ticket that stands beside the history; null if there is none.
 * @param controls the filters and orders; null if there are none.
 */
@Composable
internal fun HistoryScreen(
    state: HistoryState,
    actions: HistoryActions,
    anonymous: Boolean = false,
    selected: Long? = null,
    controls: HistoryControls? = null,
) {
    BoxWithConstraints {
        val columns = state.listed?.columns.orEmpty()
        // A small phone has no room for a third button beside the title, and fewer have room for a fourth.
        val placed = controls?.let { PlacedControls(it, sortsInBar = maxWidth >= if (it.canSearch) NarrowestLongBar else NarrowestBar) }
        Whole(state, actions, anonymous, selected, placed, Table.of(columns, minOf(maxWidth, WidestTable), LocalDensity.current.fontScale))
    }
}

/** @param table the columns; null if the width is that of a list. */
@Composable
private fun Whole(
    state: HistoryState,
    actions: HistoryActions,
    anonymous: Boolean,
    selected: Long?,
    controls: PlacedControls?,
    table: Table?,
) {
    val status = state.status
    val typed =
        controls
            ?.controls
            ?.takeIf { it.canSearch }
            ?.view
            ?.search
    Page(
        title = string("history.title"),
        onBack = actions.back,
        widest = if (table == null || typed != null) WidestContent else WidestTable,
        search =
            typed?.let { text ->
                { SearchBar(string("search.field"), text, SearchActions(actions.search, actions.closeSearch)) }
            },
        actions = {
            if (state.listed != null && controls?.controls?.canSearch == true) {
                BarButton(Icons.Search, string("search.open"), { actions.search("") })
            }
            if (state.listed != null && controls?.sortsInBar == true) SortButton(controls.controls, actions.sortBy)
            RefreshButton(status?.syncing == true, actions.refresh)
            // All means the whole scope. Beside a part of it, nobody could know that.
            if (state is HistoryState.Shown && !anonymous && controls?.controls?.view?.isFiltered != true) {
                MoreButton(listOf(MenuEntry("history.mark_all_read", actions.markAllRead)), state.history.readMarksKey?.let { string(it) })
            }
        },
        bottom = {
            // What was found needs the space above the keyboard.
            actions.create?.takeIf { state.canCreate && typed == null }?.let {
                CreateButton(
                    if (anonymous) "anonymous.title" else "history.create",
                    it,
                )
            }
        },
    ) { padding ->
        Box(Modifier.fillMaxSize().padding(padding)) {
            when (state) {
                is HistoryState.Loading -> Loading(string("history.loading"), progress = state.progress)
                is HistoryState.Failed ->
                    NothingShown(status, actions) {
                        // The banner tells the problem, if there is one. The notice then says what it means for the list.
                        val text = if (status?.problem == null) state.stringKey else "history.failed.text"
                        Notice(
                            Icons.CloudOff,
                            string("history.failed.title"),
                            string(text),
                            action =
                                string("button.retry") to actions.refresh,
                        )
                    }
                is HistoryState.Empty ->
                    NothingShown(status, actions, { ScopeSwitch(state.history, actions.choose) }) {
                        // Without an account, the list is empty once everything was removed from this device.
                        val text = if (anonymous) "anonymous.kept" else "history.empty.text"
                        Notice(Icons.Talk, string("history.empty.title"), string(text))
                    }
                is HistoryState.Unavailable ->
                    if (state.history.tickets.isEmpty()) {
                        NothingShown(status, actions) { UnavailableNotice(state) }
                    } else {
                        Tickets(
                            Listed(state.history, state.status, state.places, anonymous, selected),
                            actions,
                        ) { UnavailableNotice(state) }
                    }
                // One call for each pair: a menu stays open while the last ticket is filtered out.
                is HistoryState.Shown, is HistoryState.NothingFound, is HistoryState.Found -> {
                    val scopes: @Composable () -> Unit = { state.listed?.let { ScopeSwitch(it, actions.choose) } }
                    val hits = hitsOf(state, anonymous, selected, controls)
                    if (hits == null) {
                        Tickets(listed(state, anonymous, selected, controls, table.takeIf { typed == null }), actions, scopes)
                    } else {
                        Hits(hits, actions, scopes)
                    }
                }
            }
        }
    }
}

/** There is no history for this user. */
@Composable
private fun UnavailableNotice(state: HistoryState.Unavailable) =
    Notice(Icons.Lock, string("history.unavailable.title"), string(state.stringKey))

/** From which width on the orders have room in the bar. */
private val NarrowestBar = 360.dp

/** The same where it also has a button that opens the search. */
private val NarrowestLongBar = 420.dp

private fun listed(
    state: HistoryState,
    anonymous: Boolean,
    selected: Long?,
    controls: PlacedControls?,
    table: Table?,
): Listed {
    val shown = state as? HistoryState.Shown
    val none = state as? HistoryState.NothingFound
    val history = shown?.history ?: none?.history ?: History(emptyList(), 0)
    return Listed(history, state.status, shown?.places.orEmpty(), anonymous, selected, table, controls, none?.filters.orEmpty())
}

/** What a search has found; null if nothing is searched for. */
private fun hitsOf(
    state: HistoryState,
    anonymous: Boolean,
    selected: Long?,
    controls: PlacedControls?,
): ListedHits? =
    when (state) {
        is HistoryState.Found -> ListedHits(state.found, state.history, state.status, state.places, anonymous, selected, controls)
        is HistoryState.NothingFound ->
            state.found?.let { ListedHits(it, state.history, state.status, emptyList(), anonymous, selected, controls, state.filters) }
        else -> null
    }

/** A banner, what stands above every list, and a notice centred below. On a small screen all of it scrolls. */
@Composable
private fun NothingShown(
    status: SyncStatus?,
    actions: HistoryActions,
    above: @Composable () -> Unit = {},
    notice: @Composable () -> Unit,
) {
    BoxWithConstraints {
        Column(Modifier.verticalScroll(rememberScrollState()).heightIn(min = maxHeight), Arrangement.SpaceBetween) {
            Column(Modifier.padding(start = Margin, top = status.belowStrip, end = Margin)) {
                if (status != null) StatusBanner(status, actions.signIn, actions.acknowledge)
                above()
            }
            notice()
            Box(Modifier)
        }
    }
}

/** The space above a banner, so that it does not touch the connection strip. */
internal val SyncStatus?.belowStrip: Dp get() = if (this?.connection?.obstacle == null) 0.dp else 8.dp

@Composable
private fun RefreshButton(
    syncing: Boolean,
    onClick: () -> Unit,
) {
    val label = string("history.refresh")
    if (syncing) {
        Box(Modifier.size(48.dp).semantics { contentDescription = label }, Alignment.Center) {
            CircularProgressIndicator(Modifier.size(20.dp), strokeWidth = 2.dp)
        }
    } else {
        BarButton(Icons.Refresh, label, onClick)
    }
}

@Composable
private fun CreateButton(
    key: String,
    onClick: () -> Unit,
) {
    Box(Modifier.fillMaxWidth(), Alignment.Center) {
        Button(
            onClick,
            Modifier
                .widthIn(max = WidestContent)
                .fillMaxWidth()
                .padding(horizontal = Margin, vertical = 12.dp)
                .heightIn(min = 52.dp),
        ) {
            Icon(Icons.Add, null, Modifier.size(20.dp))
            Text(string(key), Modifier.padding(start = 10.dp), textAlign = TextAlign.Center)
        }
    }
}

private val HistoryState.status: SyncStatus?
    get() =
        when (this) {
            is HistoryState.Loading -> null
            is HistoryState.Failed -> status
            is HistoryState.Empty -> status
            is HistoryState.Unavailable -> status
            is HistoryState.NothingFound -> status
            is HistoryState.Found -> status
            is HistoryState.Shown -> status
        }

/** What the user looks through; null if there is nothing to filter, to sort and to search. */
private val HistoryState.listed: History?
    get() =
        when (this) {
            is HistoryState.Shown -> history
            is HistoryState.NothingFound -> history
            is HistoryState.Found -> history
            is HistoryState.Loading, is HistoryState.Failed, is HistoryState.Empty, is HistoryState.Unavailable -> null
        }

/** Whether this user can write a new ticket. Until the history was read, nothing says otherwise. */
private val HistoryState.canCreate: Boolean
    get() =
        when (this) {
            is HistoryState.Unavailable -> history.canCreate
            is HistoryState.Empty -> history.canCreate
            is HistoryState.NothingFound -> history.canCreate
            is HistoryState.Found -> history.canCreate
            is HistoryState.Shown -> history.canCreate
            is HistoryState.Loading, is HistoryState.Failed -> true
        }
