package dev.pocketdesk.sample

import android.content.Context
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.ProcessLifecycleOwner
import dev.pocketdesk.bindings.DeskConfig
import dev.pocketdesk.bindings.DeskException
import dev.pocketdesk.bindings.OpenException
import dev.pocketdesk.kit.Installation
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.Waker
import dev.pocketdesk.kit.wordKey
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch
import java.io.File
import java.io.IOException

/** What became of opening the desk. */
public sealed interface Opening {
    public data object Waiting : Opening

    public data class Opened(
        val desk: Pocketdesk,
    ) : Opening

    /** @property wordKey why, for [dev.pocketdesk.kit.Words]. */
    public data class Refused(
        val wordKey: String,
    ) : Opening

    /** Closed, until the user signs in. */
    public data object SignedOut : Opening
}

/**
 * The one desk of the process. It opens in the background when first asked for, by a screen or by [BackgroundSync]'s worker, hears from
 * [connectivity] and of the app's coming and going, and stays open: screens come and go, and sending goes on.
 *
 * @param app the whole app's lifecycle.
 */
public class DeskHolder(
    private val context: Context,
    private val host: DeskHost,
    private val connectivity: ConnectivityObserver,
    private val waker: Waker = BackgroundSync(context),
    private val app: Lifecycle = ProcessLifecycleOwner.get().lifecycle,
) : AutoCloseable {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val outcome = MutableStateFlow<Opening>(Opening.Waiting)
    private var watching: Job? = null

    /** The desk, as soon as it is open. */
    public val opening: StateFlow<Opening> by lazy {
        watching = scope.launch { open() }
        outcome.asStateFlow()
    }

    /** The desk, opened if it is not; null if it cannot be. */
    public suspend fun desk(): Pocketdesk? = (opening.first { it !is Opening.Waiting } as? Opening.Opened)?.desk

    /** The user signed out on Pocketdesk's own screen, which has closed the desk. From the main thread. */
    public fun signedOut() {
        watching?.cancel()
        outcome.value = Opening.SignedOut
    }

    /** Opens the desk again for who signed out. From the main thread. */
    public fun signIn() {
        if (outcome.compareAndSet(Opening.SignedOut, Opening.Waiting)) watching = scope.launch { open() }
    }

    private suspend fun open() {
        // Outside the backup: tickets are the desk's to give, and a copy on another phone would ask about everything that waits.
        val folder = File(context.noBackupFilesDir, "pocketdesk").apply { mkdirs() }
        val config =
            DeskConfig(
                directory = folder.path,
                account = host.account,
                deskUrl = host.deskUrl,
                profile = host.profile,
                key = null,
                installation = installation(),
            )
        try {
            val desk = Pocketdesk.open(config, waker = waker, tokens = host.tokens)
            outcome.value = Opening.Opened(desk)
            coroutineScope {
                launch { connectivity.online.collect { desk.setOnline(it) } }
                launch { inFront().collect { desk.setInFront(it) } }
            }
        } catch (e: OpenException) {
            outcome.value = Opening.Refused(e.wordKey)
        } catch (_: DeskException) {
            // Closed while a change of the network was on its way: nobody is left to be told.
        }
    }

    private fun installation(): String? =
        try {
            Installation.keptIn(context.noBackupFilesDir.toPath())
        } catch (_: IOException) {
            // A folder that cannot be written to: the opening says so.
            null
        }

    private fun inFront() = app.currentStateFlow.map { it.isAtLeast(Lifecycle.State.STARTED) }.distinctUntilChanged()

    /** The user signs out of the host app, or the process ends. */
    override fun close() {
        scope.cancel()
        (outcome.value as? Opening.Opened)?.desk?.close()
    }
}
