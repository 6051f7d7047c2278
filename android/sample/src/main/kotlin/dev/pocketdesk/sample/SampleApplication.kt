package dev.pocketdesk.sample

import android.app.Application
import androidx.work.Configuration
import dev.pocketdesk.android.PhoneFiles
import dev.pocketdesk.android.PocketdeskHost
import dev.pocketdesk.android.clientConfig
import dev.pocketdesk.kit.Pocketdesk
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.launch

/** Owns the host of the process's one client, for its screens and for WorkManager. */
public open class SampleApplication :
    Application(),
    Configuration.Provider {
    private val scope = MainScope()

    /** Where the server is and who is signed in. */
    public open val session: HostSession by lazy { SandboxSession() }

    public val host: PocketdeskHost by lazy {
        PocketdeskHost(this) { scheduler ->
            session.user.value?.let {
                val config = clientConfig(this, it.account, session.serverUrl, session.product)
                Pocketdesk.open(config, scheduler, tokens = it.tokens)
            }
        }
    }

    /** Longer than an activity: the picker may be open during a configuration change. */
    internal val files by lazy { PhoneFiles(this) }

    override val workManagerConfiguration: Configuration
        get() = Configuration.Builder().setWorkerFactory(host.workerFactory).build()

    /** Signs the user out. Forgets the client first, so that no later call returns the client of a signed-out user. */
    public fun signOut() {
        scope.launch {
            host.forget()
            session.signOut()
        }
    }
}
