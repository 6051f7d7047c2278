package dev.pocketdesk.kit.client

import dev.pocketdesk.bindings.ChangeListener
import dev.pocketdesk.bindings.Changes
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ReceiveChannel
import java.util.concurrent.atomic.AtomicReference

/**
 * The receiving end of one subscription: the core adds changes on its thread, and one collector takes them on its own.
 *
 * Changes that arrive while the collector is busy are merged. So a slow screen does not block the core and misses no thread; it only reads once
 * instead of five times.
 */
internal class ChangeInbox : ChangeListener {
    private val pending = AtomicReference<Changes?>(null)
    private val arrived = Channel<Unit>(Channel.CONFLATED)

    /** Receives at least one element after each change. Closed with the client. */
    val signals: ReceiveChannel<Unit> get() = arrived

    override fun changed(changes: Changes) {
        pending.accumulateAndGet(changes) { before, now -> if (before == null) now else before.mergedWith(requireNotNull(now)) }
        arrived.trySend(Unit)
    }

    /** Returns everything that changed since the last call, or null if that was taken already. */
    fun take(): Changes? = pending.getAndSet(null)

    fun close() {
        arrived.close()
    }
}

private fun Changes.mergedWith(later: Changes) =
    Changes(
        history = history || later.history,
        threads = (threads + later.threads).distinct(),
        everyThread = everyThread || later.everyThread,
        outbox = outbox || later.outbox,
        status = status || later.status,
        articles = articles || later.articles,
    )
