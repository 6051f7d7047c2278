package dev.pocketdesk.kit

import dev.pocketdesk.bindings.AccountProblem
import dev.pocketdesk.bindings.DeskException
import dev.pocketdesk.bindings.Entry
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.stateIn

/** What Account and Help & Support show. */
public data class SupportState(
    /** The entries of Help & Support in this language, in the profile's order. */
    val entries: List<Entry>,
    /** Messages that wait to be sent. */
    val waiting: Int = 0,
    /** What is wrong with the account, if anything. */
    val problem: AccountProblem? = null,
)

/**
 * The two screens on the way to the tickets.
 *
 * @param language BCP 47: entries may differ by language.
 */
public class SupportViewModel(
    desk: Pocketdesk,
    scope: CoroutineScope,
    language: String,
) {
    private val start = SupportState(desk.profile.entries.filter { it.languages.isEmpty() || language in it.languages })

    public val state: StateFlow<SupportState> =
        desk.status
            .map { start.copy(waiting = it.waiting.toInt(), problem = it.problem) }
            .catch { if (it !is DeskException) throw it }
            .stateIn(scope, WHILE_WATCHED, start)
}
