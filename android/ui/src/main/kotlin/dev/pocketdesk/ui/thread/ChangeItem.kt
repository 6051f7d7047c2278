package dev.pocketdesk.ui.thread

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.PendingChange
import dev.pocketdesk.ui.parts.Card
import dev.pocketdesk.ui.string

/** A change of the ticket that is not settled: it waits, is under way, or needs the user. */
@Composable
internal fun ChangeItem(
    change: PendingChange,
    actions: ThreadActions,
) {
    Card(border = BorderStroke(1.dp, MaterialTheme.colorScheme.outlineVariant)) {
        Column(Modifier.padding(horizontal = 14.dp, vertical = 12.dp)) {
            Text(
                string(change.labelKey, "addresses" to change.addresses.joinToString(", ")),
                style = MaterialTheme.typography.bodyMedium,
            )
            DeliveryLine(
                change.delivery,
                DeliveryTexts(change.deliveryKey, change.reasonKey, change.retryKey, change.discardQuestionKey),
                DeliveryActions(
                    retry = { actions.retryChange(change.id) }.takeIf { change.canRetry },
                    edit = null,
                    discard = { actions.discardChange(change.id) }.takeIf { change.canDiscard },
                ),
                Modifier.padding(top = 4.dp),
            )
        }
    }
}
