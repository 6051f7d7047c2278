package dev.pocketdesk.android

import android.app.Application
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.sandbox.SandboxServer
import dev.pocketdesk.sandbox.android.PhoneNetwork
import dev.pocketdesk.sandbox.productFrom
import dev.pocketdesk.sandbox.withFastConsistency

/** An app without screens, with Ada signed in at a sandbox server that a test has started. */
internal class TestApplication : Application() {
    lateinit var host: PocketdeskHost
        private set

    /** The phone has a network to begin with, unlike Robolectric's. */
    override fun onCreate() {
        super.onCreate()
        PhoneNetwork(this).goOnline()
        host = newHost()
    }

    private fun newHost() =
        PocketdeskHost(this) { scheduler ->
            val config = clientConfig(this, "ada", sandbox.url, withFastConsistency(productFrom()))
            Pocketdesk.open(config, scheduler) { "ada-token" }
        }

    /** The process ended, and this is the next one, over the same files. */
    fun restart() {
        host.close()
        host = newHost()
    }

    companion object {
        lateinit var sandbox: SandboxServer
    }
}
