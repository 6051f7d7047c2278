package dev.pocketdesk.kit.thread

import dev.pocketdesk.bindings.ActionOffer
import dev.pocketdesk.bindings.ChangeKind
import dev.pocketdesk.bindings.OfferKind
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.awaitFirstSync
import dev.pocketdesk.kit.viewmodel.ViewModelTest
import dev.pocketdesk.sandbox.Company
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

/** Feedback about a closed ticket, and the toggle for proxy login, with the real core. */
class FeedbackTest : ViewModelTest() {
    private suspend fun ThreadViewModel.awaitThread(
        what: String,
        condition: (ThreadState.Shown) -> Boolean,
    ) = state.filterIsInstance<ThreadState.Shown>().await(what, condition = condition)

    /** A ticket of the user's own with this kind of status: its id and number. */
    private suspend fun Pocketdesk.own(kind: StatusKind): Pair<Long, Long> {
        awaitFirstSync()
        val rows = history().first().tickets.filter { it.visible && it.status.kind == kind }
        val row = rows.first { thread(it.id).first().ticket.createdByMe }
        return row.id to checkNotNull(row.number).toLong()
    }

    private val ThreadState.Shown.toggle: ActionOffer?
        get() = details.actions.firstOrNull { it.kind == OfferKind.TOGGLE }

    @Test
    fun `feedback is given once at the head of a closed ticket and thanked for`() =
        withClient({ Company.HUB.definition }) { client ->
            val (ticket, _) = client.own(StatusKind.CLOSED)
            val thread = ThreadViewModel(client, scope, ticket, "de")
            thread.enter()
            val offer =
                thread
                    .awaitThread("feedback") { shown -> shown.details.head.any { it.kind == OfferKind.FEEDBACK } }
                    .details.head
                    .single { it.kind == OfferKind.FEEDBACK }
            assertEquals(listOf("bad", "good"), offer.feedback?.answers?.map { it.id })
            thread.act(offer)
            assertFalse("an answer has to be chosen", checkNotNull(thread.awaitThread("the form") { it.feedback != null }.feedback).canSend)
            thread.feedbackAnswer("good")
            thread.feedbackText("Schnell & freundlich 🙏 – תודה")
            client.setOnline(false)
            thread.sendFeedback()
            // The details and the list of changes are queries of their own, and either may be read first.
            val waiting =
                thread.awaitThread("thanks") { it.details.thanks != null && it.feedback == null && it.ticket.changes.isNotEmpty() }
            assertEquals(listOf(ChangeKind.FEEDBACK), waiting.ticket.changes.map { it.kind })
            assertTrue(waiting.details.head.none { it.kind == OfferKind.FEEDBACK })
            client.setOnline(true)
            val given = thread.awaitThread("that it was given") { it.ticket.changes.isEmpty() }
            assertNotNull(given.details.thanks)
            thread.leave()
        }

    @Test
    fun `a toggle is not in force before the server has confirmed it and only the last value is sent`() =
        withClient({ Company.HUB.definition }) { client ->
            val (ticket, _) = client.own(StatusKind.OPEN)
            val thread = ThreadViewModel(client, scope, ticket, "en")
            thread.enter()
            val offer = checkNotNull(thread.awaitThread("the toggle") { it.toggle != null }.toggle)
            assertNull("it was never set", offer.toggle?.on)
            assertEquals("As set for your account", offer.toggle?.note)
            assertNotNull(offer.warn)
            client.setOnline(false)
            listOf(true, false, true).forEach { on ->
                thread.setToggle(offer, on)
                // The offer and the list of changes are queries of their own, and either may be read first.
                val shown = thread.awaitThread("$on") { it.toggle?.toggle?.on == on && it.ticket.changes.isNotEmpty() }
                assertEquals("Not in force yet", shown.toggle?.toggle?.note)
                assertEquals(listOf(ChangeKind.TOGGLE), shown.ticket.changes.map { it.kind })
            }
            client.setOnline(true)
            val confirmed = thread.awaitThread("the server") { it.ticket.changes.isEmpty() && it.toggle?.toggle?.isWaiting == false }
            assertEquals(true, confirmed.toggle?.toggle?.on)
            assertNull(confirmed.toggle?.toggle?.note)
            thread.leave()
        }
}
