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
import dev.pocketdesk.kit.wordKey
import dev.pocketdesk.ui.LocalClock
import dev.pocketdesk.ui.parts.DiscardDialog
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.theme.DeskIcons
import dev.pocketdesk.ui.word
import kotlinx.coroutines.delay

/** What can be done about something that was not sent; null where it cannot. */
internal class DeliveryActions(
    val retry: (() -> Unit)?,
    val edit: (() -> Unit)?,
    val discard: (() -> Unit)?,
    /** What is asked before something is discarded. */
    val question: String = "action.discard.question",
)

/** How far something of this user's got, and what can be done about it: quietly while it merely waits, with buttons once it is stuck. */
@Composable
internal fun DeliveryLine(
    delivery: Delivery,
    actions: DeliveryActions,
    modifier: Modifier = Modifier,
) {
    Column(modifier.semantics { liveRegion = LiveRegionMode.Polite }) {
        when (delivery) {
            Delivery.Sent -> Unit
            is Delivery.Held -> Held(delivery, actions)
            is Delivery.NeedsYou -> Stuck(word(delivery.reason.kind.wordKey), delivery.reason, actions)
            Delivery.MayHaveBeenSent -> Stuck(word("delivery.may_have_been_sent"), null, actions)
            Delivery.Queued, Delivery.Sending, is Delivery.Waiting, Delivery.Checking -> Waiting(delivery, actions)
        }
    }
}

/** It will be sent in a moment; until then it is undone without a question. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Held(
    held: Delivery.Held,
    actions: DeliveryActions,
) {
    val seconds by secondsUntil(held.until)
    val announced = word("delivery.held")
    FlowRow(Modifier, Arrangement.spacedBy(4.dp)) {
        // Counted for the eye only: read out each second, it would talk over everything else.
        Row(Modifier.align(Alignment.CenterVertically).clearAndSetSemantics { contentDescription = announced }) {
            Note(
                DeskIcons.Clock,
                if (seconds > 0) word("delivery.held.seconds", "seconds" to seconds) else announced,
                Modifier.padding(top = 2.dp),
            )
        }
        actions.discard?.let { QuietButton("action.undo", it) }
    }
}

/** Whole seconds until [until], counted down. */
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

/** Nothing is wrong: one line, and what is still possible. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Waiting(
    delivery: Delivery,
    actions: DeliveryActions,
) {
    Note(delivery.icon, word(delivery.wordKey.orEmpty()), Modifier.padding(top = 2.dp))
    // The labels of the buttons begin where the note's text does.
    FlowRow(Modifier.padding(start = 10.dp)) {
        actions.edit?.let { QuietButton("action.edit", it) }
        actions.discard?.let { DiscardButton(actions.question, it) }
    }
}

/** It stays until the user decides: why, in the desk's own words where it gave any, and every way on. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Stuck(
    text: String,
    reason: Reason?,
    actions: DeliveryActions,
) {
    if (reason != null) {
        Text(
            word("delivery.needs_you"),
            Modifier.padding(bottom = 2.dp),
            color = MaterialTheme.colorScheme.error,
            style = MaterialTheme.typography.titleSmall,
        )
    }
    Note(DeskIcons.Alert, text, error = true)
    reason?.words?.takeIf(String::isNotBlank)?.let {
        Text("“$it”", Modifier.padding(start = 22.dp, top = 2.dp), style = MaterialTheme.typography.bodySmall)
    }
    FlowRow(Modifier.padding(top = 8.dp), Arrangement.spacedBy(8.dp)) {
        actions.retry?.let {
            // What another device may have sent was not tried here yet.
            val key = if (reason?.kind == ReasonKind.RESTORED) "reply.send" else "action.retry"
            OutlinedButton(it, Modifier.heightIn(min = 48.dp)) { Text(word(key)) }
        }
        actions.edit?.let { QuietButton("action.edit", it) }
        actions.discard?.let { DiscardButton(actions.question, it) }
    }
}

@Composable
private fun QuietButton(
    key: String,
    onClick: () -> Unit,
) {
    TextButton(onClick, Modifier.heightIn(min = 48.dp)) { Text(word(key)) }
}

@Composable
private fun DiscardButton(
    question: String,
    onDiscard: () -> Unit,
) {
    var asking by rememberSaveable { mutableStateOf(false) }
    QuietButton("action.discard") { asking = true }
    if (asking) {
        DiscardDialog(word("action.discard"), word(question), onClose = { asking = false }, onDiscard = onDiscard)
    }
}

private val Delivery.icon: ImageVector
    get() =
        when (this) {
            Delivery.Sent -> DeskIcons.Check
            is Delivery.Held, Delivery.Queued, is Delivery.Waiting -> DeskIcons.Clock
            Delivery.Sending -> DeskIcons.Send
            Delivery.Checking -> DeskIcons.Refresh
            is Delivery.NeedsYou, Delivery.MayHaveBeenSent -> DeskIcons.Alert
        }

private const val SECOND = 1_000L
