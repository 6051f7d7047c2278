package dev.pocketdesk.kit.scenario

import dev.pocketdesk.bindings.ChangeException
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.OfferKind
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.bindings.Ticket
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.account.HelpTarget
import dev.pocketdesk.kit.account.SupportViewModel
import dev.pocketdesk.kit.act
import dev.pocketdesk.kit.assertThrows
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.say
import dev.pocketdesk.kit.viewmodel.ViewModelTest
import dev.pocketdesk.sandbox.Company
import dev.pocketdesk.sandbox.setUpFor
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import java.net.URI

/** A ticket of the web product as its user lives it, with the real core and a sandbox that the company has set up. */
class WebStoryTest : ViewModelTest() {
    private lateinit var client: Pocketdesk
    private lateinit var reader: Reader

    @Test
    fun `a ticket of the web product goes from a form without a network to the ticket that follows it`() =
        runBlocking {
            sandbox.setUpFor(Company.WEB.definition)
            val ticket = OfflineProcess.run(Story.WEB, sandbox, folder)
            assertTrue("nothing may have reached the server", sandbox.tickets(WebScenario.SUBJECT).isEmpty())
            Story.WEB.open(sandbox, folder).use { opened ->
                client = opened
                reader = Reader(opened)
                client.setOnline(false)
                waitsAsItWasWritten(ticket)
                val number = arrivesOnce(ticket)
                isOpen(ticket)
                takesOneMoreAddress(ticket, number)
                isTakenUp(ticket, number)
                isAskedAbout(ticket, number)
                isOfferedASolution(ticket, number)
                isReopenedByAReply(ticket, number)
                isClosed(ticket, number)
                val next = isFollowedByATicketThatNamesIt(ticket, number)
                takesNoAddressWithoutAccess(next)
            }
        }

    private suspend fun waitsAsItWasWritten(ticket: Long) {
        val thread = client.thread(ticket).first()
        assertNull("the server assigns the number", thread.ticket.row.number)
        val message = thread.messages.single()
        assertEquals(WebScenario.DESCRIPTION, message.body)
        assertFalse(message.delivery == Delivery.Sent)
        assertEquals(WebScenario.files.keys.toList(), message.attachments.map { it.name })
        assertEquals(WebScenario.copied to true, thread.ticket.run { cc to access })
        assertEquals("the draft was used up", "", client.ticketDraft().subject)
    }

    private suspend fun arrivesOnce(ticket: Long): Long {
        sandbox.heal()
        // The answer to the first attempt is lost.
        sandbox.fault("cut_after", """{"times": 1, "only": "POST /api/v2/requests"}""")
        client.setOnline(true)
        val number = reader.awaitSent(ticket)
        sandbox.heal()
        val arrived = sandbox.tickets(WebScenario.SUBJECT).single()
        assertEquals(number, arrived.id)
        assertEquals(listOf(WebScenario.DESCRIPTION), arrived.comments)
        assertEquals(WebScenario.files.keys.toList(), arrived.files)
        assertEquals(WebScenario.copied.toSet() to true, arrived.run { ccs.toSet() to access })
        return number
    }

    private suspend fun isOpen(ticket: Long): Ticket = reader.awaitStatus(ticket, "Offen", StatusKind.OPEN, "turn.support")

    private suspend fun takesOneMoreAddress(
        ticket: Long,
        number: Long,
    ) {
        val adding = reader.acts(ticket, OfferKind.ADD_CC)
        assertEquals("E-Mail-Adressen hinzufügen", adding.offer.label)
        adding.model.ccText("clara.soto@nordlicht-reisen.example, ${WebScenario.copied.first()}")
        adding.model.saveCc()
        adding.sees("the change on its way") { it.cc == null }
        reader.awaitSent(ticket)
        assertEquals((WebScenario.copied + "clara.soto@nordlicht-reisen.example").toSet(), sandbox.ticket(number).ccs.toSet())
    }

    private suspend fun isTakenUp(
        ticket: Long,
        number: Long,
    ) {
        sandbox.customStatus(number, IN_PROGRESS)
        reader.awaitStatus(ticket, "In Bearbeitung", StatusKind.WORKING, "turn.support")
    }

    private suspend fun isAskedAbout(
        ticket: Long,
        number: Long,
    ) {
        sandbox.answer(number, "Welches Konto ist gemeint?")
        reader.awaitStatus(ticket, "Warten auf Ihre Antwort", StatusKind.AWAITING_USER, "turn.you")
        client.history().await("an unread answer") { it.tickets.first { row -> row.id == ticket }.unread }
    }

