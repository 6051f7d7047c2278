package dev.pocketdesk.ui.parts

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.Icon
import androidx.compose.material3.LocalContentColor
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.TicketRow
import dev.pocketdesk.bindings.TicketStatus
import dev.pocketdesk.kit.strings.nameIn
import dev.pocketdesk.ui.LocalStrings
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import dev.pocketdesk.ui.theme.Tone
import dev.pocketdesk.ui.theme.extendedColors

/** A ticket's status as text and colour. */
@Composable
internal fun StatusChip(status: TicketStatus) {
    Chip(status.nameIn(LocalStrings.current), extendedColors.of(status.kind)) {
        Box(Modifier.size(7.dp.withText()).background(LocalContentColor.current, CircleShape))
    }
}

/** Something about a ticket other than its status. It is outlined, to look different from a status. */
@Composable
internal fun MarkChip(
    text: String,
    icon: ImageVector,
    urgent: Boolean = false,
) {
    val colors = MaterialTheme.colorScheme
    val content = if (urgent) colors.error else colors.onSurfaceVariant
    Chip(text, Tone(Color.Transparent, content), BorderStroke(1.dp, if (urgent) colors.error else colors.outlineVariant)) {
        Icon(icon, null, Modifier.size(14.dp.withText()))
    }
}

/** The marks over a ticket's status that the product has, such as an escalation. */
@Composable
internal fun Marks(ticket: TicketRow) {
    ticket.markKeys.forEach { MarkChip(string(it), Icons.Alert) }
}

/** Marks a ticket with something unsent. */
@Composable
internal fun UnsentMark(ticket: TicketRow) {
    ticket.unsentKey?.let { MarkChip(string(it), if (ticket.needsUser) Icons.Alert else Icons.Clock, urgent = ticket.needsUser) }
}

@Composable
private fun Chip(
    text: String,
    tone: Tone,
    border: BorderStroke? = null,
    mark: @Composable () -> Unit,
) {
    Surface(color = tone.container, contentColor = tone.content, shape = RoundedCornerShape(8.dp), border = border) {
        Row(
            Modifier.padding(start = 8.dp, end = 9.dp, top = 4.dp, bottom = 4.dp),
            Arrangement.spacedBy(6.dp),
            Alignment.CenterVertically,
        ) {
            mark()
            Text(text, style = MaterialTheme.typography.labelMedium)
        }
    }
}
