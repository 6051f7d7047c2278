package dev.pocketdesk.ui.create

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import dev.pocketdesk.kit.create.NewTicketState
import dev.pocketdesk.ui.parts.DraftFileLine
import dev.pocketdesk.ui.parts.RefusedFileLine
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** The attached files, the files that were refused with their reasons, and a button to attach another. */
@Composable
internal fun FilesField(
    state: NewTicketState.Editing,
    actions: NewTicketActions,
    onAttach: () -> Unit,
) {
    Column(Modifier.fillMaxWidth()) {
        FieldLabel(string("attachment.title"))
        if (state.files.isNotEmpty() || state.refused.isNotEmpty()) {
            FieldCard(wrong = state.refused.isNotEmpty()) {
                Column(Modifier.padding(start = 16.dp, end = 4.dp, top = 4.dp, bottom = 4.dp)) {
                    state.files.forEachIndexed { index, file ->
                        if (index > 0) Line()
                        DraftFileLine(file) { actions.detach(file.id) }
                    }
                    state.refused.forEachIndexed { index, file ->
                        if (index > 0 || state.files.isNotEmpty()) Line()
                        RefusedFileLine(file) { actions.dismiss(file.name) }
                    }
                }
            }
        }
        Text(
            string("attachment.hint"),
            Modifier.padding(start = 4.dp, end = 4.dp, top = 6.dp),
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            style = MaterialTheme.typography.bodySmall,
        )
        TextButton(onAttach, Modifier.heightIn(min = 48.dp), enabled = !state.creating) {
            Icon(Icons.Clip, null, Modifier.size(18.dp))
            Text(string("attachment.add"), Modifier.padding(start = 8.dp))
        }
    }
}

@Composable
private fun Line() {
    HorizontalDivider(Modifier.padding(end = 12.dp), color = MaterialTheme.colorScheme.outlineVariant)
}
