package dev.pocketdesk.ui.account

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.Button
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.SignOut
import dev.pocketdesk.kit.SignOutState
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.theme.DeskIcons
import dev.pocketdesk.ui.word

/** What can be done about signing out. */
internal class SignOutActions(
    val ask: () -> Unit,
    val send: () -> Unit,
    val leave: (SignOut) -> Unit,
    val cancel: () -> Unit,
)

/** Signing out takes the tickets off the device. What is unsent is said first, and the safest way out stands on top. */
@Composable
internal fun SignOutDialog(
    state: SignOutState.Asking,
    actions: SignOutActions,
) {
    AlertDialog(
        onDismissRequest = { if (!state.busy) actions.cancel() },
        title = { Text(word("sign_out.title")) },
        // All in one, because with large letters all of it has to scroll.
        text = {
            Column(Modifier.verticalScroll(rememberScrollState()), Arrangement.spacedBy(8.dp)) {
                Question(state)
                Column(Modifier.padding(top = 8.dp), Arrangement.spacedBy(4.dp)) {
                    if (state.loses) Ways(state, actions) else Way("sign_out.title", !state.busy) { actions.leave(SignOut.DISCARD) }
                    TextButton(actions.cancel, WayModifier, enabled = !state.busy) { Text(word("action.cancel")) }
                }
            }
        },
        confirmButton = {},
    )
}

@Composable
private fun Question(state: SignOutState.Asking) {
    Text(word(if (state.loses) "sign_out.unsent" else "sign_out.question"))
    val counts =
        listOf("offline.waiting" to state.unsent.messages, "sign_out.drafts" to state.unsent.drafts)
            .filter { (_, count) -> count > 0u }
    counts.forEach { (key, count) -> Text(word(key, "count" to count), style = MaterialTheme.typography.titleSmall) }
    if (state.busy) LinearProgressIndicator(Modifier.fillMaxWidth().padding(top = 4.dp))
    state.failure?.let { Note(DeskIcons.Alert, word(it), error = true) }
}

@Composable
private fun Ways(
    state: SignOutState.Asking,
    actions: SignOutActions,
) {
    // A draft is sent by nobody but its writer.
    if (state.unsent.messages > 0u) Way("sign_out.send", !state.busy, actions.send)
    OutlinedButton({ actions.leave(SignOut.KEEP) }, WayModifier, enabled = !state.busy) { Label("sign_out.keep") }
    TextButton({ actions.leave(SignOut.DISCARD) }, WayModifier, enabled = !state.busy) {
        Text(word("sign_out.discard"), color = MaterialTheme.colorScheme.error, textAlign = TextAlign.Center)
    }
}

@Composable
private fun Way(
    key: String,
    enabled: Boolean,
    onClick: () -> Unit,
) {
    Button(onClick, WayModifier, enabled = enabled) { Label(key) }
}

@Composable
private fun Label(key: String) {
    Text(word(key), textAlign = TextAlign.Center)
}

private val WayModifier = Modifier.fillMaxWidth().heightIn(min = 48.dp)
