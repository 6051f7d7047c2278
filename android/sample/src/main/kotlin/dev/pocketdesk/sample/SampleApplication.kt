package dev.pocketdesk.sample

import android.app.Application
import androidx.work.Configuration
import dev.pocketdesk.android.PhoneFiles
import dev.pocketdesk.android.PocketdeskHost
import dev.pocketdesk.android.clientConfig
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.openWithoutAccount
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
            val user = session.user.value
            if (user != null) {
                val config = clientConfig(this, user.account, session.serverUrl, session.product)
                Pocketdesk.open(config, scheduler, tokens = user.tokens)
            } else {
                session.productSignedOut?.let {
                    Pocketdesk.openWithoutAccount(clientConfig(this, null, session.serverUrl, it), scheduler)
                }
            }
        }
    }

    /** Longer than an activity: the picker may be open during a configuration change. */
    internal val files by lazy { PhoneFiles(this) }

    override val workManagerConfiguration: Configuration
        get() = Configuration.Builder().setWorkerFactory(host.workerFactory).build()

    /** Signs a user in. Forgets the client of nobody first, so that no later call returns it. */
    public fun signIn() {
        scope.launch {
            host.forget()
            session.signIn()
        }
    }

    /** Signs the user out. Forgets the client first, so that no later call returns the client of a signed-out user. */
    public fun signOut() {
        scope.launch {
            host.forget()
            session.signOut()
        }
    }
}
