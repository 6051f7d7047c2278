package dev.pocketdesk.ui.history

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.size
import androidx.compose.material3.DropdownMenuItem
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.onClick
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.selected
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.stateDescription
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.HistorySort
import dev.pocketdesk.bindings.SortChoice
import dev.pocketdesk.bindings.SortKey
import dev.pocketdesk.kit.history.HistoryControls
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** The button with the orders of the history. Nothing, if there is one order only. */
@Composable
internal fun SortButton(
    controls: HistoryControls,
    onSort: (SortKey) -> Unit,
) {
    if (controls.sorts.isEmpty()) return
    var open by remember { mutableStateOf(false) }
    val now = controls.sorts.find { it.key == controls.sort.key }?.let { sortedText(it, controls.sort) }
    Box {
        IconButton({ open = true }, Modifier.semantics { if (now != null) stateDescription = now }) {
            Icon(Icons.Sort, string("history.sort"))
        }
        ChoiceMenu(open, { open = false }) {
            controls.sorts.forEach { choice ->
                DropdownMenuItem(
                    { Text(string(choice.labelKey)) },
                    {
                        open = false
                        onSort(choice.key)
                    },
                    Modifier.sortedBy(choice, controls.sort, Role.RadioButton),
                    trailingIcon = { Direction(choice.key, controls.sort) },
                )
            }
        }
    }
}

/** An arrow beside that by which the history is sorted: up, if the smallest is on top. */
@Composable
internal fun Direction(
    key: SortKey,
    sort: HistorySort,
) {
    if (key == sort.key) Icon(if (sort.descending) Icons.ArrowDown else Icons.ArrowUp, null, Modifier.size(18.dp))
}

/** Tells a screen reader whether the history is sorted by this, and what choosing it does. */
@Composable
internal fun Modifier.sortedBy(
    choice: SortChoice,
    sort: HistorySort,
    kind: Role,
): Modifier {
    val chosen = choice.key == sort.key
    val state = if (chosen) sortedText(choice, sort) else null
    val label = if (chosen) string("history.sort_reverse") else string("history.sort_by", "name" to string(choice.labelKey))
    return semantics {
        role = kind
        selected = chosen
        if (state != null) stateDescription = state
        onClick(label, null)
    }
}

@Composable
@ReadOnlyComposable
private fun sortedText(
    choice: SortChoice,
    sort: HistorySort,
): String = string(if (sort.descending) "history.sorted.descending" else "history.sorted.ascending", "name" to string(choice.labelKey))
