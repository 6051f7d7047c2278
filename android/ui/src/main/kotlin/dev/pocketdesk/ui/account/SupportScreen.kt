package dev.pocketdesk.ui.account

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.EntryKind
import dev.pocketdesk.kit.account.SupportState
import dev.pocketdesk.ui.counted
import dev.pocketdesk.ui.parts.Card
import dev.pocketdesk.ui.parts.EntryDivider
import dev.pocketdesk.ui.parts.EntryRow
import dev.pocketdesk.ui.parts.Margin
import dev.pocketdesk.ui.parts.Page
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/**
 * Help & Support: the entries that the product lists.
 *
 * @param onLink opens a web page, or a mail app.
 */
@Composable
internal fun SupportScreen(
    state: SupportState,
    onBack: () -> Unit,
    onTickets: () -> Unit,
    onLink: (String) -> Unit,
) {
    Page(string("support.title"), onBack) { padding ->
        Column(
            Modifier
                .fillMaxSize()
                .verticalScroll(rememberScrollState())
                .padding(padding)
                .padding(horizontal = Margin, vertical = 8.dp),
        ) {
            Card {
                state.entries.forEachIndexed { index, entry ->
                    if (index > 0) EntryDivider()
                    val tickets = entry.kind == EntryKind.NEW_TICKET
                    EntryRow(
                        icon = entry.kind.icon,
                        label = string(entry.labelKey),
                        onClick = { if (tickets) onTickets() else entry.target?.let(onLink) },
                        detail = if (tickets && state.waiting > 0) counted("offline.unsent", state.waiting) else null,
                        outside = !tickets,
                    )
                }
            }
        }
    }
}

private val EntryKind.icon: ImageVector
    get() =
        when (this) {
            EntryKind.NEW_TICKET -> Icons.Talk
            EntryKind.HELP_CENTRE -> Icons.Book
            EntryKind.COURSES -> Icons.Course
            EntryKind.EMAIL -> Icons.Mail
        }
