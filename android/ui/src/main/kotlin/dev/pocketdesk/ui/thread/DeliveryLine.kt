package dev.pocketdesk.ui.thread

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.produceState
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.countdown
import dev.pocketdesk.ui.LocalClock
import dev.pocketdesk.ui.parts.DiscardDialog
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.parts.PlainButton
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import kotlinx.coroutines.delay

/** What the user can do with a message or change that was not sent. An action that is not possible is null. */
internal class DeliveryActions(
    val retry: (() -> Unit)?,
    val edit: (() -> Unit)?,
    val discard: (() -> Unit)?,
    /** Removes a message that the help desk does not show. */
    val remove: () -> Unit = {},
)

/** What is told about the delivery of a message or change, as keys: its state, why it needs the user, and what the buttons say. */
internal class DeliveryTexts(
    val state: String?,
    /** Null if it is told elsewhere. */
    val reason: String?,
    val retry: String?,
    /** The question before it is discarded. */
    val question: String?,
)

/** The delivery state of a message or change, and what the user can do: inconspicuous while it waits, prominent when it needs a decision. */
@Composable
internal fun DeliveryLine(
    delivery: Delivery,
    texts: DeliveryTexts,
    actions: DeliveryActions,
    modifier: Modifier = Modifier,
) {
    val state = texts.state ?: return
    Column(modifier.semantics { liveRegion = LiveRegionMode.Polite }) {
        when (delivery) {
            Delivery.Sent -> Unit
            is Delivery.Held -> Held(delivery, string(state), actions)
            is Delivery.NeedsUser -> {
                NotSent(string(state))
                NeedsDecision(texts.reason, delivery.reason.serverMessage, texts, actions)
            }
            Delivery.MayHaveBeenSent -> NeedsDecision(state, null, texts, actions)
            Delivery.NotShown -> NotShown(string(state), actions)
            Delivery.Queued, Delivery.Sending, is Delivery.Waiting, Delivery.Checking -> Waiting(delivery, texts, actions)
        }
    }
}

/** It is sent in a moment. Until then the user can undo it without a question. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Held(
    held: Delivery.Held,
    announced: String,
    actions: DeliveryActions,
) {
    val seconds by secondsUntil(held.until)
    FlowRow(Modifier, Arrangement.spacedBy(4.dp)) {
        // A screen reader does not read the countdown: it would interrupt everything else each second.
        Row(Modifier.align(Alignment.CenterVertically).clearAndSetSemantics { contentDescription = announced }) {
            Note(
                Icons.Clock,
                if (seconds > 0u) string("delivery.held.seconds", "seconds" to seconds) else announced,
                Modifier.padding(top = 2.dp),
            )
        }
        actions.discard?.let { PlainButton("button.undo", it) }
    }
}

/** Counts down the whole seconds until [until], in milliseconds since 1970 UTC. */
@Composable
private fun secondsUntil(until: Long) =
    LocalClock.current.let { now ->
        produceState(countdown(until, now()).seconds, until) {
            var at = now()
            do {
                val left = countdown(until, at)
                value = left.seconds
                delay(left.changesIn.toLong())
                at += left.changesIn.toLong()
            } while (left.seconds > 0u)
        }
    }

/** It waits or is being sent: one line, and what is still possible. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Waiting(
    delivery: Delivery,
    texts: DeliveryTexts,
    actions: DeliveryActions,
) {
    Note(delivery.icon, string(texts.state.orEmpty()), Modifier.padding(top = 2.dp))
    // Aligns the labels of the buttons with the note's text.
    FlowRow(Modifier.padding(start = 10.dp)) {
        actions.edit?.let { PlainButton("button.edit", it) }
        actions.discard?.let { AskingButton("button.discard", texts.question.orEmpty(), it) }
    }
}

@Composable
private fun NotSent(text: String) {
    Text(
        text,
        Modifier.padding(bottom = 2.dp),
        color = MaterialTheme.colorScheme.error,
        style = MaterialTheme.typography.titleSmall,
    )
}

/** It waits for a decision of the user: the reason, the server's own explanation if there is one, and what the user can do. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun NeedsDecision(
    reason: String?,
    serverMessage: String?,
    texts: DeliveryTexts,
    actions: DeliveryActions,
) {
    if (reason != null) Note(Icons.Alert, string(reason), error = true)
    serverMessage?.takeIf(String::isNotBlank)?.let {
        Text("“$it”", Modifier.padding(start = 22.dp, top = 2.dp), style = MaterialTheme.typography.bodySmall)
    }
    FlowRow(Modifier.padding(top = 8.dp), Arrangement.spacedBy(8.dp)) {
        actions.retry?.let { OutlinedButton(it, Modifier.heightIn(min = 48.dp)) { Text(string(texts.retry.orEmpty())) } }
        actions.edit?.let { PlainButton("button.edit", it) }
        actions.discard?.let { AskingButton("button.discard", texts.question.orEmpty(), it) }
    }
}

/** The help desk has it, so nothing is wrong and nothing is lost. The user can write it again, or remove it here. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun NotShown(
    text: String,
    actions: DeliveryActions,
) {
    Note(Icons.Info, text, Modifier.padding(top = 2.dp))
    FlowRow(Modifier.padding(start = 10.dp)) {
        actions.discard?.let { PlainButton("button.use_text", it) }
        AskingButton("button.remove", "button.remove.question", actions.remove)
    }
}

@Composable
private fun PlainButton(
    key: String,
    onClick: () -> Unit,
) {
    PlainButton(onClick, Modifier.heightIn(min = 48.dp)) { Text(string(key)) }
}

/** A button that asks before it acts. */
@Composable
private fun AskingButton(
    key: String,
    question: String,
    onConfirmed: () -> Unit,
) {
    var asking by rememberSaveable { mutableStateOf(false) }
    PlainButton(key) { asking = true }
    if (asking) DiscardDialog(string(key), string(question), onClose = { asking = false }, action = string(key), onDiscard = onConfirmed)
}

private val Delivery.icon: ImageVector
    get() =
        when (this) {
            Delivery.Sent -> Icons.Check
            is Delivery.Held, Delivery.Queued, is Delivery.Waiting -> Icons.Clock
            Delivery.Sending -> Icons.Send
            Delivery.Checking -> Icons.Refresh
            is Delivery.NeedsUser, Delivery.MayHaveBeenSent, Delivery.NotShown -> Icons.Alert
        }
