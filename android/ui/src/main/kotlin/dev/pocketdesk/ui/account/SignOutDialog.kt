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
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.Obstacle
import dev.pocketdesk.bindings.SignOut
import dev.pocketdesk.kit.account.SignOutState
import dev.pocketdesk.ui.counted
import dev.pocketdesk.ui.parts.LocalConnection
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.parts.PlainButton
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** The actions of the sign-out dialog. */
internal class SignOutActions(
    val ask: () -> Unit,
    val send: () -> Unit,
    val leave: (SignOut) -> Unit,
    val cancel: () -> Unit,
)

/** Signing out removes the tickets from the device. The dialog says how much is unsent, and lists the safest choice first. */
@Composable
internal fun SignOutDialog(
    state: SignOutState.Asking,
    actions: SignOutActions,
) {
    AlertDialog(
        onDismissRequest = { if (!state.busy) actions.cancel() },
        title = { Text(string("sign_out.title")) },
        // The buttons are part of the text, so that with large text everything scrolls.
        text = {
            Column(Modifier.verticalScroll(rememberScrollState()), Arrangement.spacedBy(8.dp)) {
                Question(state)
                Column(Modifier.padding(top = 8.dp), Arrangement.spacedBy(4.dp)) {
                    if (state.loses) {
                        Choices(state, actions)
                    } else {
                        PrimaryChoice("sign_out.title", !state.busy) { actions.leave(SignOut.DISCARD) }
                    }
                    PlainButton(actions.cancel, ChoiceModifier, enabled = !state.busy) { Text(string("button.cancel")) }
                }
            }
        },
        confirmButton = {},
    )
}

@Composable
private fun Question(state: SignOutState.Asking) {
    Text(string(if (state.loses) "sign_out.unsent" else "sign_out.question"))
    val counts =
        listOf("offline.unsent" to state.unsent.messages, "sign_out.drafts" to state.unsent.drafts)
            .filter { (_, count) -> count > 0u }
    counts.forEach { (key, count) -> Text(counted(key, count.toInt()), style = MaterialTheme.typography.titleSmall) }
    if (state.busy) LinearProgressIndicator(Modifier.fillMaxWidth().padding(top = 4.dp))
    state.failure?.let { Note(Icons.Alert, string(it), error = true) }
}

@Composable
private fun Choices(
    state: SignOutState.Asking,
    actions: SignOutActions,
) {
    // Drafts are not sent: only their author can finish them.
    if (state.unsent.messages > 0u) {
        val noNetwork = LocalConnection.current.obstacle == Obstacle.NO_NETWORK
        PrimaryChoice("sign_out.send", !state.busy && !noNetwork, actions.send)
        if (noNetwork) Note(Icons.CloudOff, string("offline.no_connection"), Modifier.padding(start = 4.dp, bottom = 8.dp))
    }
    OutlinedButton({ actions.leave(SignOut.KEEP) }, ChoiceModifier, enabled = !state.busy) { Label("sign_out.keep") }
    PlainButton({ actions.leave(SignOut.DISCARD) }, ChoiceModifier, enabled = !state.busy) {
        Text(string("sign_out.discard"), color = MaterialTheme.colorScheme.error, textAlign = TextAlign.Center)
    }
}

@Composable
private fun PrimaryChoice(
    key: String,
    enabled: Boolean,
    onClick: () -> Unit,
) {
    Button(onClick, ChoiceModifier, enabled = enabled) { Label(key) }
}

@Composable
private fun Label(key: String) {
    Text(string(key), textAlign = TextAlign.Center)
}

private val ChoiceModifier = Modifier.fillMaxWidth().heightIn(min = 48.dp)
