package dev.pocketdesk.ui.details

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.IntrinsicSize
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.ActionOffer
import dev.pocketdesk.bindings.OfferKind
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.parts.PlainButton
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** The actions that the user is offered, and what happens when one is picked. */
internal class Offers(
    private val actions: List<ActionOffer>,
    val onAct: (ActionOffer) -> Unit,
    val onToggle: (ActionOffer, Boolean) -> Unit,
) {
    fun find(id: String): ActionOffer? = actions.firstOrNull { it.id == id }
}

private val OfferKind.icon: ImageVector
    get() =
        when (this) {
            OfferKind.SOLVE -> Icons.Check
            OfferKind.ADD_CC -> Icons.Add
            OfferKind.REPLY -> Icons.Talk
            OfferKind.NEW_REQUEST -> Icons.Write
            OfferKind.FEEDBACK -> Icons.Talk
            OfferKind.TOGGLE -> Icons.Check
        }

/** A row of actions, at the end of a card. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun ActionButtons(
    shown: List<ActionOffer>,
    offers: Offers,
) {
    FlowRow(Modifier.padding(horizontal = 4.dp, vertical = 4.dp), Arrangement.spacedBy(4.dp)) {
        shown.forEach { offer -> PlainButton({ offers.onAct(offer) }, Modifier.heightIn(min = 48.dp)) { Label(offer) } }
    }
}

/** An action at a place of its own. */
@Composable
internal fun PlacedAction(
    offer: ActionOffer,
    offers: Offers,
    modifier: Modifier = Modifier,
) {
    OutlinedButton({ offers.onAct(offer) }, modifier.heightIn(min = 48.dp)) { Label(offer) }
}

@Composable
private fun Label(offer: ActionOffer) {
    Icon(offer.kind.icon, null, Modifier.size(18.dp))
    Text(offer.label, Modifier.padding(start = 8.dp))
}

/** Asks before an action, and shows the text that it writes and what is said beside it. */
@Composable
internal fun ActionDialog(
    offer: ActionOffer,
    onCancel: () -> Unit,
    onConfirm: () -> Unit,
) {
    AlertDialog(
        onDismissRequest = onCancel,
        confirmButton = { PlainButton(onConfirm) { Text(offer.label) } },
        dismissButton = { PlainButton(onCancel) { Text(string("button.cancel")) } },
        text = {
            Column(Modifier.verticalScroll(rememberScrollState()), Arrangement.spacedBy(16.dp)) {
                Text(offer.question, style = MaterialTheme.typography.bodyLarge)
                offer.body?.let { Quote(it) }
                offer.warn?.let { Note(Icons.Alert, it) }
            }
        },
    )
}

/** A text that will be sent as it stands here. */
@Composable
private fun Quote(text: String) {
    Row(Modifier.height(IntrinsicSize.Min), Arrangement.spacedBy(12.dp)) {
        Box(Modifier.width(3.dp).fillMaxHeight().background(MaterialTheme.colorScheme.primary, MaterialTheme.shapes.small))
        Text(
            text,
            Modifier.weight(1f),
            color = MaterialTheme.colorScheme.onSurface,
            style = MaterialTheme.typography.bodyMedium.copy(textDirection = TextDirection.Content),
        )
    }
}
