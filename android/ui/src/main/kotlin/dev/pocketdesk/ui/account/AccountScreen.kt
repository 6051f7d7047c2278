package dev.pocketdesk.ui.account

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import dev.pocketdesk.kit.account.SignOutState
import dev.pocketdesk.kit.account.SupportState
import dev.pocketdesk.ui.Person
import dev.pocketdesk.ui.counted
import dev.pocketdesk.ui.parts.Card
import dev.pocketdesk.ui.parts.EntryDivider
import dev.pocketdesk.ui.parts.EntryRow
import dev.pocketdesk.ui.parts.Margin
import dev.pocketdesk.ui.parts.Page
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** Who is signed in, Help & Support, and signing out. */
@Composable
internal fun AccountScreen(
    person: Person?,
    state: SupportState,
    signingOut: SignOutState,
    onBack: (() -> Unit)?,
    signOut: SignOutActions?,
    onSupport: () -> Unit,
) {
    Page(string("account.title"), onBack) { padding ->
        Column(
            Modifier
                .fillMaxSize()
                .verticalScroll(rememberScrollState())
                .padding(padding)
                .padding(horizontal = Margin),
        ) {
            person?.let { Who(it) }
            Card {
                EntryRow(
                    Icons.Help,
                    string("support.title"),
                    onSupport,
                    detail = if (state.waiting > 0) counted("offline.unsent", state.waiting) else null,
                    unread = state.unread,
                )
                if (signOut != null) {
                    EntryDivider()
                    EntryRow(Icons.Leave, string("sign_out.title"), signOut.ask)
                }
            }
        }
    }
    if (signOut != null && signingOut is SignOutState.Asking) SignOutDialog(signingOut, signOut)
}

@Composable
private fun Who(person: Person) {
    Row(
        Modifier.fillMaxWidth().padding(start = 4.dp, top = 8.dp, bottom = 24.dp),
        Arrangement.spacedBy(16.dp),
        Alignment.CenterVertically,
    ) {
        Portrait(person)
        Column(Modifier.weight(1f)) {
            Text(person.name, style = MaterialTheme.typography.headlineSmall)
            if (person.detail != null) {
                Text(person.detail, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
            }
        }
    }
}

@Composable
private fun Portrait(person: Person) {
    Box(
        Modifier
            .size(64.dp)
            .background(MaterialTheme.colorScheme.primaryContainer, CircleShape)
            .clearAndSetSemantics { },
        Alignment.Center,
    ) {
        // The initials are a picture, so they keep their size at any font scale.
        val size = (22 / LocalDensity.current.fontScale).sp
        Text(
            person.initials,
            color = MaterialTheme.colorScheme.onPrimaryContainer,
            fontSize = size,
            // The line is as high as the letters, so that they stand in the middle.
            style = MaterialTheme.typography.titleLarge.copy(lineHeight = size),
        )
    }
}
