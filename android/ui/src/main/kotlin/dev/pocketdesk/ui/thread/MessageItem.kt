package dev.pocketdesk.ui.thread

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.text.selection.SelectionContainer
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.Attachment
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.Message
import dev.pocketdesk.bindings.Ticket
import dev.pocketdesk.kit.wordKey
import dev.pocketdesk.ui.LocalDates
import dev.pocketdesk.ui.parts.DiscardDialog
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.theme.DeskIcons
import dev.pocketdesk.ui.theme.LocalDeskColors
import dev.pocketdesk.ui.word

/** One message: who, when, what, and how far it got if it is this user's. */
@Composable
internal fun MessageItem(
    message: Message,
    ticket: Ticket,
    actions: ThreadActions,
) {
    val colors = LocalDeskColors.current
    val (container, content) = if (message.mine) colors.mine else colors.mine.copy(colors.card, MaterialTheme.colorScheme.onSurface)
    Box(
        Modifier.fillMaxWidth().padding(start = if (message.mine) Indent else 0.dp, end = if (message.mine) 0.dp else Indent),
        if (message.mine) Alignment.CenterEnd else Alignment.CenterStart,
    ) {
        Surface(color = container, contentColor = content, shape = MaterialTheme.shapes.large) {
            Column(Modifier.padding(horizontal = 14.dp, vertical = 12.dp)) {
                Byline(message, ticket)
                SelectionContainer {
                    Text(
                        message.body,
                        Modifier.padding(top = 6.dp),
                        style = MaterialTheme.typography.bodyLarge.copy(textDirection = TextDirection.Content),
                    )
                }
                message.attachments.forEach { AttachmentLine(it) }
                DeliveryLine(message, actions)
            }
        }
    }
}

private val Indent = 28.dp

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Byline(
    message: Message,
    ticket: Ticket,
) {
    val author =
        when {
            message.mine -> word("ticket.you")
            message.author != null -> message.author
            message.fromDesk -> word("ticket.desk")
            message.description -> ticket.createdBy
            else -> null
        }
    FlowRow(Modifier, Arrangement.spacedBy(8.dp), Arrangement.spacedBy(2.dp)) {
        if (author != null) Text(author.orEmpty(), style = MaterialTheme.typography.titleSmall)
        if (message.fromDesk && message.author != null) {
            Text(
                word("ticket.desk"),
                Modifier.align(Alignment.CenterVertically),
                color = MaterialTheme.colorScheme.primary,
                style = MaterialTheme.typography.labelMedium,
            )
        }
        Text(
            LocalDates.current.moment(message.createdAt),
            Modifier.align(Alignment.CenterVertically),
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            style = MaterialTheme.typography.bodySmall,
        )
    }
}

@Composable
private fun AttachmentLine(attachment: Attachment) {
    Row(
        Modifier.padding(top = 8.dp).semantics(mergeDescendants = true) { },
        Arrangement.spacedBy(8.dp),
        Alignment.CenterVertically,
    ) {
        Icon(DeskIcons.Clip, null, Modifier.size(18.dp))
        Text(attachment.name, Modifier.weight(1f, fill = false), style = MaterialTheme.typography.bodyMedium)
        Text(
            sizeOf(attachment.size.toLong()),
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            style = MaterialTheme.typography.bodySmall,
        )
    }
}

/** How far this user's message got, and what can be done about it: quietly while it merely waits, with buttons once it is stuck. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun DeliveryLine(
    message: Message,
    actions: ThreadActions,
) {
    val delivery = message.delivery
    val key = delivery.wordKey ?: return
    val reason = (delivery as? Delivery.NeedsYou)?.reason
    val stuck = reason != null || delivery == Delivery.MayHaveBeenSent
    Column(Modifier.padding(top = 6.dp).semantics { liveRegion = LiveRegionMode.Polite }) {
        FlowRow(Modifier, Arrangement.spacedBy(4.dp)) {
            Note(
                delivery.icon,
                word(reason?.kind?.wordKey ?: key),
                Modifier.align(Alignment.CenterVertically).padding(top = 2.dp),
                error = stuck,
            )
            if (!stuck && message.canDiscard) DiscardButton(message, actions)
        }
        reason?.words?.takeIf(String::isNotBlank)?.let {
            Text("“$it”", Modifier.padding(start = 22.dp, top = 2.dp), style = MaterialTheme.typography.bodySmall)
        }
        if (stuck) {
            FlowRow(Modifier.padding(top = 8.dp), Arrangement.spacedBy(8.dp)) {
                if (message.canRetry) {
                    OutlinedButton({ actions.retry(message.id) }, Modifier.heightIn(min = 48.dp)) { Text(word("action.retry")) }
                }
                if (message.canDiscard) DiscardButton(message, actions)
            }
        }
    }
}

@Composable
private fun DiscardButton(
    message: Message,
    actions: ThreadActions,
) {
    var asking by rememberSaveable { mutableStateOf(false) }
    TextButton({ asking = true }, Modifier.heightIn(min = 48.dp)) { Text(word("action.discard")) }
    if (asking) {
        DiscardDialog(
            word("action.discard"),
            word("action.discard.question"),
            onClose = { asking = false },
            onDiscard = { actions.discard(message.id) },
        )
    }
}

private val Delivery.icon: ImageVector
    get() =
        when (this) {
            Delivery.Sent -> DeskIcons.Check
            Delivery.Queued, is Delivery.Waiting -> DeskIcons.Clock
            Delivery.Sending -> DeskIcons.Send
            Delivery.Checking -> DeskIcons.Refresh
            is Delivery.NeedsYou, Delivery.MayHaveBeenSent -> DeskIcons.Alert
        }

/** In decimal units, as file managers show them. */
private fun sizeOf(bytes: Long): String =
    when {
        bytes < KILO -> "$bytes B"
        bytes < KILO * KILO -> "${bytes / KILO} KB"
        else -> "${bytes / KILO / KILO} MB"
    }

private const val KILO = 1_000L
