package dev.pocketdesk.app

import android.content.Context
import dev.pocketdesk.bindings.DeskConfig
import dev.pocketdesk.bindings.DeskException
import dev.pocketdesk.bindings.OpenException
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.wordKey
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import java.io.File

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
}

/**
 * The one desk of the process. It opens in the background when first asked for, hears from [connectivity], and stays open: screens come and go, and
 * sending goes on.
 */
public class DeskHolder(
    private val context: Context,
    private val host: DeskHost,
    private val connectivity: ConnectivityObserver,
) : AutoCloseable {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val outcome = MutableStateFlow<Opening>(Opening.Waiting)

    /** The desk, as soon as it is open. */
    public val opening: StateFlow<Opening> by lazy {
        scope.launch { open() }
        outcome.asStateFlow()
    }

    private suspend fun open() {
        // Outside the backup: a restored copy could send again what the other phone has sent already.
        val folder = File(context.noBackupFilesDir, "pocketdesk").apply { mkdirs() }
        val config = DeskConfig(folder.path, host.account, host.deskUrl, host.profile, key = null)
        try {
            val desk = Pocketdesk.open(config, tokens = host.tokens)
            outcome.value = Opening.Opened(desk)
            connectivity.online.collect { desk.setOnline(it) }
        } catch (e: OpenException) {
            outcome.value = Opening.Refused(e.wordKey)
        } catch (_: DeskException) {
            // Closed while a change of the network was on its way: nobody is left to be told.
        }
    }

    /** The user signs out of the host app, or the process ends. */
    override fun close() {
        scope.cancel()
        (outcome.value as? Opening.Opened)?.desk?.close()
    }
}
