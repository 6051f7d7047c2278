package dev.pocketdesk.kit.history

import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.LocalDays
import dev.pocketdesk.bindings.RowTime
import dev.pocketdesk.bindings.SyncStatus
import dev.pocketdesk.bindings.TicketRow
import dev.pocketdesk.bindings.placeRows
import dev.pocketdesk.kit.History
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.mark
import dev.pocketdesk.kit.markAllRead
import dev.pocketdesk.kit.viewmodel.WHILE_SUBSCRIBED
import dev.pocketdesk.kit.viewmodel.ignoringFailure
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/**
 * The ticket history: as many rows as were scrolled to, kept up to date. It ends with [scope].
 *
 * @param start how many rows to show at first: after the end of the process, as many as the user had scrolled to.
 * @param startScope which scope to show at first: after the end of the process, the one that the user had chosen.
 */
@OptIn(ExperimentalCoroutinesApi::class)
public class HistoryViewModel(
    private val client: Pocketdesk,
    private val scope: CoroutineScope,
    start: Int = Pocketdesk.PAGE,
    startScope: String? = null,
) {
    private val rows = MutableStateFlow(start)
    private val scopeId = MutableStateFlow(startScope)
    private val attempt = MutableStateFlow(0)

    /** What to show. The store is read while it is collected, and some seconds longer. */
    public val state: StateFlow<HistoryState> =
        attempt
            .flatMapLatest {
                combine(client.history(rows, scopeId), client.status, everyMinute(), ::stateOf)
                    .flowOn(Dispatchers.Default)
                    .catch { if (it is ClientException) emit(HistoryState.Failed(it.key())) else throw it }
            }.stateIn(scope, WHILE_SUBSCRIBED, HistoryState.Loading())

    /** Loads more rows. Call it when the list was scrolled near its end. */
    public fun showMore() {
        val shown = state.value as? HistoryState.Shown ?: return
        if (shown.history.hasMore) rows.update { maxOf(it, shown.history.tickets.size + Pocketdesk.PAGE) }
    }

    /** Shows another scope, one of [History.scopes]. */
    public fun choose(scope: String) {
        scopeId.value = scope
        rows.value = Pocketdesk.PAGE
    }

    /** Marks a ticket as unread, or as read if it is unread. What it offers has the key `TicketRow.markKey`. */
    public fun mark(row: TicketRow) {
        scope.launch { ignoringFailure { client.mark(row) } }
    }

    /** Marks every ticket of the scope on screen as read. */
    public fun markAllRead() {
        val shown = (state.value as? HistoryState.Shown)?.history?.scope ?: scopeId.value
        scope.launch { ignoringFailure { client.markAllRead(shown) } }
    }

    /** Requests a sync. After a failed read, reads again. */
    public fun refresh() {
        if (state.value is HistoryState.Failed) attempt.update { it + 1 }
        scope.launch { ignoringFailure { client.syncNow() } }
    }

    /** The user has read that a damaged file was replaced. */
    public fun acknowledgeRecovery() {
        scope.launch { ignoringFailure { client.acknowledgeRecovery() } }
    }

    internal companion object {
        private fun History.placesOn(days: LocalDays) = placeRows(days, tickets.map { RowTime(it.lastActivityAt, it.unsent) })

        fun stateOf(
            history: History,
            status: SyncStatus,
            days: LocalDays,
        ): HistoryState {
            val problem = status.problemKey
            val unavailable = history.unavailableKey
            return when {
                unavailable != null -> HistoryState.Unavailable(unavailable, history, status, history.placesOn(days))
                history.tickets.isNotEmpty() -> HistoryState.Shown(history, status, history.placesOn(days))
                status.firstSyncDone -> HistoryState.Empty(status, history)
                problem != null -> HistoryState.Failed(problem, status)
                !status.online -> HistoryState.Failed("history.failed.text", status)
                else -> HistoryState.Loading(status.firstSync)
            }
        }
    }
}
