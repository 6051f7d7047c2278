package dev.pocketdesk.app

import android.app.Application

/** Holds the one desk of the process. */
public open class PocketdeskApplication : Application() {
    /** Where the desk is and who is signed in. */
    protected open val host: DeskHost get() = SandboxHost

    /** The desk, for every screen of the app. */
    public val desks: DeskHolder by lazy { DeskHolder(this, host, ConnectivityObserver(this)) }

    /** For the account screen. */
    internal val person get() = host.person
}
