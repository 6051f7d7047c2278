package dev.pocketdesk.ui.thread

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.imePadding
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.Button
import androidx.compose.material3.LocalTextStyle
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.KeyboardCapitalization
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.unit.dp
import androidx.compose.ui.window.DialogProperties
import dev.pocketdesk.kit.thread.EditState
import dev.pocketdesk.ui.create.fieldColors
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.parts.PlainButton
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** Edits the text of an unsent reply. A tap outside does not close it, so that nothing typed is lost by accident. */
@Composable
internal fun EditDialog(
    edit: EditState,
    actions: ThreadActions,
) {
    var typed by rememberSaveable(edit.message) { mutableStateOf(edit.text) }
    val label = string("edit.reply")
    AlertDialog(
        onDismissRequest = actions.cancelEdit,
        properties = DialogProperties(dismissOnClickOutside = false),
        modifier = Modifier.imePadding(),
        confirmButton = { Button(actions.saveEdit, enabled = edit.canSave) { Text(string("button.save")) } },
        dismissButton = { PlainButton(actions.cancelEdit) { Text(string("button.cancel")) } },
        title = { Text(label) },
        text = {
            Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
                OutlinedTextField(
                    value = typed,
                    onValueChange = {
                        typed = it
                        actions.editText(it)
                    },
                    modifier = Modifier.fillMaxWidth().semantics { contentDescription = label },
                    enabled = !edit.saving,
                    textStyle = LocalTextStyle.current.copy(textDirection = TextDirection.Content),
                    keyboardOptions = KeyboardOptions(KeyboardCapitalization.Sentences),
                    maxLines = 8,
                    shape = MaterialTheme.shapes.medium,
                    colors = fieldColors(),
                )
                edit.failure?.let { Note(Icons.Alert, string(it), error = true) }
            }
        },
    )
}
