package dev.pocketdesk.sample

import android.os.Bundle
import android.text.format.DateFormat
import androidx.activity.ComponentActivity
import androidx.activity.compose.BackHandler
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.activity.viewModels
import androidx.compose.material3.Button
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.ui.platform.LocalConfiguration
import androidx.lifecycle.ViewModel
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.Strings
import dev.pocketdesk.ui.Navigator
import dev.pocketdesk.ui.PocketdeskScreens
import dev.pocketdesk.ui.WithClient
import dev.pocketdesk.ui.theme.PocketdeskTheme

/** Shows Pocketdesk's screens. The screen where the user is survives a configuration change and the end of the process. */
public class MainActivity : ComponentActivity() {
    private val application get() = getApplication() as SampleApplication
    private val navigation by viewModels<NavigationViewModel>()

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        enableEdgeToEdge()
        navigation.restore(savedInstanceState?.getStringArrayList(SCREENS).orEmpty())
        application.files.registerWith(this)
        setContent { PocketdeskTheme { Content() } }
    }

    override fun onSaveInstanceState(outState: Bundle) {
        super.onSaveInstanceState(outState)
        outState.putStringArrayList(SCREENS, ArrayList(navigation.navigator.saved))
    }

    /** The screens of the signed-in user or, before the sign-in, what is there for somebody without an account. */
    @Composable
    private fun Content() {
        val language = LocalConfiguration.current.locales[0]
        val strings = remember(language) { Strings.of(language.toLanguageTag(), language) }
        val user by application.session.user.collectAsState()
        WithClient(application.host::client, strings, key = user, signedOut = { SignIn(strings) }) { client ->
            val navigator = remember(client) { navigation.navigatorOf(client) }
            BackHandler(navigator.canGoBack) { navigator.back() }
            PocketdeskScreens(
                client,
                navigator,
                user?.person,
                language = language.toLanguageTag(),
                files = application.files,
                onSignIn = application::signIn,
                onSignedOut = application::signOut,
                hours24 = DateFormat.is24HourFormat(this),
            )
        }
    }

    @Composable
    private fun SignIn(strings: Strings) {
        Button(application::signIn) { Text(strings["button.sign_in"]) }
    }

    private companion object {
        const val SCREENS = "screens"
    }
}

/** Keeps the navigator over configuration changes. Call it from the main thread. */
internal class NavigationViewModel : ViewModel() {
    private var restored = false

    /** Whose screens the navigator shows; null before the first client is open. */
    private var client: Pocketdesk? = null
    var navigator = Navigator()
        private set

    /** Starts with the [saved] screens after the end of the process. Does nothing after a configuration change. */
    fun restore(saved: List<String>) {
        if (restored) return
        restored = true
        navigator = Navigator.restore(saved)
    }

    /** The navigator for the screens of [client]. It starts over for the next client, when a user signs in or out. */
    fun navigatorOf(client: Pocketdesk): Navigator {
        val before = this.client
        this.client = client
        if (before != null && before !== client) {
            navigator.close()
            navigator = Navigator()
        }
        return navigator
    }

    override fun onCleared() {
        navigator.close()
    }
}
