package dev.pocketdesk.kit

import dev.pocketdesk.bindings.DeskException
import dev.pocketdesk.bindings.SignOut
import dev.pocketdesk.bindings.Unsent
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** Where signing out stands. */
public sealed interface SignOutState {
    /** Nobody has asked for it. */
    public data object Idle : SignOutState

    /** The user is asked. */
    public data class Asking(
        /** What would be lost. */
        val unsent: Unsent,
        /** It is being sent, or the account is being left. */
        val busy: Boolean = false,
        /** Why that did not work, for [Words]. */
        val failure: String? = null,
    ) : SignOutState {
        /** Something would be lost. */
        val loses: Boolean get() = unsent.messages > 0u || unsent.drafts > 0u
    }

    /** The account was left and the desk is closed. */
    public data object Done : SignOutState
}

/** Signing out: what is unsent is said first, and the user decides what becomes of it. Call it from one thread, the main one. */
public class SignOutViewModel(
    private val desk: Pocketdesk,
    private val scope: CoroutineScope,
    private val patience: Duration = 30.seconds,
) {
    private val shown = MutableStateFlow<SignOutState>(SignOutState.Idle)

    public val state: StateFlow<SignOutState> = shown.asStateFlow()

    /** The user wants to sign out. */
    public fun ask() {
        scope.launch {
            shown.value =
                try {
                    SignOutState.Asking(desk.unsent())
                } catch (e: DeskException) {
                    SignOutState.Asking(Unsent(0u, 0u), failure = e.wordKey)
                }
        }
    }

    /** The user stays. */
    public fun cancel() {
        if (shown.value is SignOutState.Asking) shown.value = SignOutState.Idle
    }

    /** Sends what waits, for a while, and asks again with what is left. */
    public fun send() {
        whileAsking {
            desk.syncUntil(patience)
            shown.value = SignOutState.Asking(desk.unsent())
        }
    }

    /** Leaves the account. */
    public fun leave(mode: SignOut) {
        whileAsking {
            desk.signOut(mode)
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
            } catch (e: DeskException) {
                // Whoever stopped asking meanwhile is not asked again.
                if (shown.value is SignOutState.Asking) shown.value = asking.copy(failure = e.wordKey)
            }
        }
    }
}
