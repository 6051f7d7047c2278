package dev.pocketdesk.sample

import dev.pocketdesk.bindings.builtInProfile
import dev.pocketdesk.sandbox.SandboxDesk
import dev.pocketdesk.sandbox.android.PhoneNetwork
import dev.pocketdesk.sandbox.impatient
import dev.pocketdesk.sandbox.takingFiles

/** The app, with Ada signed in at a sandbox server that a test has started. */
internal class TestApplication : SampleApplication() {
    override val session =
        object : SandboxSession() {
            override val serverUrl get() = sandbox.url
            override val profile get() = impatient(takingFiles(builtInProfile()))
        }

    /** The phone has a network to begin with, unlike Robolectric's. */
    override fun onCreate() {
        super.onCreate()
        PhoneNetwork(this).goOnline()
    }

    companion object {
        lateinit var sandbox: SandboxDesk
    }
}
