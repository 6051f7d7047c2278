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
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.Attachment
import dev.pocketdesk.bindings.FileState
import dev.pocketdesk.ui.parts.FileName
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.parts.PlainButton
import dev.pocketdesk.ui.parts.iconOf
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/**
 * A file of a message: its name, its size, its transfer state, and a button to download or open it. A file in which the help desk found malware is opened
 * after a question only.
 *
 * @param downloadKey the key of the button that downloads it.
 */
@Composable
internal fun AttachmentLine(
    attachment: Attachment,
    onDownload: () -> Unit,
    onOpen: (() -> Unit)?,
    downloadKey: String = "file.download",
) {
    val state = attachment.state
    var asked by remember { mutableStateOf(false) }
    Column(Modifier.padding(top = 8.dp)) {
        FileName(attachment.name, attachment.size.toLong()) { Icon(iconOf(attachment.contentType), null, Modifier.size(18.dp)) }
        (attachment.refusedKey ?: attachment.stateKey)?.let { key ->
            val failed = state is FileState.Failed || attachment.refusedKey != null
            Note(
                if (failed) Icons.Alert else Icons.Clock,
                string(key, "percent" to (attachment.percent ?: 0u)),
                Modifier.padding(start = 26.dp, top = 2.dp),
                error = failed,
            )
        }
        attachment.warningKey?.let { Note(Icons.Alert, string(it), Modifier.padding(start = 26.dp, top = 2.dp), error = true) }
        attachment.percent?.let { percent ->
            LinearProgressIndicator(
                { percent.toInt() / 100f },
                Modifier.fillMaxWidth().padding(start = 26.dp, top = 6.dp),
                drawStopIndicator = {},
            )
        }
        if (attachment.canDownload) {
            FileButton(if (state is FileState.Failed) "button.retry" else downloadKey, onDownload)
        } else if (state == FileState.OnDevice && onOpen != null) {
            FileButton("file.open") { if (attachment.warningKey == null) onOpen() else asked = true }
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
    onClick: () -> Unit,
) {
    PlainButton(onClick, Modifier.padding(start = 14.dp).heightIn(min = 48.dp)) { Text(string(key)) }
}
