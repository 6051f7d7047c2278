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
import dev.pocketdesk.ui.create.fieldColors
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.parts.PlainButton
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** Asks where the selection leads. The address of a link that is there can be changed or removed. */
@Composable
internal fun LinkDialog(
    editor: ReplyEditor,
    onClose: () -> Unit,
) {
    val before = editor.looks.link
    var typed by rememberSaveable { mutableStateOf(before ?: editor.selected.takeIf { "." in it && " " !in it }.orEmpty()) }
    var isWrong by rememberSaveable { mutableStateOf(false) }
    val label = string("format.link.address")
    val set = { if (editor.link(typed)) onClose() else isWrong = true }
    AlertDialog(
        onDismissRequest = onClose,
        properties = DialogProperties(dismissOnClickOutside = false),
        modifier = Modifier.imePadding(),
        confirmButton = { Button(set, enabled = typed.isNotBlank()) { Text(string("format.link.set")) } },
        dismissButton = {
            if (before == null) {
                PlainButton(onClose) { Text(string("button.cancel")) }
            } else {
                PlainButton({
                    editor.unlink()
                    onClose()
                }) { Text(string("format.link.remove")) }
            }
        },
        title = { Text(string("format.link")) },
        text = {
            Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
                OutlinedTextField(
                    value = typed,
                    onValueChange = {
                        typed = it
                        isWrong = false
                    },
                    modifier = Modifier.fillMaxWidth().semantics { contentDescription = label },
                    isError = isWrong,
                    placeholder = { Text("https://") },
                    keyboardOptions =
                        KeyboardOptions(
                            keyboardType = KeyboardType.Uri,
                            imeAction = ImeAction.Done,
                            autoCorrectEnabled = false,
                        ),
                    keyboardActions = KeyboardActions { set() },
                    maxLines = 3,
                    shape = MaterialTheme.shapes.medium,
                    colors = fieldColors(),
                )
                if (isWrong) Note(Icons.Alert, string("format.link.wrong"), error = true)
            }
        },
    )
}
