package dev.pocketdesk.kit.client

import dev.pocketdesk.bindings.Changes
import dev.pocketdesk.bindings.Client
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.withContext

/** Turns the core's subscriptions into flows. Each collector has a subscription of its own, which ends with [life] at the latest. */
internal class ChangeFeed(
    private val client: Client,
    private val life: Job,
    private val dispatcher: CoroutineDispatcher,
) {
    /** Emits null when the subscription exists, and then every change. A reader that reads after the null misses no change. */
    val changes: Flow<Changes?> =
        flow {
            val inbox = ChangeInbox()
            // Not cancellable: a subscription that was created without anybody knowing of it would never be cancelled.
            val subscription = withContext(dispatcher + NonCancellable) { client.subscribe(inbox) }
            val ending = life.invokeOnCompletion { inbox.close() }
            try {
                emit(null)
                for (signal in inbox.signals) inbox.take()?.let { emit(it) }
            } finally {
                ending.dispose()
                subscription.cancel()
                subscription.close()
            }
        }

    /** Emits the result of [read], at first and after each change that [concerns] it. */
    fun <T> live(
        concerns: (Changes) -> Boolean,
        read: suspend () -> T,
    ): Flow<T> =
        changes
            .filter { it == null || concerns(it) }
            .map { read() }
            .distinctUntilChanged()
}
