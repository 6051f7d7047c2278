package dev.pocketdesk.sample

import android.app.Application
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.BackHandler
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.activity.viewModels
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Button
import androidx.compose.material3.CircularProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalConfiguration
import androidx.compose.ui.unit.dp
import androidx.lifecycle.AndroidViewModel
import dev.pocketdesk.kit.Words
import dev.pocketdesk.ui.Navigator
import dev.pocketdesk.ui.PocketdeskScreens
import dev.pocketdesk.ui.Screen
import dev.pocketdesk.ui.theme.PocketdeskTheme

/** Shows Pocketdesk's screens. Where the user is survives the turning of the phone, and the end of the process. */
public class MainActivity : ComponentActivity() {
    private val application get() = getApplication() as PocketdeskApplication
    private val place by viewModels<Place>()

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        enableEdgeToEdge()
        place.enter(savedInstanceState?.getStringArrayList(SCREENS).orEmpty())
        place.files.serve(this)
        setContent { PocketdeskTheme { Content(place.navigator) } }
    }

    override fun onSaveInstanceState(outState: Bundle) {
        super.onSaveInstanceState(outState)
        outState.putStringArrayList(SCREENS, ArrayList(place.paths))
    }

    @Composable
    private fun Content(navigator: Navigator) {
        val language = LocalConfiguration.current.locales[0]
        val words = remember(language) { Words.of(language.toLanguageTag(), language) }
        val opening by application.desks.opening.collectAsState()
        BackHandler(navigator.canGoBack) { navigator.back() }
        when (val outcome = opening) {
            Opening.Waiting -> Paper { CircularProgressIndicator() }
            is Opening.Refused -> Paper { Text(words[outcome.wordKey], Modifier.padding(32.dp)) }
            is Opening.Opened -> {
                PocketdeskScreens(
                    outcome.desk,
                    navigator,
                    words,
                    application.person,
                    files = place.files,
                    onSignedOut = application.desks::signedOut,
                )
            }
            Opening.SignedOut -> {
                LaunchedEffect(Unit) { place.leave() }
                Paper { Button(application.desks::signIn) { Text(words["action.sign_in"]) } }
            }
        }
    }

    private companion object {
        const val SCREENS = "screens"
    }
}

/** Keeps the navigator, and the way to files, while the activity is made anew. */
internal class Place(
    application: Application,
) : AndroidViewModel(application) {
    private var entered = false
    val files = PhoneFiles(application)
    var navigator by mutableStateOf(Navigator())
        private set

    val paths: List<String> get() = navigator.screens.map { it.path }

    /** Begins where the user was, unless the user is somewhere. */
    fun enter(saved: List<String>) {
        if (entered) return
        entered = true
        navigator = Navigator(saved.mapNotNull(Screen::of))
    }

    /** Whoever signs in begins anew. */
    fun leave() {
        navigator.close()
        navigator = Navigator()
    }

    override fun onCleared() {
        navigator.close()
    }
}

@Composable
private fun Paper(content: @Composable () -> Unit) {
    Surface(Modifier.fillMaxSize(), color = MaterialTheme.colorScheme.background) {
        Box(Modifier.fillMaxSize(), Alignment.Center) { content() }
    }
}
