package dev.pocketdesk.kit.scenario

import dev.pocketdesk.bindings.ChangeException
import dev.pocketdesk.bindings.ClientConfig
import dev.pocketdesk.bindings.Connector
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.OfferKind
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.act
import dev.pocketdesk.kit.assertThrows
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

    private suspend fun open(base: String = "impact-mobile@1"): Pocketdesk {
        val product = withFastConsistency(productFrom(base))
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

    @Test
    fun `the web product offers what a Request Tracker can do and nothing else`(): Unit =
        runBlocking {
            open("impact-web@1").use { client ->
                client.awaitFirstSync()
                val reader = Reader(client, LIMIT)
                offersNothingThatTheServerCannotDo(client)
                val shared = hasTheSevenIssueTypes(client, reader)
                takesMoreAddresses(client, reader, shared)
                goesThroughTheStatusesOfItsLifecycle(client, reader, shared)
                val followUp = isFollowedByATicketThatNamesIt(client, reader, shared)
                keepsAddressesAsideWithoutAccess(client, reader, followUp)
            }
        }

    private fun offersNothingThatTheServerCannotDo(client: Pocketdesk) {
        with(client.capabilities) {
            assertTrue("access is a field of the queue, and more addresses are written into one", access && addCc)
            assertTrue("no link to a closed ticket, and no marks that the account shares", !followUp && !sharedReadMarks)
        }
        val form = listOf("SUBJECT", "ISSUE_TYPE", "ACCESS", "CC", "DESCRIPTION", "ATTACHMENTS")
        assertEquals("access and files, because this server has both", form, client.product.form.map { it.name })
        assertEquals(client.capabilities.largestFile, client.product.attachments?.maxBytes)
    }

    /** Creates a ticket of each type, and returns the one that is shared. */
    private suspend fun hasTheSevenIssueTypes(
        client: Pocketdesk,
        reader: Reader,
    ): Long {
        val names =
            listOf(
                "Support, UI & General Inquiry",
                "Technical Setup",
                "Data & Reporting",
                "Payments & Finance",
                "Contracts",
                "Settings & Navigation",
                "Content",
            )
        val tickets =
            client.product.issueTypes.map { type ->
                client.submit(client.filledDraft("$subject ${type.id}").copy(issueType = type.id, cc = copied.take(1)))
            }
        val stored = tickets.map { tracker.field(reader.awaitSent(it), "Issue Type") }
        assertEquals("each under the server's own name", names, stored)
        client.syncNow()
        tickets.zip(client.product.issueTypes).forEach { (ticket, type) ->
            client.thread(ticket).await("the type ${type.id} as the server tells it", LIMIT) { it.ticket.issueType == type.id }
        }
        return tickets.first()
    }

    private suspend fun takesMoreAddresses(
        client: Pocketdesk,
        reader: Reader,
        ticket: Long,
    ) {
        val later = "clara.${ada.id}@nordlicht-reisen.example"
        val adding = reader.acts(ticket, OfferKind.ADD_CC)
        adding.model.ccText(later)
        adding.model.saveCc()
        adding.sees("the change on its way") { it.cc == null }
        val number = reader.awaitSent(ticket)
        client.say(ticket, "Clara liest jetzt mit.")
        reader.awaitSent(ticket)
        assertEquals("it is mailed what is written from then on", 1, tracker.mailsTo(later, number))
    }

    private suspend fun goesThroughTheStatusesOfItsLifecycle(
        client: Pocketdesk,
        reader: Reader,
        ticket: Long,
    ) {
        val number = reader.awaitSent(ticket)
        reader.awaitStatus(ticket, "Offen", StatusKind.OPEN, "turn.support")
        tracker.status(number, "in progress")
        reader.awaitStatus(ticket, "In Bearbeitung", StatusKind.WORKING, "turn.support")
        tracker.answer(number, "Welches Konto ist gemeint?")
        reader.awaitStatus(ticket, "Warten auf Ihre Antwort", StatusKind.AWAITING_USER, "turn.you")
        tracker.status(number, "solution offered")
        val offered = reader.awaitStatus(ticket, "Lösung angeboten", StatusKind.SOLVED, "turn.you")
        assertTrue(offered.canReply && offered.reopens)
        client.say(ticket, "Leider noch nicht: قائمة فارغة")
        reader.awaitSent(ticket)
        reader.awaitStatus(ticket, "In Bearbeitung", StatusKind.WORKING, "turn.support")
        tracker.close(number)
        assertTrue(!reader.awaitStatus(ticket, "Geschlossen", StatusKind.CLOSED, "turn.nobody").canReply)
        assertEquals(listOf(OfferKind.NEW_REQUEST), reader.offers(ticket))
    }

    private suspend fun isFollowedByATicketThatNamesIt(
        client: Pocketdesk,
        reader: Reader,
        ticket: Long,
    ): Long {
        val number = reader.awaitSent(ticket)
        val following = reader.acts(ticket, OfferKind.NEW_REQUEST)
        val draft = following.model.newTickets.first()
        assertEquals("Zu Ticket #$number:", draft.description)
        assertNull("no link, because the server keeps none for users", draft.follows)
        val next = client.submit(draft.copy(subject = "$subject folgt", access = false, cc = copied))
        assertEquals(listOf("Zu Ticket #$number:"), tracker.texts(reader.awaitSent(next)))
        return next
    }

    private suspend fun keepsAddressesAsideWithoutAccess(
        client: Pocketdesk,
        reader: Reader,
        ticket: Long,
    ) {
        val number = reader.awaitSent(ticket)
        assertTrue("not shared", tracker.access(number) != "Yes")
        assertEquals("nobody is mailed", listOf(0, 0), copied.map { tracker.mailsTo(it, number) })
        assertTrue(OfferKind.ADD_CC !in reader.offers(ticket))
        assertThrows<ChangeException.NotOffered> { client.act(ticket, "add_cc", copied) }
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
