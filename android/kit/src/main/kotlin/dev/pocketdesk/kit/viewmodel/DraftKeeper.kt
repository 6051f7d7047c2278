package dev.pocketdesk.kit.viewmodel

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import java.util.concurrent.atomic.AtomicReference
import kotlin.time.Duration

/**
 * Saves a draft while the user types: after each [pause] and when the screen is left, and never again once it was consumed.
 *
 * The newest draft waits in `pending`. A timer saves it; every change restarts the timer. [keepNow] saves it at once. [consume]
 * (for submit and send) takes the same lock and drops the waiting draft, because a late save would restore a draft that has
 * become a ticket. The work runs in [background], which outlives the screen. If the process ends during a pause, only the text
 * that was typed in that pause is lost.
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
                // A coroutine of its own: the next change cancels the timer, and must not cancel the save.
                background.launch { keep() }
            }
    }

    /** Starts to save the waiting draft, and returns at once. */
    fun keepNow() {
        timer?.cancel()
        background.launch { keep() }
    }

    /** Saves the waiting draft. */
    suspend fun keep() {
        writing.withLock { pending.getAndSet(null)?.let { save(it) } }
    }

    /** Drops the waiting draft, and runs [use] while nothing can be saved. */
    suspend fun <T> consume(use: suspend () -> T): T {
        timer?.cancel()
        return writing.withLock {
            pending.set(null)
            use()
        }
    }

    /** Saves the waiting draft, and then runs [use] while nothing can be saved. */
    suspend fun <T> afterKeeping(use: suspend () -> T): T {
        timer?.cancel()
        return writing.withLock {
            pending.getAndSet(null)?.let { save(it) }
            use()
        }
    }
}
