package dev.pocketdesk.kit.account

import dev.pocketdesk.bindings.AccountProblem
import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.Strings
import dev.pocketdesk.kit.unreadTickets
import dev.pocketdesk.kit.viewmodel.WHILE_SUBSCRIBED
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.stateIn

/** What Account and Help & Support show. */
public data class SupportState(
    /** The entries of Help & Support, in the product's order. */
    val entries: List<HelpEntry>,
    /** How many messages and changes the server has not confirmed, in all tickets. */
    val waiting: Int = 0,
    /** What is wrong with the account, if anything. */
    val problem: AccountProblem? = null,
    /** How many of the user's own tickets are unread. */
    val unread: Int = 0,
)

/**
 * The account screen and Help & Support. It ends with [scope].
 *
 * An entry that would lead nowhere is not shown, such as a call back into the app if the app does not take it. Core decides what is offered to
 * somebody who is not signed in; the history is offered once there is a ticket. The constructor may read the file: see [Pocketdesk.entries].
 *
 * @param strings the language of the screens. Some entries exist in certain languages only.
 * @param takesHostCalls whether the app takes the calls of [HelpTarget.Host].
 */
public class SupportViewModel(
    client: Pocketdesk,
    scope: CoroutineScope,
    strings: Strings,
    takesHostCalls: Boolean,
) {
    private val start = SupportState(client.entries(strings.language).mapNotNull { it.inWordsOf(strings, takesHostCalls) })

    /** What to show. What holds for the user, and with it what is offered, may change at any time. */
    public val state: StateFlow<SupportState> =
        combine(client.offeredEntries(strings.language), client.status, client.unreadTickets) { entries, status, unread ->
            SupportState(entries.mapNotNull { it.inWordsOf(strings, takesHostCalls) }, status.waiting.toInt(), status.problem, unread)
        }.catch { if (it !is ClientException) throw it }
            .stateIn(scope, WHILE_SUBSCRIBED, start)
}
