package dev.pocketdesk.ui.create

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.foundation.text.KeyboardActions
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.Field
import dev.pocketdesk.kit.create.NewTicketState
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.parts.PlainButton
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import dev.pocketdesk.ui.theme.extendedColors

/** The CC addresses, and a field for the next one. A tap on an address moves it back into the field. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun CcField(
    state: NewTicketState.Editing,
    actions: NewTicketActions,
) {
    val label = string("new.cc")
    val addresses = state.draft.cc
    var typed by rememberTyped(state.draft.ccEntry, state.revision)
    Column(Modifier.fillMaxWidth()) {
        FieldLabel(label)
        if (addresses.isNotEmpty()) {
            FlowRow(
                Modifier.padding(bottom = 8.dp),
                Arrangement.spacedBy(8.dp),
                Arrangement.spacedBy(8.dp),
            ) {
                addresses.forEachIndexed { index, address ->
                    AddressChip(
                        address,
                        wrong = state.problem(Field.CC, index) != null,
                        onEdit = { typed = actions.editCc(index) },
                        onRemove = { actions.removeCc(index) },
                    )
                }
            }
        }
        val error = state.problem(Field.CC)
        TypedField(
            label = label,
            text = typed,
            error = error?.let { string(it.key) },
            options = KeyboardOptions(keyboardType = KeyboardType.Email, imeAction = ImeAction.Done, autoCorrectEnabled = false),
            lines = 1..1,
            onLeft = { actions.visited(Field.CC) },
            actions = KeyboardActions { typed = actions.ccEntry("$typed\n") },
        ) { typed = actions.ccEntry(it) }
        CcMessages(state)
        PlainButton({ typed = actions.ccEntry("$typed\n") }, Modifier.heightIn(min = 48.dp), enabled = typed.isNotBlank()) {
            Icon(Icons.Add, null, Modifier.size(18.dp))
            Text(string("new.cc.add"), Modifier.padding(start = 8.dp))
        }
    }
}

@Composable
private fun CcMessages(state: NewTicketState.Editing) {
    val below = Modifier.padding(start = 4.dp, end = 4.dp, top = 6.dp)
    val problem = state.problem(Field.CC)
    val notes = state.ccNotes.map { it.key }.distinct()
    if (problem != null) Note(Icons.Alert, string(problem.key), below, error = true)
    notes.forEach { Note(Icons.Info, string(it), below) }
    if (problem == null && notes.isEmpty()) {
        Text(string("new.cc.hint"), below, MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodySmall)
    }
}

@Composable
private fun AddressChip(
    address: String,
    wrong: Boolean,
    onEdit: () -> Unit,
    onRemove: () -> Unit,
) {
    val colors = MaterialTheme.colorScheme
    Surface(
        color = if (wrong) colors.errorContainer else extendedColors.card,
        contentColor = if (wrong) colors.onErrorContainer else colors.onSurface,
        shape = RoundedCornerShape(12.dp),
        border = BorderStroke(1.dp, if (wrong) colors.error else colors.outlineVariant),
    ) {
        Row(verticalAlignment = Alignment.CenterVertically) {
            Text(
                address,
                Modifier
                    .weight(1f, fill = false)
                    .clickable(onClick = onEdit)
                    .padding(start = 14.dp, top = 12.dp, bottom = 12.dp),
                maxLines = 1,
                overflow = TextOverflow.Ellipsis,
                style = MaterialTheme.typography.bodyMedium,
            )
            IconButton(onRemove) { Icon(Icons.Close, string("new.cc.remove", "address" to address), Modifier.size(16.dp)) }
        }
    }
}
