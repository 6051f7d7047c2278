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
import dev.pocketdesk.kit.account.HelpTarget
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
 * Help & Support: the entries that the product lists. Where nobody is signed in, it is the first screen, and leads to the app's sign-in.
 *
 * @param onBack null if back leads nowhere.
 * @param onSignIn null if a user is signed in, or if the app has no way to sign in here.
 * @param onOpen opens what an entry leads to.
 */
@Composable
internal fun SupportScreen(
    state: SupportState,
    onBack: (() -> Unit)?,
    onSignIn: (() -> Unit)? = null,
    onOpen: (HelpTarget) -> Unit,
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
                    val waits = entry.target == HelpTarget.History && state.waiting > 0
                    val waiting = if (waits) counted("offline.unsent", state.waiting) else null
                    EntryRow(
                        icon = entry.target.icon,
                        label = entry.label,
                        onClick = { onOpen(entry.target) },
                        detail = listOfNotNull(entry.note, waiting).joinToString("\n").ifEmpty { null },
                        outside = entry.target is HelpTarget.Link,
                        unread = if (entry.target == HelpTarget.History) state.unread else 0,
                    )
                }
            }
            if (onSignIn != null) {
                Card(Modifier.padding(top = 16.dp)) { EntryRow(Icons.Person, string("button.sign_in"), onSignIn) }
            }
        }
    }
}

private val HelpTarget.icon: ImageVector
    get() =
        when (this) {
            HelpTarget.History -> Icons.Talk
            HelpTarget.Articles -> Icons.Book
            is HelpTarget.NewTicket -> Icons.Write
            is HelpTarget.Host -> Icons.App
            is HelpTarget.Link ->
                when (uri.scheme?.lowercase()) {
                    "mailto" -> Icons.Mail
                    "tel" -> Icons.Phone
                    else -> Icons.Globe
                }
        }
