package dev.pocketdesk.sample.desktop

import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.PocketdeskPush
import dev.pocketdesk.sandbox.PushRelay
import dev.pocketdesk.sandbox.SandboxServer
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.io.IOException

/**
 * Passes on to [client] what the sandbox's webhook says, as push messages do in an app: an agent's answer appears at once. Goes on until it is
 * cancelled; returns at once if no sandbox is running.
 */
internal suspend fun SandboxServer.pushTo(client: Pocketdesk) {
    withContext(Dispatchers.IO) {
        val relay =
            try {
                PushRelay.start(this@pushTo) { data -> PocketdeskPush.ticket(data)?.let { launch { client.tell(it) } } }
            } catch (_: IOException) {
                // Not running. The client still asks at intervals.
                return@withContext
            }
        relay.use { awaitCancellation() }
    }
}

private suspend fun Pocketdesk.tell(ticket: Long) {
    try {
        onPush(ticket)
    } catch (_: ClientException) {
        // Closed in the meantime.
    }
}
