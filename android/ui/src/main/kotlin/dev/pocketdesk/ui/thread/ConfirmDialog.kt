package dev.pocketdesk.ui.thread

import androidx.compose.material3.AlertDialog
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import dev.pocketdesk.ui.parts.PlainButton
import dev.pocketdesk.ui.string

/** Asks before something is opened. */
@Composable
internal fun ConfirmDialog(
    title: String,
    text: String,
    action: String,
    onClose: () -> Unit,
    onConfirm: () -> Unit,
) {
    val confirm = {
        onClose()
        onConfirm()
    }
    AlertDialog(
        onDismissRequest = onClose,
        confirmButton = { PlainButton(confirm) { Text(action) } },
        dismissButton = { PlainButton(onClose) { Text(string("button.cancel")) } },
        title = { Text(title) },
        text = { Text(text) },
    )
}
