package dev.pocketdesk.ui.thread

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.FilledIconButton
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.onFocusChanged
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.ReplyAlternative
import dev.pocketdesk.bindings.ReplyPlace
import dev.pocketdesk.kit.isAnonymous
import dev.pocketdesk.kit.thread.ReplyState
import dev.pocketdesk.kit.thread.ThreadState
import dev.pocketdesk.ui.details.Offers
import dev.pocketdesk.ui.details.PlacedAction
import dev.pocketdesk.ui.parts.BarButton
import dev.pocketdesk.ui.parts.Margin
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.parts.draftFileLines
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** Whether something stands at the place of the reply. Before a ticket without an account is sent, there is nothing to say. */
internal val ThreadState.Shown.hasReplyBar: Boolean
    get() =
        when {
            details.replyPlace == ReplyPlace.NONE -> false
            ticket.isAnonymous -> details.replyNote != null || ticket.canRemove || reply.isKept || reply.failure != null
            else -> true
        }

/** The field for a reply, or why no reply is possible. */
@Composable
internal fun ReplyBar(
    state: ThreadState.Shown,
    actions: ThreadActions,
) {
    val reply = state.reply
    Column(Modifier.fillMaxWidth()) {
        HorizontalDivider(color = MaterialTheme.colorScheme.outlineVariant)
        Column(Modifier.padding(horizontal = Margin, vertical = 10.dp), Arrangement.spacedBy(8.dp)) {
            if (state.details.replyPlace == ReplyPlace.FIELD) {
                state.details.replyNote?.let { Note(Icons.Info, it, Modifier.padding(horizontal = 4.dp)) }
                reply.failure?.let { Note(Icons.Alert, string(it), Modifier.padding(horizontal = 4.dp), error = true) }
                ReplyFiles(reply, actions)
                ReplyField(reply, actions)
            } else {
                NoReply(state, actions)
            }
        }
    }
}

/**
 * Why no reply is possible or where the answer comes, what the product offers then, and a draft that was written before. At any font size, the
 * thread keeps a part of the screen.
 */
@Composable
private fun NoReply(
    state: ThreadState.Shown,
    actions: ThreadActions,
) {
    val reply = state.reply
    val onward = state.details.notice
    val offers = Offers(onward, actions.act, actions.toggle)
    BoxWithConstraints {
        Column(Modifier.heightIn(max = maxHeight * LARGEST_SHARE).verticalScroll(rememberScrollState())) {
            val icon = if (state.ticket.isAnonymous) Icons.Mail else Icons.Lock
            state.details.replyNote?.let { Note(icon, it, Modifier.padding(horizontal = 4.dp, vertical = 6.dp)) }
            if (state.ticket.canRemove) RemoveTicket(actions.removeTicket)
            val alternatives = state.details.replyAlternatives
            if (alternatives.isNotEmpty()) ReplyAlternatives(alternatives, actions.followUp)
            onward.forEach { PlacedAction(it, offers, Modifier.fillMaxWidth().padding(vertical = 4.dp)) }
            if (reply.isKept) {
                KeptReply(reply, actions, canFollowUp = onward.isEmpty() && alternatives.none { it is ReplyAlternative.NewRequest })
            } else {
                reply.failure?.let { Note(Icons.Alert, string(it), Modifier.padding(horizontal = 4.dp), error = true) }
            }
        }
    }
}

private const val LARGEST_SHARE = 0.6f

/** How much of the height above the keyboard the reply may take, and what it gets at least. */
private const val LARGEST_FIELD = 0.35f
private val SHORTEST_FIELD = 56.dp

/** The files of the reply. Many of them leave the thread a part of the screen. */
@Composable
private fun ReplyFiles(
    reply: ReplyState,
    actions: ThreadActions,
) {
    if (reply.files.isEmpty) return
    BoxWithConstraints {
        Column(Modifier.heightIn(max = maxHeight * LARGEST_FIELD).verticalScroll(rememberScrollState())) {
            draftFileLines(reply.files, actions.files).forEach { it() }
        }
    }
}

@Composable
private fun ReplyField(
    reply: ReplyState,
    actions: ThreadActions,
) {
    val editor = rememberReplyEditor(reply, actions.reply)
    val focus = remember { FocusRequester() }
    var isFocused by remember { mutableStateOf(false) }
    var isLinking by rememberSaveable { mutableStateOf(false) }
    Column {
        // Who only reads needs the space for the thread.
        if (isFocused || isLinking) FormatBar(editor, reply.ready) { isLinking = true }
        // On a small phone with a keyboard, the message that is answered needs some of the space.
        BoxWithConstraints {
            val tallest = (maxHeight * LARGEST_FIELD).coerceAtLeast(SHORTEST_FIELD)
            Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(8.dp), Alignment.Bottom) {
                actions.attach?.let { pick ->
                    Box(Modifier.padding(bottom = 4.dp)) { BarButton(Icons.Clip, string("attachment.add"), pick, reply.ready) }
                }
                ReplyTextField(
                    editor,
                    reply.ready,
                    focus,
                    { isLinking = true },
                    Modifier.weight(1f).heightIn(max = tallest).onFocusChanged { isFocused = it.hasFocus },
                )
                FilledIconButton(actions.send, Modifier.padding(bottom = 4.dp).size(48.dp), enabled = reply.canSend && !editor.isBlank) {
                    Icon(Icons.Send, string("reply.send"), Modifier.size(22.dp))
                }
            }
        }
    }
    if (isLinking) {
        LinkDialog(editor) {
            isLinking = false
            focus.requestFocus()
        }
    }
}
