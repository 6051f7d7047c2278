package dev.pocketdesk.sample.desktop

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.Button
import androidx.compose.material3.Text
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
import dev.pocketdesk.kit.Words
import dev.pocketdesk.sandbox.SandboxDesk
import dev.pocketdesk.ui.Navigator
import dev.pocketdesk.ui.Person
import dev.pocketdesk.ui.PocketdeskScreens
import dev.pocketdesk.ui.WithClient
import dev.pocketdesk.ui.theme.PocketdeskTheme

private val PHONE = DpSize(392.dp, 800.dp)
private val STRIP = 52.dp

/** The phone's screens in a window of a phone's size, with a strip above it that takes the desk off the network, or breaks a connection. */
fun main() {
    val settings = Settings.from(System.getenv())
    application {
        // Another one for whoever signs in again.
        var navigator by remember { mutableStateOf(Navigator()) }
        Window(
            onCloseRequest = ::exitApplication,
            state = rememberWindowState(width = PHONE.width, height = PHONE.height + STRIP),
            title = "Pocketdesk",
            onPreviewKeyEvent = { it.key == Key.Escape && it.type == KeyEventType.KeyDown && navigator.back() },
        ) { Phone(settings, navigator) { navigator = Navigator() } }
    }
}

@Composable
private fun Phone(
    settings: Settings,
    navigator: Navigator,
    onSignIn: () -> Unit,
) {
    val words = remember { Words.of(settings.language) }
    var signedIn by remember { mutableStateOf(true) }
    val dark =
        when (settings.theme) {
            Settings.Theme.LIGHT -> false
            Settings.Theme.DARK -> true
            Settings.Theme.SYSTEM -> isSystemInDarkTheme()
        }
    PocketdeskTheme(dark, phoneFont()) {
        WithClient(
            open = { if (signedIn) Pocketdesk.open(settings.config()) { settings.token } else null },
            words = words,
            key = signedIn,
            signedOut = {
                val signIn = {
                    onSignIn()
                    signedIn = true
                }
                Button(signIn) { Text(words["action.sign_in"]) }
            },
        ) { client -> Opened(client, settings, navigator, words) { signedIn = false } }
    }
}

@Composable
private fun Opened(
    desk: Pocketdesk,
    settings: Settings,
    navigator: Navigator,
    words: Words,
    onSignedOut: () -> Unit,
) {
    LaunchedEffect(desk) { desk.setInFront(true) }
    DisposableEffect(desk) {
        onDispose {
            navigator.close()
            desk.close()
        }
    }
    Column {
        DemoStrip(desk, SandboxDesk(settings.url).takeIf { settings.isSandbox }, Modifier.fillMaxWidth())
        PocketdeskScreens(
            desk,
            navigator,
            words,
            Person("Ada Lindqvist", "Nordlicht Reisen"),
            Modifier.weight(1f),
            DesktopFiles,
            onSignedOut = onSignedOut,
        )
    }
}
