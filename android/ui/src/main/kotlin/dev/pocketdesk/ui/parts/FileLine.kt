package dev.pocketdesk.ui.parts

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.DraftFile
import dev.pocketdesk.kit.FileLimit
import dev.pocketdesk.kit.RefusedFile
import dev.pocketdesk.ui.theme.DeskIcons
import dev.pocketdesk.ui.word

/** A file of something that is being written. */
@Composable
internal fun DraftFileLine(
    file: DraftFile,
    onRemove: () -> Unit,
) {
    Row(Modifier.fillMaxWidth(), verticalAlignment = Alignment.CenterVertically) {
        FileName(file.name, file.size.toLong(), Modifier.weight(1f))
        BarButton(DeskIcons.Close, word("attachment.remove", "name" to file.name), onRemove)
    }
}

/** A file that was chosen and not attached, and why. */
@Composable
internal fun RefusedFileLine(
    file: RefusedFile,
    onRemove: () -> Unit,
) {
    Row(Modifier.fillMaxWidth(), verticalAlignment = Alignment.CenterVertically) {
        Column(Modifier.weight(1f).padding(vertical = 10.dp).semantics(mergeDescendants = true) { }) {
            FileName(file.name, size = null)
            Note(DeskIcons.Alert, word(file.wordKey, *file.limit.values), Modifier.padding(start = 26.dp, top = 2.dp), error = true)
        }
        BarButton(DeskIcons.Close, word("attachment.remove", "name" to file.name), onRemove)
    }
}

/** @param size in bytes, if it is known. */
@Composable
internal fun FileName(
    name: String,
    size: Long?,
    modifier: Modifier = Modifier,
) {
    Row(
        modifier.semantics(mergeDescendants = true) { },
        Arrangement.spacedBy(8.dp),
        Alignment.CenterVertically,
    ) {
        Icon(DeskIcons.Clip, null, Modifier.size(18.dp))
        Text(
            name,
            Modifier.weight(1f, fill = false),
            maxLines = 2,
            overflow = TextOverflow.Ellipsis,
            style = MaterialTheme.typography.bodyMedium,
        )
        if (size != null) Text(sizeOf(size), color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodySmall)
    }
}

/** In decimal units, as file managers show them. */
internal fun sizeOf(bytes: Long): String =
    when {
        bytes < KILO -> "$bytes B"
        bytes < KILO * KILO -> "${bytes / KILO} KB"
        else -> "${bytes / KILO / KILO} MB"
    }

/** For the words about a file that did not keep a limit. */
internal val FileLimit?.values: Array<Pair<String, Any>>
    get() =
        when (this) {
            null -> emptyArray()
            is FileLimit.Files -> arrayOf("limit" to count)
            is FileLimit.Bytes -> arrayOf("limit" to sizeOf(count))
        }

private const val KILO = 1_000L
