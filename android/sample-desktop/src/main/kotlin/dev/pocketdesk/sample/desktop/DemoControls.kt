package dev.pocketdesk.sample.desktop

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.toggleable
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Switch
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.sandbox.SandboxServer
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.io.IOException

/**
 * The controls above the phone. The switch disconnects the sandbox server, and tells the client what a platform would tell it. With any other server
 * only the client is told. The button cuts the connection of the next message after the message has arrived, so that the client has to find out
 * whether it did.
 */
@Composable
internal fun DemoControls(
    client: Pocketdesk,
    sandbox: SandboxServer?,
    modifier: Modifier = Modifier,
) {
    var online by remember { mutableStateOf(true) }
    val scope = rememberCoroutineScope()
    val switch: (Boolean) -> Unit = { on ->
        online = on
        scope.launch {
            if (sandbox != null) withContext(Dispatchers.IO) { sandbox.switchNetwork(on) }
            client.setOnline(on)
        }
    }
    Surface(modifier, color = MaterialTheme.colorScheme.inverseSurface, contentColor = MaterialTheme.colorScheme.inverseOnSurface) {
        Row(
            Modifier
                .toggleable(online, role = Role.Switch, onValueChange = switch)
                .heightIn(min = 52.dp)
                .padding(horizontal = 16.dp),
            Arrangement.spacedBy(12.dp),
            Alignment.CenterVertically,
        ) {
            Text(
                if (online) "The network is on" else "The network is off",
                Modifier.weight(1f),
                style = MaterialTheme.typography.bodyMedium,
            )
            if (sandbox != null) {
                TextButton({ scope.launch { withContext(Dispatchers.IO) { sandbox.breakNext() } } }, enabled = online) {
                    Text("Break the next message", color = MaterialTheme.colorScheme.inversePrimary)
                }
            }
            Switch(online, onCheckedChange = null)
        }
    }
}

private fun SandboxServer.breakNext() {
    try {
        fault("cut_after", """{"times": 1, "only": "/api/v2/requests"}""")
    } catch (_: IOException) {
        // Not running.
    }
}

private fun SandboxServer.switchNetwork(on: Boolean) {
    try {
        if (on) heal() else goOffline()
    } catch (_: IOException) {
        // Not running. The client is still told.
    }
}
