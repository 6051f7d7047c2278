package dev.pocketdesk.kit

import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.Status
import dev.pocketdesk.sandbox.SandboxProcess
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.takeWhile
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

/** A ticket written in a tunnel, from the first keystroke to the agent's answer, through the real core and a real desk. */
class ScenarioTest {
    @get:Rule
    val temporary = TemporaryFolder()

    private val process = SandboxProcess.start()
    private val sandbox = process.desk
    private val folder by lazy { temporary.newFolder("ada").toPath() }

    @After
    fun stop() {
        process.close()
    }

    @Test
    fun `a ticket and two replies survive the end of the process without a network and arrive exactly once`() =
        runBlocking {
            val ticket = OfflinePart.play(sandbox, folder)
            assertTrue("nothing may have reached the desk", sandbox.tickets(Scenario.SUBJECT).isEmpty())

            openDesk(sandbox, folder).use { desk ->
                desk.setOnline(false)
                assertEverythingWaits(desk, ticket)

                sandbox.heal()
                desk.setOnline(true)
                val sent =
                    desk.history().await("the number") {
                        it.tickets.first { row -> row.id == ticket }.run {
                            number != null &&
                                waiting == 0u
                        }
                    }
                assertEquals(301L, sent.total)
                assertAtTheDeskOnce()

                sandbox.answer(
                    sandbox.tickets(Scenario.SUBJECT).single().id,
                    "Hello Ada, the payout was booked on 4 March. Do you see it now?",
                )
                desk.syncNow()
                val answered =
                    desk.history().await(
                        "the answer",
                    ) { it.tickets.first().run { id == ticket && status == Status.AWAITING_REPLY } }
                assertTrue("an answer nobody opened is unread", answered.tickets.first().unread)

                desk.opened(ticket)
                desk.history().await("the answer to be read") { !it.tickets.first { row -> row.id == ticket }.unread }
                val thread = desk.thread(ticket).await("the answer in the thread") { it.messages.size == 4 }
                assertTrue(thread.messages.last().fromDesk)
                assertEquals("Hello Ada, the payout was booked on 4 March. Do you see it now?", thread.messages.last().body)
            }
        }

    private suspend fun assertEverythingWaits(
        desk: Pocketdesk,
        ticket: Long,
    ) {
        val history = desk.history().first()
        assertEquals(301L, history.total)
        val row = history.tickets.first()
        assertEquals(ticket, row.id)
        assertNull("a number is the desk's to give", row.number)
        assertEquals(Scenario.SUBJECT, row.subject)
        assertEquals(3u, row.waiting)
        val thread = desk.thread(ticket).first()
        assertEquals(Scenario.REPLIES, thread.messages.drop(1).map { it.body })
        assertEquals(desk.filledDraft(Scenario.SUBJECT).description, thread.messages.first().body)
        assertTrue(thread.messages.none { it.delivery == Delivery.Sent })
        assertEquals(desk.filledDraft(Scenario.SUBJECT).cc, thread.ticket.cc)
        assertEquals(true, thread.ticket.access)
        assertEquals("the draft was used up", "", desk.ticketDraft().subject)
    }

    private fun assertAtTheDeskOnce() {
        val arrived = sandbox.tickets(Scenario.SUBJECT).single()
        assertEquals(Scenario.REPLIES, arrived.comments.drop(1))
        assertEquals(setOf("jörg.müller@nordlicht-reisen.example", "accounting@nordlicht-reisen.example"), arrived.ccs.toSet())
        assertEquals(true, arrived.access)
    }

    @Test
    fun `a connection cut after the desk took the ticket makes no second one`() =
        runBlocking {
            openDesk(sandbox, folder).use { desk ->
                desk.awaitFirstSync()
                sandbox.fault("cut_after", """{"times": 1, "only": "POST /api/v2/requests"}""")
                val subject = "Tracking pixel fires twice on the order page"
                val ticket = desk.submit(desk.filledDraft(subject))
                val shown = async { desk.thread(ticket).takeWhile { it.ticket.row.waiting > 0u }.toList() }
                desk.say(ticket, "It happens in Safari only.")

                desk.history().await(
                    "both to be sent",
                ) { it.tickets.first { row -> row.id == ticket }.run { number != null && waiting == 0u } }
                for (thread in shown.await()) {
                    val bodies = thread.messages.map { it.body }
                    assertEquals("no message may be shown twice", bodies.distinct(), bodies)
                }
                val arrived = sandbox.tickets(subject).single()
                assertEquals(listOf(desk.filledDraft(subject).description, "It happens in Safari only."), arrived.comments)
                assertFalse(
                    desk
                        .thread(ticket)
                        .first()
                        .ticket.row.needsYou,
                )
            }
        }
}
