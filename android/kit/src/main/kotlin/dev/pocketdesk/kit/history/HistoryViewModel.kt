package dev.pocketdesk.kit

import dev.pocketdesk.bindings.DeskException
import dev.pocketdesk.bindings.DeskStatus
import dev.pocketdesk.bindings.SyncProgress
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What the ticket history shows. */
public sealed interface HistoryState {
    /**
     * The first read, or the first sync with nothing to show yet.
     *
     * @property progress how far the first sync is, once it knows.
     */
    public data class Loading(
        val progress: SyncProgress? = null,
    ) : HistoryState

    /**
     * There is nothing to show, and this is why.
     *
     * @property wordKey the reason, for [Words].
     * @property status null if not even that could be read.
     */
    public data class Failed(
        val wordKey: String,
        val status: DeskStatus? = null,
    ) : HistoryState

    /** The user has no tickets. */
    public data class Empty(
        val status: DeskStatus,
    ) : HistoryState

    /** Tickets, whatever the network does. */
    public data class Shown(
        val history: History,
        val status: DeskStatus,
    ) : HistoryState
}

/** The ticket history: as many rows as were scrolled to, kept up to date. */
@OptIn(ExperimentalCoroutinesApi::class)
public class HistoryViewModel(
    private val desk: Pocketdesk,
    private val scope: CoroutineScope,
) {
    private val rows = MutableStateFlow(Pocketdesk.PAGE)
    private val attempt = MutableStateFlow(0)

    public val state: StateFlow<HistoryState> =
        attempt
            .flatMapLatest {
                combine(desk.history(rows), desk.status, ::stateOf)
                    .catch { if (it is DeskException) emit(HistoryState.Failed(it.wordKey)) else throw it }
            }.stateIn(scope, WHILE_WATCHED, HistoryState.Loading())

    /** The list was scrolled near its end. */
    public fun showMore() {
        val shown = state.value as? HistoryState.Shown ?: return
        if (shown.history.hasMore) rows.update { maxOf(it, shown.history.tickets.size + Pocketdesk.PAGE) }
    }

    /** Asks the desk for news; after a failed read, reads again. */
    public fun refresh() {
        if (state.value is HistoryState.Failed) attempt.update { it + 1 }
        scope.launch { quietly { desk.syncNow() } }
    }

    /** The user has read that the file was made anew. */
    public fun acknowledgeRecovery() {
        scope.launch { quietly { desk.acknowledgeRecovery() } }
    }

    internal companion object {
        fun stateOf(
            history: History,
            status: DeskStatus,
        ): HistoryState {
            val problem = status.problem
            return when {
                history.tickets.isNotEmpty() -> HistoryState.Shown(history, status)
                status.firstSyncDone -> HistoryState.Empty(status)
                problem != null -> HistoryState.Failed(problem.wordKey, status)
                !status.online -> HistoryState.Failed("history.failed.text", status)
                else -> HistoryState.Loading(status.firstSync)
            }
        }
    }
}
