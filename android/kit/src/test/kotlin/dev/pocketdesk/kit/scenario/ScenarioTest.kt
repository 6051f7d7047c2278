package dev.pocketdesk.kit.scenario

import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.awaitFirstSync
import dev.pocketdesk.kit.filledDraft
import dev.pocketdesk.kit.openClient
import dev.pocketdesk.kit.say
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

/** A ticket written without a network, from the first keystroke to the agent's answer, with the real core and the sandbox server. */
class ScenarioTest {
    @get:Rule
    val temporary = TemporaryFolder()

    private val process = SandboxProcess.start()
    private val sandbox = process.server
    private val folder by lazy { temporary.newFolder("ada").toPath() }

    @After
    fun stop() {
        process.close()
    }

    @Test
    fun `a ticket and two replies survive the end of the process without a network and arrive exactly once`() =
        runBlocking {
            val ticket = OfflineProcess.run(Story.MOBILE, sandbox, folder)
            assertTrue("nothing may have reached the server", sandbox.tickets(Scenario.SUBJECT).isEmpty())

            openClient(sandbox, folder).use { client ->
                client.setOnline(false)
                assertEverythingWaits(client, ticket)

                sandbox.heal()
                client.setOnline(true)
                val sent =
                    client.history().await("the number") {
                        it.tickets.first { row -> row.id == ticket }.run {
                            number != null &&
                                waiting == 0u
                        }
                    }
                assertEquals(301L, sent.total)
                assertArrivedOnce()

                sandbox.answer(
                    sandbox.tickets(Scenario.SUBJECT).single().id,
                    "Hello Ada, the payout was booked on 4 March. Do you see it now?",
                )
                client.syncNow()
                val answered =
                    client.history().await(
                        "the answer",
                    ) { it.tickets.first().run { id == ticket && status.kind == StatusKind.AWAITING_USER } }
                assertTrue("an answer that was not opened is unread", answered.tickets.first().unread)

                client.threadOpened(ticket)
                client.history().await("the answer to be read") { !it.tickets.first { row -> row.id == ticket }.unread }
                val thread = client.thread(ticket).await("the answer in the thread") { it.messages.size == 4 }
                assertTrue(thread.messages.last().fromAgent)
                assertEquals("Hello Ada, the payout was booked on 4 March. Do you see it now?", thread.messages.last().body)
            }
        }

    private suspend fun assertEverythingWaits(
        client: Pocketdesk,
        ticket: Long,
    ) {
        val history = client.history().first()
        assertEquals(301L, history.total)
        val row = history.tickets.first()
        assertEquals(ticket, row.id)
        assertNull("the server assigns the number", row.number)
        assertEquals(Scenario.SUBJECT, row.subject)
        assertEquals(3u, row.waiting)
        val thread = client.thread(ticket).first()
        assertEquals(Scenario.REPLIES, thread.messages.drop(1).map { it.body })
        assertEquals(client.filledDraft(Scenario.SUBJECT).description, thread.messages.first().body)
        assertTrue(thread.messages.none { it.delivery == Delivery.Sent })
        assertEquals(client.filledDraft(Scenario.SUBJECT).cc, thread.ticket.cc)
        assertEquals(true, thread.ticket.access)
        assertEquals("the draft was used up", "", client.ticketDraft().subject)
    }

    private fun assertArrivedOnce() {
        val arrived = sandbox.tickets(Scenario.SUBJECT).single()
        assertEquals(Scenario.REPLIES, arrived.comments.drop(1))
        assertEquals(setOf("jörg.müller@nordlicht-reisen.example", "accounting@nordlicht-reisen.example"), arrived.ccs.toSet())
        assertEquals(true, arrived.access)
    }

    @Test
    fun `a connection cut after the server received the ticket creates no second one`() =
        runBlocking {
            openClient(sandbox, folder).use { client ->
                client.awaitFirstSync()
                sandbox.fault("cut_after", """{"times": 1, "only": "POST /api/v2/requests"}""")
                val subject = "Tracking pixel fires twice on the order page"
                val ticket = client.submit(client.filledDraft(subject))
                val shown = async { client.thread(ticket).takeWhile { it.ticket.row.waiting > 0u }.toList() }
                client.say(ticket, "It happens in Safari only.")

                client.history().await(
                    "both to be sent",
                ) { it.tickets.first { row -> row.id == ticket }.run { number != null && waiting == 0u } }
                for (thread in shown.await()) {
                    val bodies = thread.messages.map { it.body }
                    assertEquals("no message may be shown twice", bodies.distinct(), bodies)
                }
                val arrived = sandbox.tickets(subject).single()
                assertEquals(listOf(client.filledDraft(subject).description, "It happens in Safari only."), arrived.comments)
                assertFalse(
                    client
                        .thread(ticket)
                        .first()
                        .ticket.row.needsUser,
                )
            }
        }
}
