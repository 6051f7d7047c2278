package dev.pocketdesk.embedding

// README:start
import android.app.Application
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.BackHandler
import androidx.activity.compose.setContent
import androidx.work.Configuration
import dev.pocketdesk.android.PocketdeskHost
import dev.pocketdesk.android.clientConfig
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.Strings
import dev.pocketdesk.ui.Person
import dev.pocketdesk.ui.PocketdeskScreens
import dev.pocketdesk.ui.Screen
import dev.pocketdesk.ui.WithClient
import dev.pocketdesk.ui.rememberNavigator
import dev.pocketdesk.ui.theme.PocketdeskTheme

/** Owns the one client of the process. It keeps sending while activities come and go, and WorkManager starts the process for it. */
class ShopApplication :
    Application(),
    Configuration.Provider {
    val support by lazy {
        PocketdeskHost(this) { scheduler ->
            val user = Auth.user ?: return@PocketdeskHost null
            val config = clientConfig(this, account = user, serverUrl = "https://support.example.com", language = "de")
            Pocketdesk.open(config, scheduler) { refused -> Auth.accessToken(fresh = refused) }
        }
    }

    override val workManagerConfiguration: Configuration
        get() = Configuration.Builder().setWorkerFactory(support.workerFactory).build()
}

class SupportActivity : ComponentActivity() {
    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        val host = (application as ShopApplication).support
        setContent {
            val navigator = rememberNavigator(Screen.Support)
            BackHandler(navigator.canGoBack) { navigator.back() }
            PocketdeskTheme {
                WithClient(host::client, Strings.of("de")) { client ->
                    PocketdeskScreens(client, navigator, Person("Ada Lindqvist"), language = "de", onLeave = ::finish)
                }
            }
        }
    }
}
// README:end

/** Stands for the app's own sign-in. */
internal object Auth {
    val user: String? = "customer-4711"

    fun accessToken(fresh: Boolean): String = if (fresh) "a fresh token" else "the token at hand"
}
