package dev.pocketdesk.kit

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import java.util.concurrent.atomic.AtomicReference
import kotlin.time.Duration

/**
 * Keeps a draft while it is typed: at each [pause], when the screen is left, and never again once it was consumed.
 *
 * The newest text waits in `pending`. A timer that every change starts anew, or [keepNow], writes it. [consume] (submit, send) takes the same lock
 * and drops what waits, because a late save would bring a draft back to life that has become a ticket. The work runs in [background], which outlives
 * the screen; if the process ends inside the pause, at most that pause of typing is lost.
 */
internal class DraftKeeper<D : Any>(
    private val background: CoroutineScope,
    private val pause: Duration,
    private val save: suspend (D) -> Unit,
) {
    private val pending = AtomicReference<D?>(null)
    private val writing = Mutex()
    private var timer: Job? = null

    fun changed(draft: D) {
        pending.set(draft)
        timer?.cancel()
        timer =
            background.launch {
                delay(pause)
                // From here on a new change must not cancel the write, so it is not part of the timer.
                background.launch { keep() }
            }
    }

    /** As [keep], but does not wait for it. */
    fun keepNow() {
        timer?.cancel()
        background.launch { keep() }
    }

    /** Writes what waits. */
    suspend fun keep() {
        writing.withLock { pending.getAndSet(null)?.let { save(it) } }
    }

    suspend fun <T> consume(use: suspend () -> T): T {
        timer?.cancel()
        return writing.withLock {
            pending.set(null)
            use()
        }
    }

    /** Writes what waits, then does [use], with nothing in between. */
    suspend fun <T> afterKeeping(use: suspend () -> T): T {
        timer?.cancel()
        return writing.withLock {
            pending.getAndSet(null)?.let { save(it) }
            use()
        }
    }
}
