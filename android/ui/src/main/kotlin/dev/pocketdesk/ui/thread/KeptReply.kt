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
import androidx.compose.material3.TextButton
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
import dev.pocketdesk.kit.ReplyState
import dev.pocketdesk.ui.parts.Card
import dev.pocketdesk.ui.parts.DiscardDialog
import dev.pocketdesk.ui.parts.DraftFileLine
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.theme.DeskIcons
import dev.pocketdesk.ui.word

/** Whether something was written here that this ticket no longer takes. */
internal val ReplyState.isKept: Boolean get() = ready && (text.isNotBlank() || files.isNotEmpty())

/** What was written for a ticket that takes no reply any more: nothing of it is lost, and it can go elsewhere. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun KeptReply(
    reply: ReplyState,
    actions: ThreadActions,
) {
    val clipboard = LocalClipboardManager.current
    var copied by remember(reply.text) { mutableStateOf(false) }
    var discarding by rememberSaveable { mutableStateOf(false) }
    Card {
        // What a button says begins where the text does.
        Column(Modifier.padding(start = 4.dp, end = 4.dp, top = 12.dp)) {
            Text(word("reply.kept"), Modifier.padding(horizontal = 12.dp), style = MaterialTheme.typography.titleSmall)
            Column(
                Modifier.heightIn(max = LongestText).verticalScroll(rememberScrollState()).padding(horizontal = 12.dp, vertical = 4.dp),
            ) {
                SelectionContainer {
                    Text(reply.text, style = MaterialTheme.typography.bodyMedium.copy(textDirection = TextDirection.Content))
                }
                reply.files.forEach { file -> DraftFileLine(file) { actions.detach(file.id) } }
            }
            reply.failure?.let { Note(DeskIcons.Alert, word(it), Modifier.padding(horizontal = 12.dp), error = true) }
            FlowRow {
                if (reply.text.isNotBlank()) {
                    BarText(if (copied) "action.copied" else "action.copy") {
                        clipboard.setText(AnnotatedString(reply.text))
                        copied = true
                    }
                    BarText("history.create", actions.followUp)
                }
                BarText("action.discard") { discarding = true }
            }
        }
    }
    if (discarding) {
        DiscardDialog(word("action.discard"), word("reply.kept.question"), { discarding = false }, actions.discardReply)
    }
}

// Room is left for the thread above: a longer text scrolls.
private val LongestText = 120.dp

@Composable
private fun BarText(
    key: String,
    onClick: () -> Unit,
) {
    TextButton(onClick, Modifier.heightIn(min = 48.dp)) { Text(word(key)) }
}
