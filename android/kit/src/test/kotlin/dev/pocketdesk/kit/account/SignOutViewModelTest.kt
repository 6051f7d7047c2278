package dev.pocketdesk.kit.account

import dev.pocketdesk.bindings.SignOut
import dev.pocketdesk.bindings.Unsent
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.filledDraft
import dev.pocketdesk.kit.viewmodel.ViewModelTest
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.job
import kotlinx.coroutines.joinAll
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

/** Signing out, with the real core. */
class SignOutViewModelTest : ViewModelTest() {
    @Test
    fun `signing out says what is unsent sends it or keeps it`() {
        withClient { client ->
            sandbox.goOffline()
            client.setOnline(false)
            val ticket = client.submit(client.filledDraft("Unsent at the end"))
            client.saveReplyDraft(client.replyDraft(ticket).copy(body = "halb getippt"))
            val leaving = SignOutViewModel(client, scope)
            leaving.ask()
            val asking = leaving.state.await("the question") { it is SignOutState.Asking } as SignOutState.Asking
            assertEquals(Unsent(messages = 1u, drafts = 1u), asking.unsent)
            assertTrue(asking.loses)
            leaving.cancel()
            assertEquals(SignOutState.Idle, leaving.state.value)
            leaving.ask()
            leaving.state.await("the question again") { it is SignOutState.Asking }
            leaving.leave(SignOut.KEEP)
            leaving.state.await("the end") { it == SignOutState.Done }
        }
        withClient { client ->
            assertEquals(Unsent(messages = 1u, drafts = 1u), client.unsent())
            sandbox.heal()
            val leaving = SignOutViewModel(client, scope)
            leaving.ask()
            leaving.state.await("the question") { it is SignOutState.Asking }
            leaving.send()
            leaving.state.await("what is left") { it is SignOutState.Asking && !it.busy && it.unsent.messages == 0u }
            leaving.leave(SignOut.DISCARD)
            leaving.state.await("the end") { it == SignOutState.Done }
        }
        assertEquals(1, sandbox.tickets("Unsent at the end").size)
    }

    @Test
    fun `a question that was closed while messages are sent stays closed`() {
        withClient { client ->
            client.setOnline(true)
            client.submit(client.filledDraft("Größe der Anzeige 📐"))
            val work = CoroutineScope(scope.coroutineContext + Job())
            val leaving = SignOutViewModel(client, work)
            leaving.ask()
            leaving.state.await("the question") { it is SignOutState.Asking }
            leaving.send()
            leaving.cancel()
            work.coroutineContext.job.children
                .toList()
                .joinAll()
            assertEquals(SignOutState.Idle, leaving.state.value)
            assertEquals(0u, client.unsent().messages)
        }
    }
}
