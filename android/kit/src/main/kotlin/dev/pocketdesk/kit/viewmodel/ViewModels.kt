package dev.pocketdesk.kit

import dev.pocketdesk.bindings.DeskException
import kotlinx.coroutines.flow.SharingStarted
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** A pause in typing after which a draft is kept. */
public val TYPING_PAUSE: Duration = 500.milliseconds

/** States stay warm while the device is being turned, and no longer. */
internal val WHILE_WATCHED = SharingStarted.WhileSubscribed(stopTimeoutMillis = 5_000)

/** For calls whose failure the screen learns from its flow anyway. */
internal suspend fun quietly(call: suspend () -> Unit) {
    try {
        call()
    } catch (_: DeskException) {
        // The flow of the same screen reads the same store and ends in the same exception, with words for it.
    }
}
