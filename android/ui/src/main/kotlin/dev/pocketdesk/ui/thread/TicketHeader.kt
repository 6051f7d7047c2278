package dev.pocketdesk.ui.thread

import androidx.compose.animation.animateContentSize
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.text.selection.SelectionContainer
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.rotate
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.Product
import dev.pocketdesk.bindings.Ticket
import dev.pocketdesk.kit.strings.explanationKey
import dev.pocketdesk.kit.strings.hasStatus
import dev.pocketdesk.kit.strings.turnKey
import dev.pocketdesk.ui.LocalDates
import dev.pocketdesk.ui.parts.Card
import dev.pocketdesk.ui.parts.Margin
import dev.pocketdesk.ui.parts.MarkChip
import dev.pocketdesk.ui.parts.StatusChip
import dev.pocketdesk.ui.parts.withFontScaleUpTo
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/**
 * The head of a ticket, above its thread: subject, status and whose turn it is. It opens to the details: what the status means, the ticket's fields,
 * and what the user can change.
 *
 * @param tallest how high the open details may become; beyond that they scroll.
 */
@Composable
internal fun TicketHeader(
    ticket: Ticket,
    product: Product,
    actions: ThreadActions,
    tallest: Dp,
) {
    var open by rememberSaveable { mutableStateOf(false) }
    val lines = if (LocalDensity.current.fontScale > LARGEST_SIDE_BY_SIDE) 1 else 2
    Column(Modifier.fillMaxWidth().animateContentSize()) {
        // The head stays on screen, and the thread needs the space.
        CompositionLocalProvider(LocalDensity provides LocalDensity.current.withFontScaleUpTo(LARGEST_HEAD)) {
            Head(ticket, product, open, lines) { open = !open }
        }
        if (open) {
            Column(Modifier.heightIn(max = tallest).verticalScroll(rememberScrollState()).testTag("details")) {
                Details(ticket, product, actions)
            }
        }
        HorizontalDivider(color = MaterialTheme.colorScheme.outlineVariant)
    }
}

@Composable
private fun Head(
    ticket: Ticket,
    product: Product,
    open: Boolean,
    lines: Int,
    onClick: () -> Unit,
) {
    val action = string(if (open) "thread.details.hide" else "thread.details.show")
    val subject = if (ticket.row.visible) ticket.row.subject else string("history.no_longer_visible")
    Row(
        Modifier
            .fillMaxWidth()
            .clickable(onClickLabel = action, role = Role.Button, onClick = onClick)
            .semantics { heading() }
            .testTag("head")
            .padding(start = Margin + 4.dp, end = Margin, top = 6.dp, bottom = 10.dp),
        Arrangement.spacedBy(12.dp),
        Alignment.CenterVertically,
    ) {
        Column(Modifier.weight(1f), Arrangement.spacedBy(6.dp)) {
            Text(
                subject,
                Modifier.fillMaxWidth(),
                maxLines = if (open) Int.MAX_VALUE else lines,
                overflow = TextOverflow.Ellipsis,
                style = MaterialTheme.typography.titleMedium.copy(textDirection = TextDirection.Content),
            )
            StatusLine(ticket, product)
        }
        Icon(
            Icons.Down,
            null,
            Modifier.size(22.dp).rotate(if (open) HALF_TURN else 0f),
            tint = MaterialTheme.colorScheme.onSurfaceVariant,
        )
    }
}

@Composable
private fun Details(
    ticket: Ticket,
    product: Product,
    actions: ThreadActions,
) {
    Card(Modifier.padding(start = Margin, end = Margin, bottom = 12.dp)) {
        val explanation =
            ticket.row.status
                .explanationKey(product)
                .takeIf { ticket.row.hasStatus }
        if (explanation != null) {
            Text(
                string(explanation),
                Modifier.padding(horizontal = 16.dp, vertical = 12.dp),
                style = MaterialTheme.typography.bodyMedium,
            )
            HorizontalDivider(color = MaterialTheme.colorScheme.outlineVariant)
        }
        SelectionContainer {
            Column(Modifier.padding(horizontal = 16.dp, vertical = 12.dp), Arrangement.spacedBy(8.dp)) { Facts(ticket, product) }
        }
        TicketChanges(ticket, product, actions)
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun StatusLine(
    ticket: Ticket,
    product: Product,
) {
    FlowRow(Modifier, Arrangement.spacedBy(8.dp), Arrangement.spacedBy(6.dp)) {
        if (ticket.row.hasStatus) StatusChip(ticket.row.status, product)
        if (ticket.row.needsUser) {
            MarkChip(string("history.needs_you"), Icons.Alert, urgent = true)
        } else if (ticket.row.waiting > 0u) {
            MarkChip(string("delivery.queued"), Icons.Clock)
        }
        ticket.turnKey?.let {
            Text(
                string(it),
                Modifier.align(Alignment.CenterVertically),
                fontWeight = FontWeight.Medium,
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
private const val LARGEST_HEAD = 1.3f
private const val HALF_TURN = 180f
private const val LABEL_SHARE = 0.38f
