package dev.pocketdesk.kit.account

import dev.pocketdesk.bindings.AccountProblem
import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.Entry
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.viewmodel.WHILE_SUBSCRIBED
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.stateIn

/** What Account and Help & Support show. */
public data class SupportState(
    /** The entries of Help & Support in this language, in the product's order. */
    val entries: List<Entry>,
    /** How many messages wait to be sent. */
    val waiting: Int = 0,
    /** What is wrong with the account, if anything. */
    val problem: AccountProblem? = null,
)

/**
 * The account screen and Help & Support. It ends with [scope].
 *
 * @param language a BCP 47 language without a region. An entry that is only for other languages is not shown.
 */
public class SupportViewModel(
    client: Pocketdesk,
    scope: CoroutineScope,
    language: String,
) {
    private val start = SupportState(client.product.entries.filter { it.languages.isEmpty() || language in it.languages })

    /** What to show. */
    public val state: StateFlow<SupportState> =
        client.status
            .map { start.copy(waiting = it.waiting.toInt(), problem = it.problem) }
            .catch { if (it !is ClientException) throw it }
            .stateIn(scope, WHILE_SUBSCRIBED, start)
}
