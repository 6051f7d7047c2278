package dev.pocketdesk.kit

import dev.pocketdesk.bindings.ChangeListener
import dev.pocketdesk.bindings.Changes
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ReceiveChannel
import java.util.concurrent.atomic.AtomicReference

/**
 * The end of one subscription: the core puts changes in on its thread, one collector takes them out on its own.
 *
 * Changes that arrive while the collector is busy are merged, so a slow screen neither holds up the core nor misses a thread; it merely asks once
 * instead of five times.
 */
internal class ChangeInbox : ChangeListener {
    private val pending = AtomicReference<Changes?>(null)
    private val bell = Channel<Unit>(Channel.CONFLATED)

    /** Rings at least once after each change. Closed with the desk. */
    val signals: ReceiveChannel<Unit> get() = bell

    override fun changed(changes: Changes) {
        pending.accumulateAndGet(changes) { before, now -> if (before == null) now else before.mergedWith(requireNotNull(now)) }
        bell.trySend(Unit)
    }

    /** Everything that changed since the last call, or null if that was taken already. */
    fun take(): Changes? = pending.getAndSet(null)

    fun close() {
        bell.close()
    }
}

private fun Changes.mergedWith(later: Changes) =
    Changes(
        history = history || later.history,
        threads = (threads + later.threads).distinct(),
        outbox = outbox || later.outbox,
        status = status || later.status,
    )
