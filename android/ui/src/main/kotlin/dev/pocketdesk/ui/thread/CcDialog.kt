package dev.pocketdesk.ui.thread

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.imePadding
import androidx.compose.foundation.text.KeyboardActions
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.Button
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
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.unit.dp
import androidx.compose.ui.window.DialogProperties
import dev.pocketdesk.kit.thread.CcState
import dev.pocketdesk.ui.create.fieldColors
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.parts.PlainButton
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** Adds CC addresses, several at a time. A tap outside does not close it, so that nothing typed is lost by accident. */
@Composable
internal fun CcDialog(
    state: CcState,
    actions: ThreadActions,
) {
    var typed by rememberSaveable { mutableStateOf(state.text) }
    val label = string("new.cc")
    AlertDialog(
        onDismissRequest = actions.closeCc,
        properties = DialogProperties(dismissOnClickOutside = false),
        modifier = Modifier.imePadding(),
        confirmButton = { Button(actions.saveCc, enabled = state.canAdd) { Text(string("button.add")) } },
        dismissButton = { PlainButton(actions.closeCc) { Text(string("button.cancel")) } },
        title = { Text(state.offer.label) },
        text = {
            Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
                OutlinedTextField(
                    value = typed,
                    onValueChange = {
                        typed = it
                        actions.ccText(it)
                    },
                    modifier = Modifier.fillMaxWidth().semantics { contentDescription = label },
                    enabled = !state.saving,
                    isError = state.failure != null,
                    keyboardOptions =
                        KeyboardOptions(
                            keyboardType = KeyboardType.Email,
                            imeAction = ImeAction.Done,
                            autoCorrectEnabled = false,
                        ),
                    keyboardActions = KeyboardActions { actions.saveCc() },
                    maxLines = 4,
                    shape = MaterialTheme.shapes.medium,
                    colors = fieldColors(),
                )
                val failure = state.failure
                if (failure != null) {
                    Note(Icons.Alert, string(failure), error = true)
                } else {
                    Text(
                        string("new.cc.several"),
                        color = MaterialTheme.colorScheme.onSurfaceVariant,
                        style = MaterialTheme.typography.bodySmall,
                    )
                }
                state.offer.warn?.let { Note(Icons.Alert, it) }
            }
        },
    )
}
