package dev.pocketdesk.ui.thread

import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import dev.pocketdesk.ui.parts.DiscardDialog
import dev.pocketdesk.ui.parts.PlainButton
import dev.pocketdesk.ui.parts.withText
import dev.pocketdesk.ui.string

/** For how long a ticket that was sent without an account stays on this device, and the way to remove it before. It asks first. */
@Composable
internal fun RemoveTicket(onRemove: () -> Unit) {
    var asking by rememberSaveable { mutableStateOf(false) }
    // Below the text of the note above, whose icon grows with the text.
    val start = 10.dp + 16.dp.withText()
    Text(
        string("anonymous.kept"),
        Modifier.padding(start = start, end = 4.dp),
        color = MaterialTheme.colorScheme.onSurfaceVariant,
        style = MaterialTheme.typography.bodySmall,
    )
    PlainButton({ asking = true }, Modifier.padding(start = start - 12.dp).heightIn(min = 48.dp)) { Text(string("button.remove")) }
    if (asking) {
        DiscardDialog(
            string("button.remove"),
            string("anonymous.remove.question"),
            onClose = { asking = false },
            action = string("button.remove"),
            onDiscard = onRemove,
        )
    }
}
