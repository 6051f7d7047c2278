package dev.pocketdesk.ui.thread

import androidx.compose.material3.AlertDialog
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
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
        confirmButton = { TextButton(confirm) { Text(action) } },
        dismissButton = { TextButton(onClose) { Text(string("button.cancel")) } },
        title = { Text(title) },
        text = { Text(text) },
    )
}
