package dev.pocketdesk.ui.history

import androidx.compose.foundation.ExperimentalFoundationApi
import androidx.compose.foundation.background
import androidx.compose.foundation.combinedClickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
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
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawWithContent
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.input.key.Key
import androidx.compose.ui.input.key.KeyEvent
import androidx.compose.ui.input.key.KeyEventType
import androidx.compose.ui.input.key.isShiftPressed
import androidx.compose.ui.input.key.key
import androidx.compose.ui.input.key.onPreviewKeyEvent
import androidx.compose.ui.input.key.type
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.CustomAccessibilityAction
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.customActions
import androidx.compose.ui.semantics.selected
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.stateDescription
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.FoundIn
import dev.pocketdesk.bindings.RowColumn
import dev.pocketdesk.bindings.RowPlace
import dev.pocketdesk.bindings.Segment
import dev.pocketdesk.bindings.Snippet
import dev.pocketdesk.bindings.TicketHit
import dev.pocketdesk.bindings.TicketRow
import dev.pocketdesk.kit.strings.subjectIn
import dev.pocketdesk.ui.LocalDates
import dev.pocketdesk.ui.LocalStrings
import dev.pocketdesk.ui.parts.MarkChip
import dev.pocketdesk.ui.parts.Marks
import dev.pocketdesk.ui.parts.MenuEntry
import dev.pocketdesk.ui.parts.MoreMenu
import dev.pocketdesk.ui.parts.StatusChip
import dev.pocketdesk.ui.parts.UnsentMark
import dev.pocketdesk.ui.parts.marked
import dev.pocketdesk.ui.parts.plain
import dev.pocketdesk.ui.parts.withText
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import dev.pocketdesk.ui.theme.extendedColors
import dev.pocketdesk.ui.timeText

/**
 * The row of a ticket. The first and the last one of a section have the rounded corners of the card that all of them form.
 *
 * @param selected whether the ticket stands beside the history; null if none does.
 */
@OptIn(ExperimentalFoundationApi::class)
@Composable
internal fun TicketCard(
    ticket: TicketRow,
    first: Boolean,
    last: Boolean,
    selected: Boolean?,
    onClick: () -> Unit,
    onMark: (() -> Unit)? = null,
    content: @Composable RowScope.() -> Unit,
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
    // A long press opens it, and so does the menu key of a keyboard. A screen reader offers what it has as an action of the row.
    var menu by remember { mutableStateOf(false) }
    val mark = ticket.markKey?.takeIf { onMark != null }
    val markName = mark?.let { string(it) }
    Surface(color = extendedColors.card, shape = shape) {
        Column {
            Row(
                Modifier
                    .fillMaxWidth()
                    .onPreviewKeyEvent { key ->
                        (mark != null && key.type == KeyEventType.KeyDown && key.opensMenu).also { if (it) menu = true }
                    }.combinedClickable(role = Role.Button, onLongClick = { menu = true }.takeIf { mark != null }, onClick = onClick)
                    .selectedMark(selected)
                    .semantics {
                        if (ticket.unread) stateDescription = unread
                        if (markName != null && onMark != null) {
                            customActions =
                                listOf(
                                    CustomAccessibilityAction(markName) {
                                        onMark()
                                        true
                                    },
                                )
                        }
                    }.padding(start = 8.dp, end = 16.dp, top = 14.dp, bottom = 14.dp),
            ) {
                UnreadDot(ticket.unread)
                content()
            }
            if (mark != null && onMark != null) {
                // Below the row, so that the menu does not cover what it is about.
                Box(Modifier.padding(start = 24.dp)) { MoreMenu(menu, listOf(MenuEntry(mark, onMark))) { menu = false } }
            }
            if (!last) HorizontalDivider(Modifier.padding(start = 24.dp), color = MaterialTheme.colorScheme.outlineVariant)
        }
    }
}

/** The menu key, or Shift with F10, as everywhere else on a computer. */
private val KeyEvent.opensMenu: Boolean get() = key == Key.Menu || (key == Key.F10 && isShiftPressed)

/** A bar before the row of the ticket that stands beside the history. */
@Composable
private fun Modifier.selectedMark(chosen: Boolean?): Modifier {
    if (chosen == null) return this
    val color = MaterialTheme.colorScheme.primary
    return semantics { selected = chosen }.drawWithContent {
        drawContent()
        val width = 4.dp.toPx()
        val start = if (layoutDirection == LayoutDirection.Ltr) 0f else size.width - width
        if (chosen) drawRect(color, Offset(start, 0f), Size(width, size.height))
    }
}

/**
 * What a list says of a ticket: what it is about and when something last happened, the beginning of its last message, its facts and its status.
 *
 * @param hasStatus whether its status is known.
 * @param hit where a search has found it; null if it stands in the history.
 */
@Composable
internal fun RowScope.TicketItem(
    ticket: TicketRow,
    place: RowPlace,
    hasStatus: Boolean,
    hit: TicketHit? = null,
) {
    Column(Modifier.weight(1f)) {
        Head(ticket, place, hit)
        if (hit?.excerpt.isNullOrEmpty()) ticket.snippet?.let { Beginning(it, ticket.unread) } else hit?.let { FoundPlace(it) }
        Facts(ticket, hit?.foundIn == FoundIn.Number)
        Columns(ticket)
        Chips(ticket, hasStatus)
    }
}

