package dev.pocketdesk.ui.parts

import androidx.compose.foundation.Image
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.material3.Icon
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.produceState
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.layout.ContentScale
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.DraftFile
import dev.pocketdesk.kit.CopyingFile
import dev.pocketdesk.kit.DraftFilesState
import dev.pocketdesk.kit.FileLimit
import dev.pocketdesk.kit.RefusedFile
import dev.pocketdesk.ui.LocalStrings
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.nio.file.Path

/** What a user can do with the files of a draft. */
internal class FileActions(
    /** Removes an attached file, by its id. */
    val detach: (Long) -> Unit,
    /** Leaves out a file that is being attached. */
    val stop: (CopyingFile) -> Unit,
    /** Attaches a refused photo as a smaller JPG. */
    val attachSmaller: (RefusedFile) -> Unit,
    /** Removes what is said about a refused file, by its name. */
    val dismiss: (String) -> Unit,
    /** Where an attached file can be looked at; null if it cannot. */
    val file: suspend (Long) -> Path?,
)

/** The lines for the files of a draft: the attached ones, those that are being attached, and the refused ones. */
internal fun draftFileLines(
    files: DraftFilesState,
    actions: FileActions,
): List<@Composable () -> Unit> =
    files.attached.map<_, @Composable () -> Unit> { file -> { DraftFileLine(file, actions.file) { actions.detach(file.id) } } } +
        files.copying.map { file -> { CopyingFileLine(file) { actions.stop(file) } } } +
        files.refused.map { file -> { RefusedFileLine(file, actions) } }

/**
 * A file of a draft.
 *
 * @param fileOf where a file can be looked at. A picture is then shown in place of the icon of its type.
 */
@Composable
internal fun DraftFileLine(
    file: DraftFile,
    fileOf: suspend (Long) -> Path? = { null },
    onRemove: () -> Unit,
) {
    val pixels = with(LocalDensity.current) { PREVIEW.roundToPx() }
    val preview by produceState<ImageBitmap?>(null, file.id, pixels) {
        if (file.contentType.startsWith("image/")) value = fileOf(file.id)?.let { withContext(Dispatchers.IO) { pictureIn(it, pixels) } }
    }
    Row(Modifier.fillMaxWidth(), verticalAlignment = Alignment.CenterVertically) {
        FileName(file.name, file.size.toLong(), Modifier.weight(1f)) { Preview(iconOf(file.contentType), preview) }
        BarButton(Icons.Close, string("attachment.remove", "name" to file.name), onRemove)
    }
}

/** A chosen file that is being attached. */
@Composable
private fun CopyingFileLine(
    file: CopyingFile,
    onStop: () -> Unit,
) {
    Row(Modifier.fillMaxWidth(), verticalAlignment = Alignment.CenterVertically) {
        Column(Modifier.weight(1f).padding(vertical = 10.dp).semantics(mergeDescendants = true) { }) {
            FileName(file.name, size = null) { Preview() }
            Note(Icons.Clock, string("file.copying"), Modifier.padding(start = BELOW, top = 2.dp))
            LinearProgressIndicator(
                Modifier.fillMaxWidth().padding(start = BELOW, top = 6.dp),
                trackColor = MaterialTheme.colorScheme.outlineVariant,
            )
        }
        BarButton(Icons.Close, string("attachment.remove", "name" to file.name), onStop)
    }
}

/** A file that was not attached, the reason, and what can be attached in its place. */
@Composable
private fun RefusedFileLine(
    file: RefusedFile,
    actions: FileActions,
) {
    Row(Modifier.fillMaxWidth(), verticalAlignment = Alignment.CenterVertically) {
        Column(Modifier.weight(1f).padding(vertical = 10.dp)) {
            Column(Modifier.semantics(mergeDescendants = true) { }) {
                FileName(file.name, size = null) { Preview() }
                Note(Icons.Alert, string(file.stringKey, *file.limit.values), Modifier.padding(start = BELOW, top = 2.dp), error = true)
            }
            if (file.canBeSmaller) {
                // The text stands below the name: a text button's own margin is 12 dp.
                PlainButton({ actions.attachSmaller(file) }, Modifier.padding(start = BELOW - 12.dp).heightIn(min = 48.dp)) {
                    Text(string("attachment.smaller"))
                }
            }
        }
        BarButton(Icons.Close, string("attachment.remove", "name" to file.name), { actions.dismiss(file.name) })
    }
}

/**
 * The name and the size of a file.
 *
 * @param size in bytes; null if it is unknown.
 * @param start what stands before the name.
 */
@Composable
internal fun FileName(
    name: String,
    size: Long?,
    modifier: Modifier = Modifier,
    start: @Composable () -> Unit = { Icon(Icons.Clip, null, Modifier.size(18.dp)) },
) {
    Row(
        modifier.semantics(mergeDescendants = true) { },
        Arrangement.spacedBy(8.dp),
        Alignment.CenterVertically,
    ) {
        start()
        Text(
            name,
            Modifier.weight(1f, fill = false),
            maxLines = 2,
            overflow = TextOverflow.Ellipsis,
            style = MaterialTheme.typography.bodyMedium,
        )
        if (size != null) {
            Text(
                LocalStrings.current.size(size),
                color = MaterialTheme.colorScheme.onSurfaceVariant,
                style = MaterialTheme.typography.bodySmall,
            )
        }
    }
}

/** What a file looks like, or the icon of its type in a place of the same width. */
@Composable
internal fun Preview(
    icon: ImageVector = Icons.Clip,
    picture: ImageBitmap? = null,
) {
    if (picture == null) {
        Box(Modifier.width(PREVIEW), Alignment.Center) { Icon(icon, null, Modifier.size(18.dp)) }
    } else {
        val shape = MaterialTheme.shapes.extraSmall
        val frame = Modifier.clip(shape).border(1.dp, MaterialTheme.colorScheme.outlineVariant, shape)
        Image(
            picture,
            null,
            Modifier
                .padding(vertical = 4.dp)
                .size(PREVIEW)
                .then(frame)
                .testTag("small picture"),
            contentScale = ContentScale.Crop,
        )
    }
}

internal val PREVIEW = 40.dp

/** Where what is said below a name begins. */
internal val BELOW = PREVIEW + 8.dp

/** The icon of a type of file. The name, which stands beside it, says the same to a screen reader. */
internal fun iconOf(contentType: String): ImageVector {
    val type = contentType.substringBefore(';').trim().lowercase()
    return when {
        type.startsWith("image/") -> Icons.Picture
        type.startsWith("video/") -> Icons.Film
        TABLES.any { it in type } -> Icons.Table
        type == "application/zip" -> Icons.Archive
        type.startsWith("text/") || type in TEXTS || "word" in type -> Icons.Text
        else -> Icons.Clip
    }
}

/** What only the media types of tables have in them. */
private val TABLES = listOf("csv", "tab-separated", "spreadsheet", "excel")
private val TEXTS = setOf("application/pdf", "application/json")

/** The value of the placeholder in the string about a file that exceeded a limit. */
internal val FileLimit?.values: Array<Pair<String, Any>>
    @Composable
    @ReadOnlyComposable
    get() =
        when (this) {
            null -> emptyArray()
            is FileLimit.Files -> arrayOf("limit" to count)
            is FileLimit.Bytes -> arrayOf("limit" to LocalStrings.current.size(count))
        }