    private suspend fun isOfferedASolution(
        ticket: Long,
        number: Long,
    ) {
        sandbox.answer(number, "Die Auszahlung ist gebucht. Passt es so?")
        sandbox.customStatus(number, SOLUTION_OFFERED)
        val offered = reader.awaitStatus(ticket, "Lösung angeboten", StatusKind.SOLVED, "turn.you")
        assertTrue(offered.canReply && offered.reopens)
    }

    private suspend fun isReopenedByAReply(
        ticket: Long,
        number: Long,
    ) {
        client.say(ticket, "Leider nicht: Es fehlen noch 20 €. 😕")
        reader.awaitSent(ticket)
        assertFalse(isOpen(ticket).reopens)
        assertEquals(1, sandbox.ticket(number).comments.count { "20 €" in it })
    }

    private suspend fun isClosed(
        ticket: Long,
        number: Long,
    ) {
        sandbox.answer(number, "Nachgebucht. Wir schließen das Ticket.", status = "closed")
        assertFalse(reader.awaitStatus(ticket, "Geschlossen", StatusKind.CLOSED, "turn.nobody").canReply)
        assertEquals("nothing but a new ticket", listOf(OfferKind.NEW_REQUEST), reader.offers(ticket))
    }

    private suspend fun isFollowedByATicketThatNamesIt(
        ticket: Long,
        number: Long,
    ): Long {
        val following = reader.acts(ticket, OfferKind.NEW_REQUEST)
        assertEquals("Folgeticket erstellen", following.offer.label)
        assertEquals(
            "Zu Ticket #$number:",
            following.model.newTickets
                .first()
                .description,
        )
        val subject = "Noch einmal: Auszahlung für März"
        val next =
            FormUser(client).run {
                fills(subject)
                creates()
            }
        reader.awaitSent(next)
        val arrived = sandbox.tickets(subject).single()
        assertEquals(number to listOf("Zu Ticket #$number:"), arrived.run { followUpOf to comments })
        return next
    }

    private suspend fun takesNoAddressWithoutAccess(ticket: Long) {
        assertFalse(reader.offers(ticket).contains(OfferKind.ADD_CC))
        assertThrows<ChangeException.NotOffered> { client.act(ticket, "add_cc", listOf("clara.soto@nordlicht-reisen.example")) }
    }

    @Test
    fun `a meeting without the entitlement is asked for in a ticket and with it is a link and chat leads back into the app`() =
        runBlocking {
            sandbox.setUpFor(Company.WEB.definition)
            Story.WEB.open(sandbox, folder).use { opened ->
                client = opened
                reader = Reader(opened)
                val text = asksForAMeetingInATicket()
                hasTheLinkWithTheEntitlement(text)
                chatLeadsBackIntoTheApp()
            }
        }

    private suspend fun awaitBooking(target: HelpTarget) =
        SupportViewModel(client, scope, reader.strings, takesHostCalls = true)
            .state
            .await("$target") { shown -> shown.entries.single { it.id == "book" }.target == target }

    private suspend fun asksForAMeetingInATicket(): String {
        val text = reader.strings["book.upgrade"]
        awaitBooking(HelpTarget.NewTicket(text))
        val subject = "Termin zu zweit, bitte 📅"
        val ticket =
            FormUser(client, prefill = text).run {
                assertEquals(text, sees("the text of the entry").draft.description)
                fills(subject)
                creates()
            }
        reader.awaitSent(ticket)
        assertEquals(listOf(text), sandbox.tickets(subject).single().comments)
        return text
    }

    private suspend fun hasTheLinkWithTheEntitlement(text: String) {
        client.setClaims(setOf("enterprise"))
        awaitBooking(HelpTarget.Link(URI("https://meet.example.com")))
        client.setClaims(emptySet())
        awaitBooking(HelpTarget.NewTicket(text))
    }

    private fun chatLeadsBackIntoTheApp() {
        val entries = SupportViewModel(client, scope, reader.strings, takesHostCalls = true).state.value.entries
        val chat = entries.single { it.id == "chat" }
        assertEquals(HelpTarget.Host("chat") to reader.strings["chat.delay"], chat.target to chat.note)
    }

    private companion object {
        // The ids of custom statuses in the definition.
        const val IN_PROGRESS = 4711L
        const val SOLUTION_OFFERED = 4712L
    }
}
