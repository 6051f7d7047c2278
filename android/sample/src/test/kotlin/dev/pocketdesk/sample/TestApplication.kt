package dev.pocketdesk.sample

import dev.pocketdesk.sandbox.SandboxServer
import dev.pocketdesk.sandbox.android.PhoneNetwork
import dev.pocketdesk.sandbox.withFastConsistency

/** The app, with Ada signed in at a sandbox server that a test has started. */
internal class TestApplication : SampleApplication() {
    override val session =
        object : SandboxSession() {
            override val serverUrl get() = sandbox.url
            override val product get() = withFastConsistency(super.product)
        }

    /** The phone has a network to begin with, unlike Robolectric's. */
    override fun onCreate() {
        super.onCreate()
        PhoneNetwork(this).goOnline()
    }

    companion object {
        lateinit var sandbox: SandboxServer
    }
}