/** A dot beside the first line of the subject. It grows with the text. */
@Composable
private fun UnreadDot(unread: Boolean) {
    Box(Modifier.size(width = 16.dp, height = 22.dp.withText()), Alignment.CenterStart) {
        if (unread) Box(Modifier.size(8.dp.withText()).background(MaterialTheme.colorScheme.primary, CircleShape))
    }
}

/** The subject, and when something last happened. With large text, the time stands above, because the subject needs the width. */
@Composable
private fun Head(
    ticket: TicketRow,
    place: RowPlace,
    hit: TicketHit?,
) {
    val time = timeText(place, ticket.lastActivityAt)
    if (LocalDensity.current.fontScale > LARGEST_SIDE_BY_SIDE) {
        Time(time, ticket.unread)
        Subject(ticket, Modifier.fillMaxWidth(), hit)
    } else {
        Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(12.dp)) {
            Subject(ticket, Modifier.weight(1f), hit)
            Time(time, ticket.unread, Modifier.padding(top = 3.dp))
        }
    }
}

@Composable
internal fun Subject(
    ticket: TicketRow,
    modifier: Modifier,
    hit: TicketHit? = null,
) {
    val colors = MaterialTheme.colorScheme
    val subject = if (ticket.visible) ticket.subjectIn(LocalStrings.current) else string("history.no_longer_visible")
    // A ticket without a subject has a name in its place, in which nothing is found.
    Text(
        hit?.title?.takeIf { it.plain == subject }?.let { marked(it) } ?: AnnotatedString(subject),
        modifier,
        color = if (ticket.visible) colors.onSurface else colors.onSurfaceVariant,
        fontWeight = if (ticket.unread) FontWeight.Bold else FontWeight.Medium,
        maxLines = 2,
        overflow = TextOverflow.Ellipsis,
        style = MaterialTheme.typography.titleMedium.copy(textDirection = TextDirection.Content),
    )
}

@Composable
private fun Time(
    time: String,
    unread: Boolean,
    modifier: Modifier = Modifier,
) {
    val colors = MaterialTheme.colorScheme
    Text(
        time,
        modifier,
        color = if (unread) colors.primary else colors.onSurfaceVariant,
        maxLines = 1,
        style = MaterialTheme.typography.labelMedium,
    )
}

/** The beginning of the last message, aligned by its own direction of writing. */
@Composable
internal fun Beginning(
    snippet: Snippet,
    unread: Boolean,
) {
    val colors = MaterialTheme.colorScheme
    Text(
        if (snippet.mine) string("history.snippet.mine", "text" to snippet.text) else snippet.text,
        Modifier.fillMaxWidth().padding(top = 2.dp),
        color = if (unread) colors.onSurface else colors.onSurfaceVariant,
        maxLines = 2,
        overflow = TextOverflow.Ellipsis,
        style = MaterialTheme.typography.bodyMedium.copy(textDirection = TextDirection.Content),
    )
}

@Composable
private fun Facts(
    ticket: TicketRow,
    isNumberFound: Boolean,
) {
    val created = string("history.created", "date" to LocalDates.current.day(ticket.createdAt))
    val number = ticket.number?.let { Segment("#$it", isNumberFound) }
    Row(Modifier.padding(top = 4.dp), Arrangement.spacedBy(6.dp), Alignment.CenterVertically) {
        Text(
            marked(listOfNotNull(number, number?.let { Segment(" · ", false) }, Segment(created, false))),
            Modifier.weight(1f, fill = false),
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            style = MaterialTheme.typography.bodySmall,
        )
        if (ticket.hasAttachments) {
            Icon(Icons.Clip, string("history.attachments"), Modifier.size(16.dp), tint = MaterialTheme.colorScheme.onSurfaceVariant)
        }
    }
}

/** What the product's columns show of the ticket: its users, or a field. Each stands on a line of its own, with its name before it. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Columns(ticket: TicketRow) {
    val color = MaterialTheme.colorScheme.onSurfaceVariant
    ticket.columns.forEach { column ->
        FlowRow(Modifier.padding(top = 2.dp), Arrangement.spacedBy(6.dp)) {
            Text(string(column.labelKey), color = color, fontWeight = FontWeight.Medium, style = MaterialTheme.typography.bodySmall)
            Text(column.text(), color = color, style = MaterialTheme.typography.bodySmall.copy(textDirection = TextDirection.Content))
        }
    }
}

/** What stands in the column. */
@Composable
internal fun RowColumn.text(): String = textKey?.let { string(it) } ?: texts.joinToString(", ")

@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun Chips(
    ticket: TicketRow,
    hasStatus: Boolean,
) {
    if (!hasStatus && ticket.unsentKey == null && !ticket.linked) return
    FlowRow(
        Modifier.padding(top = 8.dp),
        Arrangement.spacedBy(8.dp),
        Arrangement.spacedBy(6.dp),
    ) {
        if (hasStatus) StatusChip(ticket.status)
        Marks(ticket)
        if (ticket.linked) MarkChip(string("history.linked"), Icons.Person)
        UnsentMark(ticket)
    }
}

internal const val LARGEST_SIDE_BY_SIDE = 1.4f
