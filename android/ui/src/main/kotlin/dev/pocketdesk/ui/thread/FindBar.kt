package dev.pocketdesk.ui.thread

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.pocketdesk.kit.thread.FindState
import dev.pocketdesk.ui.parts.BarButton
import dev.pocketdesk.ui.parts.Margin
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** What finding a text in a thread does. */
internal class FindActions(
    val find: (String) -> Unit,
    val next: () -> Unit,
    val previous: () -> Unit,
    val close: () -> Unit,
)

/** At which of the messages with the text the user is, and the way to the others. It stands in the place of the reply. */
@Composable
internal fun FindBar(
    find: FindState,
    actions: FindActions,
) {
    val index = find.index
    val text =
        when {
            index != null -> string("find.hits", "index" to index + 1, "count" to find.hits.size)
            find.isNowhere -> string("find.none")
            else -> ""
        }
    Column(Modifier.fillMaxWidth()) {
        HorizontalDivider(color = MaterialTheme.colorScheme.outlineVariant)
        Row(
            Modifier.fillMaxWidth().padding(start = Margin + 4.dp, end = 8.dp, top = 4.dp, bottom = 4.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            Text(
                text,
                Modifier.weight(1f).semantics { liveRegion = LiveRegionMode.Polite },
                style = MaterialTheme.typography.bodyMedium,
            )
            BarButton(Icons.ArrowUp, string("find.previous"), actions.previous, index != null)
            BarButton(Icons.ArrowDown, string("find.next"), actions.next, index != null)
        }
    }
}
