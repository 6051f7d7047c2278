package dev.pocketdesk.ui.history

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.shape.CornerSize
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.stateDescription
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.Product
import dev.pocketdesk.bindings.TicketRow
import dev.pocketdesk.ui.LocalDates
import dev.pocketdesk.ui.parts.MarkChip
import dev.pocketdesk.ui.parts.StatusChip
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import dev.pocketdesk.ui.theme.extendedColors

/** One ticket of the history. The first and the last one have the rounded corners of the card that all of them form. */
@Composable
internal fun TicketItem(
    ticket: TicketRow,
    product: Product,
    first: Boolean,
    last: Boolean,
    onClick: () -> Unit,
) {
    val round = MaterialTheme.shapes.large
    val flat = CornerSize(0.dp)
    val shape =
        round.copy(
            topStart = if (first) round.topStart else flat,
            topEnd = if (first) round.topEnd else flat,
            bottomStart = if (last) round.bottomStart else flat,
            bottomEnd = if (last) round.bottomEnd else flat,
        )
    val unread = string("history.unread")
    Surface(color = extendedColors.card, shape = shape) {
        Column {
            Row(
                Modifier
                    .fillMaxWidth()
                    .clickable(role = Role.Button, onClick = onClick)
                    .semantics { if (ticket.unread) stateDescription = unread }
                    .padding(start = 8.dp, end = 16.dp, top = 14.dp, bottom = 14.dp),
            ) {
                Box(Modifier.padding(top = 7.dp).size(width = 16.dp, height = 8.dp)) {
                    if (ticket.unread) Box(Modifier.size(8.dp).background(MaterialTheme.colorScheme.primary, CircleShape))
                }
                Column(Modifier.weight(1f)) {
                    Subject(ticket)
                    Facts(ticket)
                    Chips(ticket, product)
                }
            }
            if (!last) HorizontalDivider(Modifier.padding(start = 24.dp), color = MaterialTheme.colorScheme.outlineVariant)
        }
    }
}

@Composable
private fun Subject(ticket: TicketRow) {
    val colors = MaterialTheme.colorScheme
    Text(
        if (ticket.visible) ticket.subject else string("history.no_longer_visible"),
        Modifier.fillMaxWidth(),
        color = if (ticket.visible) colors.onSurface else colors.onSurfaceVariant,
        fontWeight = if (ticket.unread) FontWeight.Bold else FontWeight.Medium,
        maxLines = 2,
        overflow = TextOverflow.Ellipsis,
        style = MaterialTheme.typography.titleMedium.copy(textDirection = TextDirection.Content),
    )
}

@Composable
private fun Facts(ticket: TicketRow) {
    Row(Modifier.padding(top = 2.dp), Arrangement.spacedBy(6.dp), Alignment.CenterVertically) {
        Text(
            listOfNotNull(ticket.number?.let { "#$it" }, LocalDates.current.day(ticket.createdAt)).joinToString(" · "),
            Modifier.weight(1f, fill = false),
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            style = MaterialTheme.typography.bodySmall,
        )
        if (ticket.hasAttachments) {
            Icon(Icons.Clip, string("history.attachments"), Modifier.size(16.dp), tint = MaterialTheme.colorScheme.onSurfaceVariant)
        }
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Chips(
    ticket: TicketRow,
    product: Product,
) {
    FlowRow(
        Modifier.padding(top = 8.dp),
        Arrangement.spacedBy(8.dp),
        Arrangement.spacedBy(6.dp),
    ) {
        // A ticket that was not sent yet has no status on the server.
        if (ticket.number != null) StatusChip(ticket.status, product)
        if (ticket.needsUser) {
            MarkChip(string("history.needs_you"), Icons.Alert, urgent = true)
        } else if (ticket.waiting > 0u) {
            MarkChip(string("delivery.queued"), Icons.Clock)
        }
    }
}
