package dev.pocketdesk.kit.scenario

import dev.pocketdesk.bindings.ClientConfig
import dev.pocketdesk.bindings.Connector
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.awaitFirstSync
import dev.pocketdesk.kit.filledDraft
import dev.pocketdesk.kit.say
import dev.pocketdesk.sandbox.RequestTracker
import dev.pocketdesk.sandbox.productFrom
import dev.pocketdesk.sandbox.withFastConsistency
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import kotlin.time.Duration.Companion.seconds

/** The scenario with a real Request Tracker. It has to be running, so this is not part of the usual tests: see `make test-rt`. */
class RequestTrackerScenario {
    @get:Rule
    val temporary = TemporaryFolder()

    private val tracker = RequestTracker()
    private val ada = tracker.newcomer("Ada Lindqvist")
    private val folder by lazy { temporary.newFolder("ada").toPath() }
    private val subject = "Auszahlung fehlt im Finanzbericht 😟 ${ada.id}"
    private val copied = listOf("buchhaltung.${ada.id}@nordlicht-reisen.example", "Accounting+${ada.id}@nordlicht-reisen.example")

    private suspend fun open(): Pocketdesk {
        val product = withFastConsistency(productFrom())
        val config =
            ClientConfig(folder.toString(), "ada", tracker.url, product, key = null, connector = Connector.REQUEST_TRACKER)
        return Pocketdesk.open(config, tokens = { ada.token })
    }

    @Test
    fun `a ticket with copies and its replies, written without a network, arrive once, and the conversation goes on`(): Unit =
        runBlocking {
            val ticket =
                open().use { client ->
                    client.awaitFirstSync()
                    client.setOnline(false)
                    val ticket = client.submit(client.filledDraft(subject).copy(cc = copied))
                    Scenario.REPLIES.forEach { client.say(ticket, it) }
                    ticket
                }
            assertEquals("nothing may have reached the server", emptyList<Long>(), tracker.tickets(subject))

            open().use { client ->
                client.setOnline(false)
                val waiting = client.thread(ticket).first()
                assertNull("the server assigns the number", waiting.ticket.row.number)
                assertEquals(Scenario.REPLIES, waiting.messages.drop(1).map { it.body })
                assertTrue(waiting.messages.none { it.delivery == Delivery.Sent })

                client.setOnline(true)
                client.awaitSent(ticket)
                val number = tracker.tickets(subject).single()
                val written = listOf(client.filledDraft(subject).description) + Scenario.REPLIES
                assertEquals(written, tracker.texts(number))
                assertEquals("Yes", tracker.access(number))
                for (address in copied) {
                    assertEquals("a mail to $address for each message", written.size, tracker.mailsTo(address, number))
                }

                val answer = "Hello Ada, the payout was booked on 4 March. Do you see it now?"
                tracker.answer(number, answer)
                client.syncNow()
                val answered =
                    client.history().await("the answer", LIMIT) {
                        it.tickets.first().run { id == ticket && status.kind == StatusKind.AWAITING_USER }
                    }
                assertTrue("an answer that was not opened is unread", answered.tickets.first().unread)
                client.threadOpened(ticket)
                val thread = client.thread(ticket).await("the answer in the thread", LIMIT) { it.messages.size == 4 }
                assertEquals(answer to true, thread.messages.last().run { body to fromAgent })
                client.history().await("the answer to be read", LIMIT) { !it.tickets.first().unread }

                val reply = "Ja, jetzt ist sie da – danke! تم"
                client.say(ticket, reply)
                client.awaitSent(ticket)
                assertEquals(written + answer + reply, tracker.texts(number))
                client.history().await("the ticket to be back with the help desk", LIMIT) {
                    it.tickets
                        .first()
                        .status.kind == StatusKind.WORKING
                }
            }
        }

    private suspend fun Pocketdesk.awaitSent(ticket: Long) {
        history().await("everything to be sent", LIMIT) { page ->
            page.tickets.first { it.id == ticket }.run { number != null && waiting == 0u }
        }
    }

    private companion object {
        /** Request Tracker needs more than a quarter of a second for a message, and longer on a busy machine. */
        val LIMIT = 90.seconds
    }
}
