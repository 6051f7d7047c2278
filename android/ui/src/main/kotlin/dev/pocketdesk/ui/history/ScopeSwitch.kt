package dev.pocketdesk.ui.history

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.FilterChip
import androidx.compose.material3.Icon
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.pocketdesk.kit.History
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** Which tickets the history shows, and which others the user can switch to. Nothing, if there is nothing to switch. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun ScopeSwitch(
    history: History,
    choose: (String) -> Unit,
) {
    if (history.scopes.isEmpty()) return
    val label = string("history.scope")
    // The names are long in some languages, and the text may be large: what does not fit beside stands below.
    FlowRow(
        Modifier.padding(top = 4.dp, bottom = 4.dp).selectableGroup().semantics { contentDescription = label },
        Arrangement.spacedBy(8.dp),
    ) {
        history.scopes.forEach { scope ->
            val selected = scope.id == history.scope
            FilterChip(
                selected,
                { choose(scope.id) },
                { Text(string(scope.labelKey)) },
                Modifier.heightIn(min = 48.dp).semantics { role = Role.RadioButton },
                leadingIcon = if (selected) ({ Icon(Icons.Check, null) }) else null,
            )
        }
    }
}
