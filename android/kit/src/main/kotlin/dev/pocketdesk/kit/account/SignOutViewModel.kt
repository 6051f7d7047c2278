package dev.pocketdesk.kit.account

import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.SignOut
import dev.pocketdesk.bindings.Unsent
import dev.pocketdesk.kit.Pocketdesk
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** The state of a sign-out. */
public sealed interface SignOutState {
    /** The user has not asked to sign out. */
    public data object Idle : SignOutState

    /** The user is asked what happens to unsent messages and drafts. */
    public data class Asking(
        /** What would be lost. */
        val unsent: Unsent,
        /** Whether messages are being sent, or the account is being left. */
        val busy: Boolean = false,
        /** Why sending or leaving failed, a key of [Strings][dev.pocketdesk.kit.Strings]. */
        val failure: String? = null,
    ) : SignOutState {
        /** Whether something would be lost. */
        val loses: Boolean get() = unsent.messages > 0u || unsent.drafts > 0u
    }

    /** The account was left and the client is closed. */
    public data object Done : SignOutState
}

/**
 * Signs the user out. The user first sees how much is unsent, and decides what happens to it. Call this from the main thread. It
 * ends with [scope].
 *
 * @param limit how long [send] may take.
 */
public class SignOutViewModel(
    private val client: Pocketdesk,
    private val scope: CoroutineScope,
    private val limit: Duration = 30.seconds,
) {
    private val shown = MutableStateFlow<SignOutState>(SignOutState.Idle)

    /** What to show. */
    public val state: StateFlow<SignOutState> = shown.asStateFlow()

    /** The user wants to sign out. */
    public fun ask() {
        scope.launch {
            shown.value =
                try {
                    SignOutState.Asking(client.unsent())
                } catch (e: ClientException) {
                    SignOutState.Asking(Unsent(0u, 0u), failure = e.key())
                }
        }
    }

    /** Closes the question. What was begun before goes on: what [send] sends is sent all the same, and after [leave] comes [SignOutState.Done]. */
    public fun cancel() {
        if (shown.value is SignOutState.Asking) shown.value = SignOutState.Idle
    }

    /** Sends the unsent messages, and then asks the user again about those that are left, unless the question was closed meanwhile. */
    public fun send() {
        whileAsking {
            val problem = client.syncUntil(limit).problemKey
            val left = client.unsent()
            if (shown.value is SignOutState.Asking) shown.value = SignOutState.Asking(left, failure = problem.takeIf { left.messages > 0u })
        }
    }

    /** Leaves the account. */
    public fun leave(mode: SignOut) {
        whileAsking {
            client.signOut(mode)
            shown.value = SignOutState.Done
        }
    }

    private fun whileAsking(work: suspend () -> Unit) {
        val asking = shown.value as? SignOutState.Asking ?: return
        if (asking.busy) return
        shown.value = asking.copy(busy = true, failure = null)
        scope.launch {
            try {
                work()
            } catch (e: ClientException) {
                // If the user has cancelled in the meantime, the question stays closed after a failure.
                if (shown.value is SignOutState.Asking) shown.value = asking.copy(failure = e.key())
            }
        }
    }
}
