package dev.pocketdesk.sample

// README:start
import android.app.Application
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.BackHandler
import androidx.activity.compose.setContent
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.ProcessLifecycleOwner
import androidx.lifecycle.lifecycleScope
import androidx.work.Configuration
import dev.pocketdesk.bindings.DeskConfig
import dev.pocketdesk.kit.Installation
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.Words
import dev.pocketdesk.ui.Navigator
import dev.pocketdesk.ui.Person
import dev.pocketdesk.ui.PocketdeskScreens
import dev.pocketdesk.ui.Screen
import dev.pocketdesk.ui.theme.PocketdeskTheme
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.launch
import java.io.File

/** One desk for the process: it goes on sending while activities come and go, and WorkManager wakes the process for it. */
class ShopApplication :
    Application(),
    Configuration.Provider {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Main)

    val desk by lazy {
        scope.async(Dispatchers.IO) {
            val config =
                DeskConfig(
                    directory = File(noBackupFilesDir, "support").path,
                    account = "customer-4711",
                    deskUrl = "https://support.example.com",
                    profile = null,
                    key = null,
                    installation = Installation.keptIn(noBackupFilesDir.toPath()),
                )
            Pocketdesk.open(config, waker = BackgroundSync(this@ShopApplication)) { refused -> signIn(fresh = refused) }
        }
    }

    override val workManagerConfiguration: Configuration
        get() = Configuration.Builder().setWorkerFactory(SyncWorkerFactory { desk.await() }).build()

    /** The app's own sign-in. */
    private suspend fun signIn(fresh: Boolean): String = if (fresh) "a fresh token" else "the token at hand"

    override fun onCreate() {
        super.onCreate()
        scope.launch { ConnectivityObserver(this@ShopApplication).online.collect { desk.await().setOnline(it) } }
        val app = ProcessLifecycleOwner.get().lifecycle
        scope.launch { app.currentStateFlow.collect { desk.await().setInFront(it.isAtLeast(Lifecycle.State.STARTED)) } }
    }
}

class SupportActivity : ComponentActivity() {
    private val navigator = Navigator(listOf(Screen.Support))

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        val application = application as ShopApplication
        lifecycleScope.launch {
            val desk = application.desk.await()
            setContent {
                BackHandler(navigator.canGoBack) { navigator.back() }
                PocketdeskTheme {
                    PocketdeskScreens(desk, navigator, Words.of("de"), Person("Ada Lindqvist"), onLeave = ::finish)
                }
            }
        }
    }

    override fun onDestroy() {
        navigator.close()
        super.onDestroy()
    }
}
// README:end
