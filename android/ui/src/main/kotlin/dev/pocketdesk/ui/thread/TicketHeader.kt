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
import dev.pocketdesk.bindings.ActionOffer
import dev.pocketdesk.bindings.FollowedTicket
import dev.pocketdesk.bindings.Ticket
import dev.pocketdesk.kit.isAnonymous
import dev.pocketdesk.kit.strings.subjectIn
import dev.pocketdesk.kit.thread.ThreadState
import dev.pocketdesk.ui.LocalStrings
import dev.pocketdesk.ui.details.DetailsPanel
import dev.pocketdesk.ui.details.Offers
import dev.pocketdesk.ui.details.PlacedAction
import dev.pocketdesk.ui.parts.Margin
import dev.pocketdesk.ui.parts.Marks
import dev.pocketdesk.ui.parts.StatusChip
import dev.pocketdesk.ui.parts.UnsentMark
import dev.pocketdesk.ui.parts.withFontScaleUpTo
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/**
 * The head of a ticket, above its thread: subject, status and whose turn it is. It opens to the details: what the status means, what the product
 * shows of the ticket, and what the user can do with it.
 *
 * @param tallest how high the open details may become; beyond that they scroll.
 * @param startsOpen whether the details are open at first.
 */
@Composable
internal fun TicketHeader(
    state: ThreadState.Shown,
    actions: ThreadActions,
    tallest: Dp,
    startsOpen: Boolean = false,
) {
    val ticket = state.ticket
    var open by rememberSaveable { mutableStateOf(startsOpen) }
    val lines = if (LocalDensity.current.fontScale > LARGEST_SIDE_BY_SIDE) 1 else 2
    Column(Modifier.fillMaxWidth().animateContentSize()) {
        // The head stays on screen, and the thread needs the space.
        CompositionLocalProvider(LocalDensity provides LocalDensity.current.withFontScaleUpTo(LARGEST_HEAD)) {
            Head(ticket, open, lines) { open = !open }
            ticket.follows?.let { Followed(it, actions.openTicket) }
            HeadActions(state.details.head, actions)
            // It stands in the place of feedback that was given.
            state.details.thanks?.let { Remark(it) }
        }
        if (open) {
            Column(Modifier.heightIn(max = tallest).verticalScroll(rememberScrollState()).testTag("details")) {
                DetailsPanel(state.details, actions.act, actions.toggle)
            }
        }
        HorizontalDivider(color = MaterialTheme.colorScheme.outlineVariant)
    }
}

@Composable
private fun Head(
    ticket: Ticket,
    open: Boolean,
    lines: Int,
    onClick: () -> Unit,
) {
    val action = string(if (open) "thread.details.hide" else "thread.details.show")
    val subject = if (ticket.row.visible) ticket.row.subjectIn(LocalStrings.current) else string("history.no_longer_visible")
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
            StatusLine(ticket)
        }
        Icon(
            Icons.Down,
            null,
            Modifier.size(22.dp).rotate(if (open) HALF_TURN else 0f),
            tint = MaterialTheme.colorScheme.onSurfaceVariant,
        )
    }
}

/** The actions that the product wants to be seen at once. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun HeadActions(
    shown: List<ActionOffer>,
    actions: ThreadActions,
) {
    if (shown.isEmpty()) return
    val offers = Offers(shown, actions.act, actions.toggle)
    FlowRow(Modifier.padding(start = Margin + 4.dp, end = Margin, bottom = 10.dp), Arrangement.spacedBy(8.dp)) {
        shown.forEach { PlacedAction(it, offers) }
    }
}

/** The ticket that this one follows. It is opened from here while the user sees it. */
@Composable
private fun Followed(
    followed: FollowedTicket,
    onOpen: (Long) -> Unit,
) {
    val text = string("ticket.follows", "number" to followed.number)
    val ticket = followed.ticket
    if (ticket == null) {
        Remark(text)
        return
    }
    Row(
        Modifier
            .clickable(onClickLabel = string("ticket.follows.open"), role = Role.Button) { onOpen(ticket) }
            .heightIn(min = 48.dp)
            .padding(start = Margin + 4.dp, end = Margin),
        Arrangement.spacedBy(4.dp),
        Alignment.CenterVertically,
    ) {
        Text(
            text,
            Modifier.weight(1f, fill = false),
            color = MaterialTheme.colorScheme.primary,
            style = MaterialTheme.typography.bodyMedium,
        )
        Icon(Icons.Forward, null, Modifier.size(16.dp), tint = MaterialTheme.colorScheme.primary)
    }
}

@Composable
private fun Remark(text: String) {
    Text(
        text,
        Modifier.padding(start = Margin + 4.dp, end = Margin, bottom = 10.dp),
        color = MaterialTheme.colorScheme.onSurfaceVariant,
        style = MaterialTheme.typography.bodyMedium,
    )
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun StatusLine(ticket: Ticket) {
    FlowRow(Modifier, Arrangement.spacedBy(8.dp), Arrangement.spacedBy(6.dp)) {
        if (ticket.row.hasStatus && !ticket.isAnonymous) StatusChip(ticket.row.status)
        Marks(ticket.row)
        UnsentMark(ticket.row)
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

private const val LARGEST_SIDE_BY_SIDE = 1.4f
private const val LARGEST_HEAD = 1.3f
private const val HALF_TURN = 180f
