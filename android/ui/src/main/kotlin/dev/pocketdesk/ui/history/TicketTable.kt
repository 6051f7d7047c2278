package dev.pocketdesk.ui.history

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.HistoryColumn
import dev.pocketdesk.bindings.RowPlace
import dev.pocketdesk.bindings.SortKey
import dev.pocketdesk.bindings.TicketRow
import dev.pocketdesk.kit.history.HistoryControls
import dev.pocketdesk.ui.LocalDates
import dev.pocketdesk.ui.parts.Margin
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.timeText

/** How wide the history becomes as a table. */
internal val WidestTable = 1200.dp

/** The columns of the history in a window that has room for them all: those of the product, in its order (`docs/product.md`, S1). */
internal class Table private constructor(
    val columns: List<HistoryColumn>,
    private val scale: Float,
) {
    /** The width of a column; null for those that share what is left. */
    fun width(column: HistoryColumn): Dp? = widths.getOrDefault(column.id, OtherWidth)?.times(scale)

    companion object {
        /** The table of these columns; null if they do not fit into this width with texts of this size. */
        fun of(
            columns: List<HistoryColumn>,
            width: Dp,
            scale: Float,
        ): Table? {
            // The dot before the subject says whether a ticket was read.
            val shown = columns.filter { it.id != "read" }
            if (shown.none { it.id == "subject" }) return null
            val table = Table(shown, scale)
            val needed = shown.fold(Edges + Gap * shown.size) { sum, column -> sum + (table.width(column) ?: (SmallestShare * scale)) }
            return table.takeIf { needed <= width }
        }

        private val widths: Map<String, Dp?> =
            mapOf(
                "number" to 84.dp,
                "subject" to null,
                "users" to null,
                "creator" to 128.dp,
                "created" to 104.dp,
                "last_activity" to 104.dp,
                "status" to 168.dp,
            )
        private val OtherWidth = 112.dp
        private val SmallestShare = 180.dp

        // The margins of the screen, and of a row with its dot.
        private val Edges = Margin * 2 + 40.dp
    }
}

private val Gap = 12.dp

/** The names of the columns. They stay on top while the list is scrolled. One by which the history can be sorted is a button for that. */
@Composable
internal fun TableHead(
    table: Table,
    controls: HistoryControls?,
    onSort: (SortKey) -> Unit,
) {
    val colors = MaterialTheme.colorScheme
    Column(Modifier.background(colors.background)) {
        Row(Modifier.fillMaxWidth().padding(start = 24.dp, end = 16.dp), Arrangement.spacedBy(Gap), Alignment.CenterVertically) {
            table.columns.forEach { column ->
                val choice = controls?.sorts?.find { it.key.name.lowercase() == column.id }
                Cell(table, column) {
                    if (controls == null || choice == null) {
                        ColumnName(column, Modifier.padding(vertical = 10.dp))
                    } else {
                        Row(
                            Modifier
                                .heightIn(min = 48.dp)
                                .clip(MaterialTheme.shapes.small)
                                .clickable { onSort(choice.key) }
                                .sortedBy(choice, controls.sort, Role.Button),
                            Arrangement.spacedBy(4.dp),
                            Alignment.CenterVertically,
                        ) {
                            ColumnName(column, Modifier.weight(1f, fill = false))
                            Direction(choice.key, controls.sort)
                        }
                    }
                }
            }
        }
        HorizontalDivider(color = colors.outlineVariant)
    }
}

@Composable
private fun ColumnName(
    column: HistoryColumn,
    modifier: Modifier,
) = Text(
    string(column.labelKey),
    modifier,
    color = MaterialTheme.colorScheme.onSurfaceVariant,
    fontWeight = FontWeight.Medium,
    style = MaterialTheme.typography.labelLarge,
)

/**
 * What a table says of a ticket.
 *
 * @param hasStatus whether its status is known.
 */
@Composable
internal fun RowScope.TicketCells(
    table: Table,
    ticket: TicketRow,
    place: RowPlace,
    hasStatus: Boolean,
) {
    Row(Modifier.weight(1f), Arrangement.spacedBy(Gap)) {
        table.columns.forEach { column ->
            Cell(table, column) {
                when (column.id) {
                    "number" -> Value(column, ticket.number?.let { "#$it" })
                    "created" -> Value(column, LocalDates.current.day(ticket.createdAt))
                    "last_activity" -> Value(column, timeText(place, ticket.lastActivityAt))
                    "status" -> Chips(ticket, hasStatus)
                    "subject" -> {
                        Subject(ticket, Modifier.fillMaxWidth())
                        ticket.snippet?.let { Beginning(it, ticket.unread) }
                    }
                    else -> Value(column, ticket.columns.find { it.id == column.id }?.text())
                }
            }
        }
    }
}

@Composable
private fun RowScope.Cell(
    table: Table,
    column: HistoryColumn,
    content: @Composable () -> Unit,
) {
    val width = table.width(column)
    Column(if (width == null) Modifier.weight(1f) else Modifier.width(width)) { content() }
}

/** A text in a column. It is read with the column's name, because a screen reader reads the whole row. */
@Composable
private fun Value(
    column: HistoryColumn,
    text: String?,
) {
    if (text.isNullOrEmpty()) return
    val name = string(column.labelKey)
    Box(Modifier.padding(top = 3.dp)) {
        Text(
            text,
            Modifier.semantics { contentDescription = "$name: $text" },
            color = MaterialTheme.colorScheme.onSurfaceVariant,
            maxLines = 3,
            overflow = TextOverflow.Ellipsis,
            style = MaterialTheme.typography.bodyMedium.copy(textDirection = TextDirection.Content),
        )
    }
}
