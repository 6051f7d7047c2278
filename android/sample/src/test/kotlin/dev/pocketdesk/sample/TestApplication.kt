package dev.pocketdesk.sample

import dev.pocketdesk.bindings.builtInProfile
import dev.pocketdesk.kit.TokenSource
import dev.pocketdesk.sandbox.SandboxDesk
import dev.pocketdesk.sandbox.impatient
import dev.pocketdesk.sandbox.takingFiles
import dev.pocketdesk.ui.Person

/** The app, with Ada signed in at a sandbox that a test has started. */
internal class TestApplication : PocketdeskApplication() {
    override val host =
        object : DeskHost {
            override val deskUrl get() = sandbox.url
            override val account get() = "ada"
            override val person get() = Person("Ada Lindqvist", "Nordlicht Reisen")
            override val tokens get() = TokenSource { "ada-token" }
            override val profile get() = impatient(takingFiles(builtInProfile()))
        }

    private var holder: DeskHolder? = null

    override val desks: DeskHolder get() = holder ?: DeskHolder(this, host, ConnectivityObserver(this)).also { holder = it }

    /** The process ended, and this is the next one, over the same files. */
    fun startAgain() {
        holder?.close()
        holder = null
    }

    /** A phone under test has a network to begin with, unlike Robolectric's. */
    override fun onCreate() {
        super.onCreate()
        PhoneNetwork(this).goOn()
    }

    companion object {
        lateinit var sandbox: SandboxDesk
    }
}
