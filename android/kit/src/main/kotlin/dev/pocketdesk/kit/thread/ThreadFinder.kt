package dev.pocketdesk.kit.thread

import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.kit.FoundMessages
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.findInThread
import dev.pocketdesk.kit.viewmodel.WHILE_SUBSCRIBED
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.mapNotNull
import kotlinx.coroutines.flow.onStart
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.flow.update

/** Looks for a text in a thread, and goes from one message that has it to the next. */
@OptIn(ExperimentalCoroutinesApi::class)
internal class ThreadFinder(
    private val client: Pocketdesk,
    scope: CoroutineScope,
    private val ticket: Long,
    start: FindRequest?,
) {
    private data class Asked(
        val text: String,
        val message: Long? = null,
        val steps: Int = 0,
    )

    private val asked = MutableStateFlow(start?.let { Asked(it.text, it.message) })

    /** What is looked for and where it was found; null if nothing is looked for. */
    val state: StateFlow<FindState?> =
        combine(asked, found()) { asked, found -> asked?.let { stateOf(it, found) } }
            .stateIn(scope, WHILE_SUBSCRIBED, start?.let { FindState(it.text) })

    val isOpen: Boolean get() = asked.value != null

    /** Looks for this text. The message that the user looks at stays, if it has it. */
    fun find(text: String) = asked.update { it?.copy(text = text) ?: Asked(text) }

    /** Goes on by this many messages that have the text, and from the last one to the first. */
    fun step(by: Int) {
        val now = state.value ?: return
        val next = now.index?.let { now.hits[(it + by).mod(now.hits.size)] } ?: return
        asked.update { it?.copy(message = next.message, steps = it.steps + 1) }
    }

    fun close() {
        asked.value = null
    }

    private fun found(): Flow<FoundMessages?> =
        asked.map { it != null }.distinctUntilChanged().flatMapLatest { isOpen ->
            if (isOpen) messages().onStart { emit(null) } else flowOf(null)
        }

    /** That the store cannot be read is told by the thread. */
    private fun messages(): Flow<FoundMessages?> =
        client
            .findInThread(ticket, asked.mapNotNull { it?.text }.distinctUntilChanged())
            .map<FoundMessages, FoundMessages?> { it }
            .catch { if (it !is ClientException) throw it }

    private companion object {
        fun stateOf(
            asked: Asked,
            found: FoundMessages?,
        ): FindState {
            val hits = found?.hits.orEmpty()
            val at = hits.indexOfFirst { it.message == asked.message }.coerceAtLeast(0)
            return FindState(asked.text, hits, at.takeIf { hits.isNotEmpty() }, asked.steps, isReady = found?.text == asked.text)
        }
    }
}
