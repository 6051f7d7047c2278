package dev.pocketdesk.ui.thread

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.text.selection.SelectionContainer
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalClipboardManager
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.unit.dp
import dev.pocketdesk.kit.thread.ReplyState
import dev.pocketdesk.ui.parts.Card
import dev.pocketdesk.ui.parts.DiscardDialog
import dev.pocketdesk.ui.parts.DraftFileLine
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.parts.PlainButton
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** Whether there is a draft for a ticket that accepts no replies. */
internal val ReplyState.isKept: Boolean get() = ready && (text.isNotBlank() || files.attached.isNotEmpty())

/**
 * The draft of a reply to a ticket that accepts no replies. The user can copy it, move it to a new ticket, or discard it.
 *
 * @param canFollowUp whether to offer a new ticket here; false if an action or a reply alternative of the product offers it.
 */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun KeptReply(
    reply: ReplyState,
    actions: ThreadActions,
    canFollowUp: Boolean,
) {
    val clipboard = LocalClipboardManager.current
    var copied by remember(reply.text) { mutableStateOf(false) }
    var discarding by rememberSaveable { mutableStateOf(false) }
    Card {
        // Aligns the labels of the buttons with the text.
        Column(Modifier.padding(start = 4.dp, end = 4.dp, top = 12.dp)) {
            Text(string("reply.kept"), Modifier.padding(horizontal = 12.dp), style = MaterialTheme.typography.titleSmall)
            Column(
                Modifier.heightIn(max = LongestText).verticalScroll(rememberScrollState()).padding(horizontal = 12.dp, vertical = 4.dp),
            ) {
                SelectionContainer {
                    Text(reply.text, style = MaterialTheme.typography.bodyMedium.copy(textDirection = TextDirection.Content))
                }
                reply.files.attached.forEach { file -> DraftFileLine(file, actions.files.file) { actions.files.detach(file.id) } }
            }
            reply.failure?.let { Note(Icons.Alert, string(it), Modifier.padding(horizontal = 12.dp), error = true) }
            FlowRow {
                if (reply.text.isNotBlank()) {
                    BarText(if (copied) "button.copied" else "button.copy") {
                        clipboard.setText(AnnotatedString(reply.text))
                        copied = true
                    }
                    if (canFollowUp) BarText("history.create", actions.followUp)
                }
                BarText("button.discard") { discarding = true }
            }
        }
    }
    if (discarding) {
        DiscardDialog(
            string("button.discard"),
            string("reply.kept.question"),
            onClose = { discarding = false },
            onDiscard = actions.discardReply,
        )
    }
}

// A longer text scrolls, so that the thread above keeps some space.
private val LongestText = 120.dp

@Composable
private fun BarText(
    key: String,
    onClick: () -> Unit,
) {
    PlainButton(onClick, Modifier.heightIn(min = 48.dp)) { Text(string(key)) }
}
