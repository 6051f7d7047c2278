package dev.pocketdesk.ui.parts

import androidx.compose.material3.AlertDialog
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import dev.pocketdesk.ui.string

/** Asks before something is discarded. */
@Composable
internal fun DiscardDialog(
    title: String,
    text: String,
    onClose: () -> Unit,
    action: String = string("button.discard"),
    onDiscard: () -> Unit,
) {
    val discard = {
        onClose()
        onDiscard()
    }
    AlertDialog(
        onDismissRequest = onClose,
        confirmButton = { PlainButton(discard) { Text(action, color = MaterialTheme.colorScheme.error) } },
        dismissButton = { PlainButton(onClose) { Text(string("button.cancel")) } },
        title = { Text(title) },
        text = { Text(text) },
    )
}
