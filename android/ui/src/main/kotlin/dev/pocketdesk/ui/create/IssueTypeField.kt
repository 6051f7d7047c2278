package dev.pocketdesk.ui.create

import androidx.compose.animation.AnimatedVisibility
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.RadioButton
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.rotate
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.IssueType
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/**
 * The chosen issue type. A tap shows all of them in place, each with its explanation.
 *
 * @param hint which one to keep when unsure; null if none is chosen to begin with.
 */
@Composable
internal fun IssueTypeField(
    types: List<IssueType>,
    chosen: String,
    hint: String?,
    error: String?,
    onChoose: (String) -> Unit,
) {
    var open by rememberSaveable { mutableStateOf(false) }
    val label = string("new.issue_type")
    Column(Modifier.fillMaxWidth()) {
        FieldLabel(label)
        FieldCard(wrong = error != null) {
            val type = types.firstOrNull { it.id == chosen }
            Row(
                Modifier
                    .fillMaxWidth()
                    .clickable(role = Role.DropdownList) { open = !open }
                    .semantics { contentDescription = label }
                    .heightIn(min = 56.dp)
                    .padding(horizontal = 16.dp, vertical = 12.dp),
                Arrangement.spacedBy(12.dp),
                Alignment.CenterVertically,
            ) {
                Text(
                    string(type?.labelKey ?: "field.issue_type.unknown"),
                    Modifier.weight(1f),
                    color = if (type == null) MaterialTheme.colorScheme.onSurfaceVariant else MaterialTheme.colorScheme.onSurface,
                    style = MaterialTheme.typography.bodyLarge,
                )
                Icon(
                    Icons.Down,
                    null,
                    Modifier.size(20.dp).rotate(if (open) 180f else 0f),
                    tint = MaterialTheme.colorScheme.onSurfaceVariant,
                )
            }
            AnimatedVisibility(open) {
                Column(Modifier.selectableGroup()) {
                    types.forEach {
                        HorizontalDivider(color = MaterialTheme.colorScheme.outlineVariant)
                        TypeRow(it, it.id == chosen) {
                            onChoose(it.id)
                            open = false
                        }
                    }
                }
            }
        }
        val below = Modifier.padding(start = 4.dp, end = 4.dp, top = 6.dp)
        if (error != null) {
            Note(Icons.Alert, error, below, error = true)
        } else if (hint != null) {
            Text(
                hint,
                below,
                MaterialTheme.colorScheme.onSurfaceVariant,
                style = MaterialTheme.typography.bodySmall,
            )
        }
    }
}

@Composable
private fun TypeRow(
    type: IssueType,
    chosen: Boolean,
    onChoose: () -> Unit,
) {
    Row(
        Modifier
            .fillMaxWidth()
            .selectable(chosen, role = Role.RadioButton, onClick = onChoose)
            .padding(horizontal = 16.dp, vertical = 12.dp),
        Arrangement.spacedBy(14.dp),
    ) {
        RadioButton(chosen, onClick = null, Modifier.padding(top = 2.dp))
        Column(Modifier.weight(1f)) {
            Text(string(type.labelKey), style = MaterialTheme.typography.bodyLarge)
            type.explanationKey?.let {
                Text(string(it), color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodySmall)
            }
        }
    }
}
