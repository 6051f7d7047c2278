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
import androidx.compose.material3.TextButton
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
import dev.pocketdesk.bindings.Reason
import dev.pocketdesk.bindings.ReasonKind
import dev.pocketdesk.kit.strings.stringKey
import dev.pocketdesk.ui.LocalClock
import dev.pocketdesk.ui.parts.DiscardDialog
import dev.pocketdesk.ui.parts.Note
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
    /** The key of the question before it is discarded. */
    val question: String = "button.discard.question",
)

/** The delivery state of a message or change, and what the user can do: inconspicuous while it waits, prominent when it needs a decision. */
@Composable
internal fun DeliveryLine(
    delivery: Delivery,
    actions: DeliveryActions,
    modifier: Modifier = Modifier,
    reasonIsShown: Boolean = false,
) {
    Column(modifier.semantics { liveRegion = LiveRegionMode.Polite }) {
        when (delivery) {
            Delivery.Sent -> Unit
            is Delivery.Held -> Held(delivery, actions)
            is Delivery.NeedsUser ->
                NeedsDecision(string(delivery.reason.kind.stringKey).takeUnless { reasonIsShown }, delivery.reason, actions)
            Delivery.MayHaveBeenSent -> NeedsDecision(string("delivery.may_have_been_sent"), null, actions)
            Delivery.NotShown -> NotShown(actions)
            Delivery.Queued, Delivery.Sending, is Delivery.Waiting, Delivery.Checking -> Waiting(delivery, actions)
        }
    }
}

/** It is sent in a moment. Until then the user can undo it without a question. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Held(
    held: Delivery.Held,
    actions: DeliveryActions,
) {
    val seconds by secondsUntil(held.until)
    val announced = string("delivery.held")
    FlowRow(Modifier, Arrangement.spacedBy(4.dp)) {
        // A screen reader does not read the countdown: it would interrupt everything else each second.
        Row(Modifier.align(Alignment.CenterVertically).clearAndSetSemantics { contentDescription = announced }) {
            Note(
                Icons.Clock,
                if (seconds > 0) string("delivery.held.seconds", "seconds" to seconds) else announced,
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
        produceState(secondsLeft(until - now()), until) {
            var left = until - now()
            while (left > 0) {
                value = secondsLeft(left)
                val step = if (left % SECOND == 0L) SECOND else left % SECOND
                delay(step)
                left -= step
            }
            value = 0
        }
    }

private fun secondsLeft(millis: Long) = ((millis + SECOND - 1) / SECOND).toInt()

/** It waits or is being sent: one line, and what is still possible. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Waiting(
    delivery: Delivery,
    actions: DeliveryActions,
) {
    Note(delivery.icon, string(delivery.stringKey.orEmpty()), Modifier.padding(top = 2.dp))
    // Aligns the labels of the buttons with the note's text.
    FlowRow(Modifier.padding(start = 10.dp)) {
        actions.edit?.let { PlainButton("button.edit", it) }
        actions.discard?.let { AskingButton("button.discard", actions.question, it) }
    }
}

/** It waits for a decision of the user: the reason, the server's own explanation if there is one, and what the user can do. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun NeedsDecision(
    text: String?,
    reason: Reason?,
    actions: DeliveryActions,
) {
    if (reason != null) {
        Text(
            string("delivery.needs_you"),
            Modifier.padding(bottom = 2.dp),
            color = MaterialTheme.colorScheme.error,
            style = MaterialTheme.typography.titleSmall,
        )
    }
    if (text != null) Note(Icons.Alert, text, error = true)
    reason?.serverMessage?.takeIf(String::isNotBlank)?.let {
        Text("“$it”", Modifier.padding(start = 22.dp, top = 2.dp), style = MaterialTheme.typography.bodySmall)
    }
    FlowRow(Modifier.padding(top = 8.dp), Arrangement.spacedBy(8.dp)) {
        actions.retry?.let {
            // A message of a restored backup was not attempted on this device yet.
            val key = if (reason?.kind == ReasonKind.RESTORED) "reply.send" else "button.retry"
            OutlinedButton(it, Modifier.heightIn(min = 48.dp)) { Text(string(key)) }
        }
        actions.edit?.let { PlainButton("button.edit", it) }
        actions.discard?.let { AskingButton("button.discard", actions.question, it) }
    }
}

/** The help desk has it, so nothing is wrong and nothing is lost. The user can write it again, or remove it here. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun NotShown(actions: DeliveryActions) {
    Note(Icons.Info, string("delivery.not_shown"), Modifier.padding(top = 2.dp))
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
    TextButton(onClick, Modifier.heightIn(min = 48.dp)) { Text(string(key)) }
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

private const val SECOND = 1_000L
