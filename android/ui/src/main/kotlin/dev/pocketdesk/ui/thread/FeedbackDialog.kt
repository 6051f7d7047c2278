package dev.pocketdesk.ui.thread

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.imePadding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.verticalScroll
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
import androidx.compose.ui.unit.dp
import androidx.compose.ui.window.DialogProperties
import dev.pocketdesk.kit.thread.FeedbackState
import dev.pocketdesk.ui.create.fieldColors
import dev.pocketdesk.ui.details.Choice
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.parts.PlainButton
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** Asks how the help desk did: one of a few answers, and a text where the product takes one. A tap outside does not close it. */
@Composable
internal fun FeedbackDialog(
    state: FeedbackState,
    actions: ThreadActions,
) {
    val form = state.offer.feedback ?: return
    var typed by rememberSaveable { mutableStateOf(state.text) }
    AlertDialog(
        onDismissRequest = actions.closeFeedback,
        properties = DialogProperties(dismissOnClickOutside = false),
        modifier = Modifier.imePadding(),
        confirmButton = { Button(actions.sendFeedback, enabled = state.canSend) { Text(form.send) } },
        dismissButton = { PlainButton(actions.closeFeedback) { Text(string("button.cancel")) } },
        title = { Text(state.offer.label) },
        text = {
            Column(Modifier.verticalScroll(rememberScrollState()), Arrangement.spacedBy(12.dp)) {
                Column(Modifier.selectableGroup()) {
                    form.answers.forEach { Choice(it.label, it.id == state.answer) { actions.feedbackAnswer(it.id) } }
                }
                form.text?.let { label ->
                    OutlinedTextField(
                        value = typed,
                        onValueChange = {
                            typed = it
                            actions.feedbackText(it)
                        },
                        modifier = Modifier.fillMaxWidth(),
                        enabled = !state.saving,
                        label = { Text(label) },
                        minLines = 2,
                        shape = MaterialTheme.shapes.medium,
                        colors = fieldColors(),
                    )
                }
                state.failure?.let { Note(Icons.Alert, string(it), error = true) }
                state.offer.warn?.let { Note(Icons.Alert, it) }
            }
        },
    )
}
