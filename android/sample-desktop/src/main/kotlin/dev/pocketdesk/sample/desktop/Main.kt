package dev.pocketdesk.sample.desktop

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.input.key.Key
import androidx.compose.ui.input.key.KeyEventType
import androidx.compose.ui.input.key.key
import androidx.compose.ui.input.key.type
import androidx.compose.ui.unit.DpSize
import androidx.compose.ui.unit.dp
import androidx.compose.ui.window.Window
import androidx.compose.ui.window.application
import androidx.compose.ui.window.rememberWindowState
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.Strings
import dev.pocketdesk.kit.openWithoutAccount
import dev.pocketdesk.sandbox.SandboxServer
import dev.pocketdesk.sandbox.setUpFor
import dev.pocketdesk.ui.Navigator
import dev.pocketdesk.ui.Person
import dev.pocketdesk.ui.PocketdeskScreens
import dev.pocketdesk.ui.WithClient
import dev.pocketdesk.ui.theme.PocketdeskTheme
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.IOException

private val PHONE = DpSize(392.dp, 800.dp)
private val CONTROLS = 52.dp

/** The phone's screens in a window of a phone's size, with controls above it that disconnect the server or cut a connection. */
fun main() {
    val settings = Settings.from(System.getenv())
    application {
        // Replaced when a user signs in or out.
        var navigator by remember { mutableStateOf(Navigator()) }
        Window(
            onCloseRequest = ::exitApplication,
            state = rememberWindowState(width = PHONE.width, height = PHONE.height + CONTROLS),
            title = "Pocketdesk",
            onPreviewKeyEvent = { it.key == Key.Escape && it.type == KeyEventType.KeyDown && navigator.back() },
        ) { Phone(settings, navigator) { navigator = Navigator() } }
    }
}

@Composable
private fun Phone(
    settings: Settings,
    navigator: Navigator,
    onOtherUser: () -> Unit,
) {
    val strings = remember { Strings.of(settings.language) }
    var signedIn by remember { mutableStateOf(true) }
    val dark =
        when (settings.theme) {
            Settings.Theme.LIGHT -> false
            Settings.Theme.DARK -> true
            Settings.Theme.SYSTEM -> isSystemInDarkTheme()
        }
    PocketdeskTheme(dark, phoneFont()) {
        WithClient(
            open = { settings.open(signedIn) },
            strings = strings,
            key = signedIn,
        ) { client ->
            val user = Person("Ada Lindqvist", "Nordlicht Reisen").takeIf { signedIn }
            Opened(client, settings, navigator, user) {
                onOtherUser()
                signedIn = it
            }
        }
    }
}

/**
 * Opens the client of the signed-in user, or the one without an account. If the server is the sandbox and a definition was chosen, the sandbox is
 * first set up as that product's company would set up its help desk. A sandbox that does not run is ignored.
 */
private suspend fun Settings.open(signedIn: Boolean): Pocketdesk {
    val definition = definition()
    if (definition != null && isSandbox) withContext(Dispatchers.IO) { SandboxServer(url).setUp(definition) }
    return if (signedIn) Pocketdesk.open(config()) { token } else Pocketdesk.openWithoutAccount(configSignedOut())
}

private fun SandboxServer.setUp(definition: String) {
    try {
        setUpFor(definition)
    } catch (_: IOException) {
        // Not running. The window opens all the same.
    }
}

@Composable
private fun Opened(
    client: Pocketdesk,
    settings: Settings,
    navigator: Navigator,
    user: Person?,
    onSignedIn: (Boolean) -> Unit,
) {
    LaunchedEffect(client) { client.setInFront(true) }
    if (settings.push && settings.isSandbox && user != null) LaunchedEffect(client) { SandboxServer(settings.url).pushTo(client) }
    DisposableEffect(client) {
        onDispose {
            navigator.close()
            client.close()
        }
    }
    var called by remember { mutableStateOf<String?>(null) }
    called?.let { HostScreen(it) { called = null } }
    Column {
        DemoControls(client, SandboxServer(settings.url).takeIf { settings.isSandbox }, Modifier.fillMaxWidth())
        PocketdeskScreens(
            client,
            navigator,
            user,
            Modifier.weight(1f),
            settings.language,
            DesktopFiles,
            onSignIn = { onSignedIn(true) }.takeIf { user == null },
            onHostCall = { called = it },
            onSignedOut = { onSignedIn(false) },
        )
    }
}

/** Stands for what the app would show itself for an entry of Help & Support that leads back into it. */
@Composable
private fun HostScreen(
    name: String,
    onClose: () -> Unit,
) {
    AlertDialog(
        onDismissRequest = onClose,
        text = { Text("Here the app opens “$name”.") },
        confirmButton = { TextButton(onClose) { Text("OK") } },
    )
}
