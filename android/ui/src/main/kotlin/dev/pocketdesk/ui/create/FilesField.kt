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
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.Product
import dev.pocketdesk.kit.DraftFilesState
import dev.pocketdesk.kit.create.NewTicketState
import dev.pocketdesk.ui.LocalStrings
import dev.pocketdesk.ui.counted
import dev.pocketdesk.ui.parts.FileActions
import dev.pocketdesk.ui.parts.PlainButton
import dev.pocketdesk.ui.parts.draftFileLines
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import java.util.Locale

/**
 * What may be attached, said before a file is chosen; the files that are attached, those that are being attached, and those that were refused, each
 * with its reason; a button to attach more.
 */
@Composable
internal fun FilesField(
    state: NewTicketState.Editing,
    product: Product,
    actions: NewTicketActions,
    onAttach: () -> Unit,
) {
    val limits = product.attachments
    val isFull = limits != null && state.files.run { attached.size + copying.size } >= limits.maxFiles.toInt()
    Column(Modifier.fillMaxWidth()) {
        FieldLabel(string("attachment.title"))
        Files(state.files, actions.files)
        Hint(string(product.attachmentsHintKey ?: "attachment.hint"))
        if (limits != null) {
            Hint(counted("attachment.limits", limits.maxFiles.toInt(), "size" to LocalStrings.current.size(limits.maxBytes.toLong())))
            Hint(string("attachment.types", "types" to limits.endings.joinToString { it.uppercase(Locale.ROOT) }))
        }
        PlainButton(onAttach, Modifier.heightIn(min = 48.dp), enabled = !state.creating && !isFull) {
            Icon(Icons.Clip, null, Modifier.size(18.dp))
            Text(string("attachment.add"), Modifier.padding(start = 8.dp))
        }
    }
}

@Composable
private fun Files(
    files: DraftFilesState,
    actions: FileActions,
) {
    if (files.isEmpty) return
    FieldCard(wrong = files.refused.isNotEmpty()) {
        Column(Modifier.padding(start = 16.dp, end = 4.dp, top = 4.dp, bottom = 4.dp)) {
            draftFileLines(files, actions).forEachIndexed { index, line ->
                if (index > 0) Line()
                line()
            }
        }
    }
}

@Composable
private fun Hint(text: String) {
    Text(
        text,
        Modifier.padding(start = 4.dp, end = 4.dp, top = 6.dp),
        color = MaterialTheme.colorScheme.onSurfaceVariant,
        style = MaterialTheme.typography.bodySmall,
    )
}

@Composable
private fun Line() {
    HorizontalDivider(Modifier.padding(end = 12.dp), color = MaterialTheme.colorScheme.outlineVariant)
}
