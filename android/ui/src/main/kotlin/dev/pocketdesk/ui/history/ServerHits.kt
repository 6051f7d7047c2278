package dev.pocketdesk.ui.history

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.itemsIndexed
import androidx.compose.material3.CircularProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import dev.pocketdesk.kit.history.ServerSearchState
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.parts.PlainButton
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** What the help desk's own search has found, or a button that asks it. */
internal fun LazyListScope.foundByServer(
    state: ListedHits,
    actions: HistoryActions,
) {
    when (val search = state.controls?.controls?.serverSearch) {
        null, ServerSearchState.NotOffered -> Unit
        is ServerSearchState.Found -> tickets(search, state, actions)
        ServerSearchState.Offered, ServerSearchState.Searching, is ServerSearchState.Failed ->
            item(key = "server", contentType = "server") { ServerSearch(search, actions.searchServer) }
    }
}

private fun LazyListScope.tickets(
    search: ServerSearchState.Found,
    state: ListedHits,
    actions: HistoryActions,
) {
    item(key = "server", contentType = "server") {
        if (search.tickets.isEmpty()) Told { Centred(string("search.server.empty")) } else SectionName("search.server.title")
    }
    // A ticket may be found on this device, too, for a moment after its messages have come.
    itemsIndexed(search.tickets, { _, ticket -> "server ${ticket.id}" }, { _, _ -> "ticket" }) { index, ticket ->
        TicketCard(
            ticket,
            first = index == 0,
            last = index == search.tickets.lastIndex,
            selected = state.selected?.let { it == ticket.id },
            onClick = { actions.open(ticket.id) },
            onMark = { actions.mark(ticket) }.takeIf { !state.anonymous && state.selected != ticket.id },
        ) { search.places.getOrNull(index)?.let { TicketItem(ticket, it, ticket.hasStatus && !state.anonymous) } }
    }
}

/** The button, or what became of asking. */
@Composable
private fun ServerSearch(
    search: ServerSearchState,
    ask: () -> Unit,
) = Told {
    when (search) {
        ServerSearchState.Searching ->
            Row(Modifier.padding(vertical = 12.dp), Arrangement.spacedBy(10.dp), Alignment.CenterVertically) {
                CircularProgressIndicator(Modifier.size(18.dp), strokeWidth = 2.dp)
                Text(string("search.server.searching"), style = MaterialTheme.typography.bodyMedium)
            }
        is ServerSearchState.Failed -> {
            Note(Icons.CloudOff, string("search.server.failed"), Modifier.padding(vertical = 8.dp))
            if (search.canAskAgain) PlainButton(ask) { Text(string("button.retry"), textAlign = TextAlign.Center) }
        }
        else -> PlainButton(ask) { Text(string("search.server.offer"), textAlign = TextAlign.Center) }
    }
}

/** A screen reader reads it out when it changes. */
@Composable
private fun Told(content: @Composable () -> Unit) {
    Column(
        Modifier.fillMaxWidth().padding(top = 8.dp).semantics { liveRegion = LiveRegionMode.Polite },
        horizontalAlignment = Alignment.CenterHorizontally,
    ) { content() }
}

@Composable
private fun Centred(text: String) {
    Box(Modifier.padding(vertical = 12.dp)) {
        Text(
            text,
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            textAlign = TextAlign.Center,
            style = MaterialTheme.typography.bodyMedium,
        )
    }
}
