package dev.pocketdesk.kit.viewmodel

import dev.pocketdesk.bindings.ClientException
import kotlinx.coroutines.flow.SharingStarted
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** How long nothing must be typed before a draft is saved. */
public val TYPING_PAUSE: Duration = 500.milliseconds

/** Keeps a state for some seconds without a collector, so that it survives a configuration change. */
internal val WHILE_SUBSCRIBED = SharingStarted.WhileSubscribed(stopTimeoutMillis = 5_000)

/**
 * Runs a call and ignores its failure. If the store cannot be read, the screen shows that anyway, because its flow reads the same
 * store. A failure of this call alone, such as a write without space, is shown nowhere, so what a user has typed is not saved in this way.
 */
internal suspend fun ignoringFailure(call: suspend () -> Unit) {
    try {
        call()
    } catch (_: ClientException) {
        // See above.
    }
}
