package dev.pocketdesk.sample

import android.app.Application
import androidx.work.Configuration

/** Holds the one desk of the process, for its screens and for WorkManager. */
public open class PocketdeskApplication :
    Application(),
    Configuration.Provider {
    /** Where the desk is and who is signed in. */
    protected open val host: DeskHost get() = SandboxHost

    /** The desk, for every screen of the app. */
    public open val desks: DeskHolder by lazy { DeskHolder(this, host, ConnectivityObserver(this)) }

    override val workManagerConfiguration: Configuration
        get() = Configuration.Builder().setWorkerFactory(SyncWorkerFactory { desks.desk() }).build()

    /** For the account screen. */
    internal val person get() = host.person
}
