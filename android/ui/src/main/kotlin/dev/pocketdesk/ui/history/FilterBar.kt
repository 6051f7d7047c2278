package dev.pocketdesk.ui.history

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.horizontalScroll
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
import androidx.compose.foundation.rememberScrollState
import androidx.compose.material3.DropdownMenu
import androidx.compose.material3.DropdownMenuItem
import androidx.compose.material3.FilterChip
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.layout.layout
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.collapse
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.expand
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.selected
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.toggleableState
import androidx.compose.ui.state.ToggleableState
import androidx.compose.ui.unit.dp
import dev.pocketdesk.kit.FoundTickets
import dev.pocketdesk.kit.History
import dev.pocketdesk.kit.history.Filter
import dev.pocketdesk.kit.history.FilterChoice
import dev.pocketdesk.kit.history.FilterValue
import dev.pocketdesk.ui.counted
import dev.pocketdesk.ui.parts.Margin
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.parts.PlainButton
import dev.pocketdesk.ui.parts.withFontScaleUpTo
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import dev.pocketdesk.ui.theme.extendedColors

/**
 * The filters of the history, and below them how many tickets are left. They stand above every result, also above an empty one, so that a menu
 * stays open while values are chosen in it.
 *
 * @param found what a search has found; null if nothing is searched for.
 */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun FilterBar(
    placed: PlacedControls,
    history: History,
    actions: HistoryActions,
    found: FoundTickets? = null,
) {
    val controls = placed.controls
    Column {
        val sorts = controls.sorts.isNotEmpty() && !placed.sortsInBar
        if (controls.filters.isNotEmpty() || sorts) {
            Chips(controls.filters, actions.toggle) { if (sorts) SortButton(controls, actions.sortBy) }
        }
        if (history.preparing) Note(Icons.Clock, string("history.preparing"), Modifier.padding(start = 8.dp, top = 8.dp, end = 8.dp))
        val isFiltered = controls.view.isFiltered
        if (isFiltered || found != null) {
            // The count and the button are long in some languages, and the text may be large: what does not fit beside stands below.
            FlowRow(Modifier.fillMaxWidth().padding(start = 8.dp), Arrangement.SpaceBetween) {
                Text(
                    if (found == null) counted("history.results", history.total.toInt()) else countOf(found),
                    Modifier.padding(vertical = 8.dp).align(Alignment.CenterVertically).semantics { liveRegion = LiveRegionMode.Polite },
                    color = MaterialTheme.colorScheme.onSurfaceVariant,
                    style = MaterialTheme.typography.bodyMedium,
                )
                // Where nothing is found, the notice below has this button.
                val isEmpty = if (found == null) history.tickets.isEmpty() else found.hits.isEmpty()
                if (isFiltered && !isEmpty) PlainButton(actions.clearFilters) { Text(string("history.filter.clear")) }
            }
        }
    }
}

@Composable
private fun Chips(
    filters: List<Filter>,
    toggle: (FilterValue) -> Unit,
    first: @Composable () -> Unit,
) {
    val label = string("history.filter")
    Row(
        Modifier
            .beyondMargins()
            .fillMaxWidth()
            .horizontalScroll(rememberScrollState())
            .padding(horizontal = Margin, vertical = 4.dp)
            .semantics { contentDescription = label }
            .testTag("filters"),
        Arrangement.spacedBy(8.dp),
        Alignment.CenterVertically,
    ) {
        first()
        filters.forEach { filter ->
            // Read and unread are one tap away. What has longer names, or more of them, is in a menu.
            if (filter.choices.all { it.value is FilterValue.Read }) {
                filter.choices.forEach { ValueChip(it) { toggle(it.value) } }
            } else {
                MenuChip(filter, toggle)
            }
        }
    }
}

/** Lets a row that is scrolled sideways end at the edges of the screen rather than at its margins. */
private fun Modifier.beyondMargins() =
    layout { measurable, constraints ->
        val margins = Margin.roundToPx() * 2
        val placeable = measurable.measure(constraints.copy(maxWidth = constraints.maxWidth + margins))
        layout(placeable.width - margins, placeable.height) { placeable.placeRelative(-margins / 2, 0) }
    }

/** A value that is chosen or not by a tap. */
@Composable
private fun ValueChip(
    choice: FilterChoice,
    onClick: () -> Unit,
) {
    FilterChip(
        choice.chosen,
        onClick,
        { Row(horizontalArrangement = Arrangement.spacedBy(8.dp)) { CountedName(choice) } },
        Modifier.heightIn(min = 48.dp),
        leadingIcon = if (choice.chosen) ({ Icon(Icons.Check, null) }) else null,
    )
}

/** A filter whose values are in a menu. */
@Composable
private fun MenuChip(
    filter: Filter,
    toggle: (FilterValue) -> Unit,
) {
    var open by remember { mutableStateOf(false) }
    val name = string(filter.labelKey)
    val chosen = filter.chosen
    val text =
        when (chosen.size) {
            0 -> name
            1 -> string("history.filter.chosen", "filter" to name, "values" to string(chosen.single().labelKey))
            else -> string("history.filter.several", "filter" to name, "count" to chosen.size)
        }
    Box {
        FilterChip(
            chosen.isNotEmpty(),
            { open = true },
            { Text(text) },
            Modifier.heightIn(min = 48.dp).semantics {
                role = Role.DropdownList
                if (open) collapse { true.also { open = false } } else expand { true.also { open = true } }
            },
            trailingIcon = { Icon(Icons.Down, null, Modifier.size(18.dp)) },
        )
        ChoiceMenu(open, { open = false }) {
            filter.choices.forEach { choice ->
                ValueItem(choice) {
                    // Of these, one is chosen at a time.
                    if (choice.value is FilterValue.Creator) open = false
                    toggle(choice.value)
                }
            }
        }
    }
}

/** A menu of the history's values or orders. Its width is limited, so that text twice as large would break within words. */
@Composable
internal fun ChoiceMenu(
    open: Boolean,
    onClose: () -> Unit,
    items: @Composable () -> Unit,
) {
    // In the dark it has the colour of the cards, and their shadows are not seen. A host's theme need not have any other.
    val border = BorderStroke(1.dp, MaterialTheme.colorScheme.outlineVariant)
    DropdownMenu(open, onClose, containerColor = extendedColors.card, border = border) {
        CompositionLocalProvider(LocalDensity provides LocalDensity.current.withFontScaleUpTo(LARGEST_IN_MENU), content = items)
    }
}

private const val LARGEST_IN_MENU = 1.5f

@Composable
private fun ValueItem(
    choice: FilterChoice,
    onClick: () -> Unit,
) {
    val single = choice.value is FilterValue.Creator
    DropdownMenuItem(
        { Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(24.dp, Alignment.Start)) { CountedName(choice, Modifier.weight(1f)) } },
        onClick,
        Modifier.semantics {
            role = if (single) Role.RadioButton else Role.Checkbox
            if (single) selected = choice.chosen else toggleableState = ToggleableState(choice.chosen)
        },
        leadingIcon = { if (choice.chosen) Icon(Icons.Check, null) },
    )
}

/** A value's name with the number of its tickets, which a screen reader reads as one. */
@Composable
private fun CountedName(
    choice: FilterChoice,
    modifier: Modifier = Modifier,
) {
    val name = string(choice.labelKey)
    val read = choice.count?.let { counted("history.filter.count", it.toInt(), "name" to name) } ?: name
    Text(name, modifier.semantics { contentDescription = read })
    choice.count?.let { Text(it.toString(), Modifier.clearAndSetSemantics { }) }
}
