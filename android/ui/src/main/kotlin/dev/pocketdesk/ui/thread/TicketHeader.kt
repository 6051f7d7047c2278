package dev.pocketdesk.ui.thread

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.text.selection.SelectionContainer
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.Product
import dev.pocketdesk.bindings.Status
import dev.pocketdesk.bindings.Ticket
import dev.pocketdesk.kit.strings.stringKey
import dev.pocketdesk.ui.LocalDates
import dev.pocketdesk.ui.parts.Card
import dev.pocketdesk.ui.parts.MarkChip
import dev.pocketdesk.ui.parts.StatusChip
import dev.pocketdesk.ui.parts.infoOf
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** The details of a ticket: subject, status, whose turn it is, its fields, and what the user can change. */
@Composable
internal fun TicketFacts(
    ticket: Ticket,
    product: Product,
    actions: ThreadActions,
) {
    Column(Modifier.fillMaxWidth()) {
        SelectionContainer {
            Text(
                if (ticket.row.visible) ticket.row.subject else string("history.no_longer_visible"),
                Modifier
                    .fillMaxWidth()
                    .padding(horizontal = 4.dp)
                    .semantics { heading() },
                style = MaterialTheme.typography.headlineSmall.copy(textDirection = TextDirection.Content),
            )
        }
        Card(Modifier.padding(top = 14.dp, bottom = 8.dp)) {
            if (ticket.row.visible || ticket.row.waiting > 0u || ticket.row.needsUser) {
                StatusLine(ticket, product)
                HorizontalDivider(color = MaterialTheme.colorScheme.outlineVariant)
            }
            Column(Modifier.padding(horizontal = 16.dp, vertical = 12.dp), Arrangement.spacedBy(8.dp)) { Facts(ticket, product) }
            TicketChanges(ticket, product, actions)
        }
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun StatusLine(
    ticket: Ticket,
    product: Product,
) {
    val info = product.infoOf(ticket.row.status)
    // The status of a ticket that is no longer visible is unknown.
    val known = ticket.row.number != null && ticket.row.visible
    Column(Modifier.padding(horizontal = 16.dp, vertical = 14.dp)) {
        FlowRow(Modifier, Arrangement.spacedBy(8.dp), Arrangement.spacedBy(6.dp)) {
            if (known) StatusChip(ticket.row.status, product)
            if (ticket.row.needsUser) {
                MarkChip(string("history.needs_you"), Icons.Alert, urgent = true)
            } else if (ticket.row.waiting > 0u) {
                MarkChip(string("delivery.queued"), Icons.Clock)
            }
            // While something of the user's own waits, whose turn it was before is out of date.
            val settled = known && ticket.row.waiting == 0u && !ticket.row.needsUser
            if (settled && info.status != Status.UNKNOWN) {
                Text(
                    string(info.turn.stringKey),
                    Modifier.align(Alignment.CenterVertically),
                    fontWeight = FontWeight.Medium,
                    style = MaterialTheme.typography.bodyMedium,
                )
            }
        }
        if (known) {
            Text(
                string(info.explanationKey),
                Modifier.padding(top = 8.dp),
                color = MaterialTheme.colorScheme.onSurfaceVariant,
                style = MaterialTheme.typography.bodyMedium,
            )
        }
    }
}

@Composable
private fun Facts(
    ticket: Ticket,
    product: Product,
) {
    val type = product.issueTypes.firstOrNull { it.id == ticket.issueType }
    Fact(string("ticket.number"), ticket.row.number?.let { "#$it" } ?: string("ticket.unsent_number"))
    val creator = if (ticket.createdByMe) string("ticket.you") else ticket.createdBy
    if (creator != null) Fact(string("ticket.created_by"), creator)
    Fact(string("ticket.created"), LocalDates.current.moment(ticket.row.createdAt))
    if (type != null) Fact(string("ticket.issue_type"), string(type.labelKey))
    if (ticket.cc.isNotEmpty()) Fact(string("ticket.cc"), ticket.cc.joinToString("\n"))
    ticket.access?.let { Fact(string("ticket.access"), string(if (it) "ticket.access.on" else "ticket.access.off")) }
}

/** A label and its value side by side, or one above the other if the text is too large for that. */
@Composable
private fun Fact(
    label: String,
    value: String,
) {
    val stacked = LocalDensity.current.fontScale > LARGEST_SIDE_BY_SIDE
    val colors = MaterialTheme.colorScheme
    val style = MaterialTheme.typography.bodyMedium
    if (stacked) {
        Column(Modifier.semantics(mergeDescendants = true) { }) {
            Text(label, color = colors.onSurfaceVariant, style = style)
            Text(value, style = style)
        }
    } else {
        Row(Modifier.fillMaxWidth().semantics(mergeDescendants = true) { }, Arrangement.spacedBy(12.dp)) {
            Text(label, Modifier.weight(LABEL_SHARE), color = colors.onSurfaceVariant, style = style)
            Text(value, Modifier.weight(1 - LABEL_SHARE), style = style)
        }
    }
}

private const val LARGEST_SIDE_BY_SIDE = 1.4f
private const val LABEL_SHARE = 0.38f
