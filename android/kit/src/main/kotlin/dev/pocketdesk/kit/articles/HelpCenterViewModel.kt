package dev.pocketdesk.kit.articles

import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.HelpCenter
import dev.pocketdesk.bindings.HelpCenterState
import dev.pocketdesk.bindings.SyncStatus
import dev.pocketdesk.kit.FoundArticles
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.helpCenter
import dev.pocketdesk.kit.isSearchable
import dev.pocketdesk.kit.searchArticles
import dev.pocketdesk.kit.viewmodel.WHILE_SUBSCRIBED
import dev.pocketdesk.kit.viewmodel.ignoringFailure
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.flatMapLatest
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/**
 * The categories and sections of the help centre, and a search through its articles. Call it from the main thread. It ends with [scope].
 *
 * @param start what to search for at first: after the end of the process, what the user had typed.
 */
@OptIn(ExperimentalCoroutinesApi::class)
public class HelpCenterViewModel(
    private val client: Pocketdesk,
    private val scope: CoroutineScope,
    start: String = "",
) {
    private val attempt = MutableStateFlow(0)
    private val typed = MutableStateFlow(start)

    /** What to show. The store is read while it is collected, and some seconds longer. */
    public val state: StateFlow<HelpCenterScreenState> =
        attempt
            .flatMapLatest {
                combine(client.helpCenter(), client.status, found(), ::stateOf)
                    .catch { if (it is ClientException) emit(HelpCenterScreenState.Failed(it.key())) else throw it }
            }.stateIn(scope, WHILE_SUBSCRIBED, HelpCenterScreenState.Loading)

    /** The user typed into the search. While the text has neither a letter nor a digit, the categories are shown. */
    public fun search(text: String) {
        typed.value = text
    }

    private fun found(): Flow<FoundArticles?> =
        typed.map { it.isSearchable }.distinctUntilChanged().flatMapLatest { isSearched ->
            if (isSearched) client.searchArticles(typed.filter { it.isSearchable }) else flowOf(null)
        }

    /** Requests a sync. After a failed read, reads again. */
    public fun refresh() {
        if (state.value is HelpCenterScreenState.Failed) attempt.update { it + 1 }
        scope.launch { ignoringFailure { client.syncNow() } }
    }

    internal companion object {
        fun stateOf(
            helpCenter: HelpCenter,
            status: SyncStatus,
            found: FoundArticles? = null,
        ): HelpCenterScreenState {
            val problem = status.problemKey
            return when {
                helpCenter.categories.isNotEmpty() -> HelpCenterScreenState.Shown(helpCenter.categories, helpCenter.complete, found)
                helpCenter.complete || helpCenter.state == HelpCenterState.ABSENT -> HelpCenterScreenState.Empty
                status.obstacle != null || !status.online -> HelpCenterScreenState.NotYet
                problem != null -> HelpCenterScreenState.Failed(problem)
                else -> HelpCenterScreenState.Loading
            }
        }
    }
}
