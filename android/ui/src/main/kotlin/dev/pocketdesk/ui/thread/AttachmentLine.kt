package dev.pocketdesk.ui.thread

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.Attachment
import dev.pocketdesk.bindings.FileState
import dev.pocketdesk.ui.parts.BELOW
import dev.pocketdesk.ui.parts.FileName
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.parts.PREVIEW
import dev.pocketdesk.ui.parts.PlainButton
import dev.pocketdesk.ui.parts.Preview
import dev.pocketdesk.ui.parts.iconOf
import dev.pocketdesk.ui.parts.smallPicture
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import java.nio.file.Path

/**
 * A file of a message: its name, its size, its transfer state, and a button to download or open it. A file that the help desk could not check for
 * malware, or in which it found some (`Attachment.warningKey`), is opened after a question only.
 *
 * @param downloadKey the key of the button that downloads it.
 * @param thumbnail where its small form is, if it has one. It stands in place of the icon of its type.
 */
@Composable
internal fun AttachmentLine(
    attachment: Attachment,
    onDownload: () -> Unit,
    onOpen: (() -> Unit)?,
    downloadKey: String = "file.download",
    thumbnail: suspend () -> Path? = { null },
) {
    val state = attachment.state
    var asked by remember { mutableStateOf(false) }
    val icon = iconOf(attachment.contentType)
    val small = smallPicture(attachment.thumbnail, attachment.name, PREVIEW, thumbnail)
    val below = if (attachment.thumbnail == null) 26.dp else BELOW
    Column(Modifier.padding(top = 8.dp)) {
        FileName(attachment.name, attachment.size.toLong()) {
            if (attachment.thumbnail == null) Icon(icon, null, Modifier.size(18.dp)) else Preview(icon, small)
        }
        (attachment.refusedKey ?: attachment.stateKey)?.let { key ->
            val failed = state is FileState.Failed || attachment.refusedKey != null
            Note(
                if (failed) Icons.Alert else Icons.Clock,
                string(key, "percent" to (attachment.percent ?: 0u)),
                Modifier.padding(start = below, top = 2.dp),
                error = failed,
            )
        }
        attachment.warningKey?.let { Note(Icons.Alert, string(it), Modifier.padding(start = below, top = 2.dp), error = true) }
        attachment.percent?.let { percent ->
            LinearProgressIndicator(
                { percent.toInt() / 100f },
                Modifier.fillMaxWidth().padding(start = below, top = 6.dp),
                drawStopIndicator = {},
            )
        }
        if (attachment.canDownload) {
            FileButton(if (state is FileState.Failed) "button.retry" else downloadKey, below, onDownload)
        } else if (state == FileState.OnDevice && onOpen != null) {
            FileButton("file.open", below) { if (attachment.warningKey == null) onOpen() else asked = true }
        }
    }
    val warning = attachment.warningKey
    if (asked && warning != null && onOpen != null) {
        ConfirmDialog(attachment.name, string(warning), string("file.open_anyway"), { asked = false }, onOpen)
    }
}

@Composable
private fun FileButton(
    key: String,
    below: Dp,
    onClick: () -> Unit,
) {
    // The text stands below the name: a text button's own margin is 12 dp.
    PlainButton(onClick, Modifier.padding(start = below - 12.dp).heightIn(min = 48.dp)) { Text(string(key)) }
}
