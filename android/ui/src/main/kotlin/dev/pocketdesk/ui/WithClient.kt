package dev.pocketdesk.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.CircularProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableIntStateOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.OpenException
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.Strings

private sealed interface Opening {
    data object Running : Opening

    data class Done(
        val client: Pocketdesk,
    ) : Opening

    data class Failed(
        val stringKey: String,
    ) : Opening

    data object SignedOut : Opening
}

/**
 * Shows [content] with the client as soon as the client is open. Until then it shows progress. If [open] throws an
 * [OpenException], it shows why the client cannot be opened, and a button that tries again.
 *
 * @param open returns the client, and opens it if it is not open yet; null if nobody is signed in. On Android it is
 *   `PocketdeskHost::client`. Called on the main thread.
 * @param strings the texts that are shown until the client is open.
 * @param key a value, such as the signed-in user's id. When it changes, [open] is called again.
 * @param signedOut shown if nobody is signed in.
 */
@Composable
public fun WithClient(
    open: suspend () -> Pocketdesk?,
    strings: Strings,
    key: Any? = Unit,
    signedOut: @Composable () -> Unit = {},
    content: @Composable (Pocketdesk) -> Unit,
) {
    val latest by rememberUpdatedState(open)
    var opening by remember(key) { mutableStateOf<Opening>(Opening.Running) }
    var attempt by remember(key) { mutableIntStateOf(0) }
    LaunchedEffect(key, attempt) {
        opening =
            try {
                latest()?.let(Opening::Done) ?: Opening.SignedOut
            } catch (e: OpenException) {
                Opening.Failed(e.key())
            }
    }
    when (val outcome = opening) {
        is Opening.Done -> content(outcome.client)
        Opening.Running -> Centered { CircularProgressIndicator() }
        Opening.SignedOut -> Centered(signedOut)
        is Opening.Failed ->
            Centered {
                Column(Modifier.padding(32.dp), Arrangement.spacedBy(20.dp), Alignment.CenterHorizontally) {
                    Text(strings[outcome.stringKey])
                    OutlinedButton({
                        opening = Opening.Running
                        attempt++
                    }) { Text(strings["button.retry"]) }
                }
            }
    }
}

@Composable
private fun Centered(content: @Composable () -> Unit) {
    Surface(Modifier.fillMaxSize(), color = MaterialTheme.colorScheme.background) {
        Box(Modifier.fillMaxSize(), Alignment.Center) { content() }
    }
}
