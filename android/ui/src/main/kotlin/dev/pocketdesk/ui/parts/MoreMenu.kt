package dev.pocketdesk.ui.parts

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.material3.DropdownMenu
import androidx.compose.material3.DropdownMenuItem
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import dev.pocketdesk.ui.theme.extendedColors

/** What a menu offers: the key of its name, and what it does. */
internal class MenuEntry(
    val key: String,
    val onClick: () -> Unit,
)

/**
 * A button in a bar that opens a menu.
 *
 * @param note what is said below the entries.
 * @param key its name, by which a screen reader tells it from the one beside it in a wide window.
 */
@Composable
internal fun MoreButton(
    entries: List<MenuEntry>,
    note: String? = null,
    key: String = "history.menu",
) {
    if (entries.isEmpty()) return
    var open by remember { mutableStateOf(false) }
    Box {
        BarButton(Icons.More, string(key), { open = true })
        MoreMenu(open, entries, note) { open = false }
    }
}

@Composable
internal fun MoreMenu(
    open: Boolean,
    entries: List<MenuEntry>,
    note: String? = null,
    onClose: () -> Unit,
) {
    // In the dark it has the colour of the cards, and their shadows are not seen. A host's theme need not have any other.
    val border = BorderStroke(1.dp, MaterialTheme.colorScheme.outlineVariant)
    DropdownMenu(open, onClose, containerColor = extendedColors.card, border = border) {
        entries.forEach { entry ->
            DropdownMenuItem(
                { Text(string(entry.key)) },
                {
                    onClose()
                    entry.onClick()
                },
            )
        }
        if (note != null) {
            Text(
                note,
                Modifier.widthIn(max = 280.dp).padding(horizontal = 12.dp, vertical = 8.dp),
                color = MaterialTheme.colorScheme.onSurfaceVariant,
                style = MaterialTheme.typography.bodySmall,
            )
        }
    }
}
