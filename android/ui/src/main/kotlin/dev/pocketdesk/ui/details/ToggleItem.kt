package dev.pocketdesk.ui.details

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.RadioButton
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.ActionOffer
import dev.pocketdesk.bindings.ToggleOffer
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.theme.Icons

/**
 * A value of the user's own that is on, off, or was never set. Both values can be chosen with one press, so nobody has to pass the one that is not
 * wanted. What is said beside it stands there all the time.
 */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun ToggleItem(
    offer: ActionOffer,
    toggle: ToggleOffer,
    onToggle: (Boolean) -> Unit,
) {
    Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
        Text(offer.label, style = MaterialTheme.typography.titleSmall)
        FlowRow(Modifier.selectableGroup(), Arrangement.spacedBy(16.dp)) {
            Choice(toggle.onLabel, toggle.on == true) { onToggle(true) }
            Choice(toggle.offLabel, toggle.on == false) { onToggle(false) }
        }
        toggle.note?.let {
            Text(
                it,
                Modifier.semantics { liveRegion = LiveRegionMode.Polite },
                color = MaterialTheme.colorScheme.onSurfaceVariant,
                style = MaterialTheme.typography.bodyMedium,
            )
        }
        offer.warn?.let { Note(Icons.Alert, it) }
    }
}

@Composable
internal fun Choice(
    label: String,
    selected: Boolean,
    onChoose: () -> Unit,
) {
    Row(
        Modifier
            .selectable(selected, role = Role.RadioButton, onClick = onChoose)
            .heightIn(min = 48.dp)
            .padding(end = 8.dp),
        Arrangement.spacedBy(8.dp),
        Alignment.CenterVertically,
    ) {
        RadioButton(selected, onClick = null)
        Text(label, style = MaterialTheme.typography.bodyLarge)
    }
}
