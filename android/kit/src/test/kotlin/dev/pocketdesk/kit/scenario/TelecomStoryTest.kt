package dev.pocketdesk.kit.scenario

import dev.pocketdesk.bindings.DetailItem
import dev.pocketdesk.bindings.DetailPart
import dev.pocketdesk.bindings.FormField
import dev.pocketdesk.bindings.OfferKind
import dev.pocketdesk.bindings.ShownValue
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.bindings.TicketDetails
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.account.HelpTarget
import dev.pocketdesk.kit.account.SupportViewModel
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.details
import dev.pocketdesk.kit.say
import dev.pocketdesk.kit.viewmodel.ViewModelTest
import dev.pocketdesk.sandbox.Company
import dev.pocketdesk.sandbox.setUpFor
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import java.net.URI
import java.time.Instant

/** A fault that a telecom company repairs. The library knows nothing of this product: its definition is handed in as text. */
class TelecomStoryTest : ViewModelTest() {
    private lateinit var client: Pocketdesk
    private lateinit var reader: Reader

    @Test
    fun `a fault of a product that the library does not know goes from a form without a network to its repair`() =
        runBlocking {
            sandbox.setUpFor(Company.TELECOM.definition)
            val ticket = OfflineProcess.run(Story.TELECOM, sandbox, folder)
            assertTrue("nothing may have reached the server", sandbox.tickets(TelecomScenario.SUBJECT).isEmpty())
            Story.TELECOM.open(sandbox, folder).use { opened ->
                client = opened
                reader = Reader(opened)
                offersItsOwnFormAndEntries()
                val number = arrivesOnce(ticket)
                isReceived(ticket)
                getsAVisit(ticket, number)
                isAskedAbout(ticket, number)
                isAnswered(ticket)
                worksAgain(ticket, number)
            }
        }

    private fun offersItsOwnFormAndEntries() {
        assertEquals(listOf(FormField.ISSUE_TYPE, FormField.SUBJECT, FormField.DESCRIPTION), client.product.form)
        val entries = SupportViewModel(client, scope, reader.strings, takesHostCalls = true).state.value.entries
        assertEquals(listOf("Störungen und Fragen", "Rufen Sie uns an"), entries.map { it.label })
        assertEquals(HelpTarget.Link(URI("tel:+4922100000")), entries.last().target)
    }

    private suspend fun arrivesOnce(ticket: Long): Long {
        sandbox.heal()
        sandbox.fault("cut_after", """{"times": 1, "only": "POST /api/v2/requests"}""")
        client.setOnline(true)
        val number = reader.awaitSent(ticket)
        sandbox.heal()
        val arrived = sandbox.tickets(TelecomScenario.SUBJECT).single()
        assertEquals(listOf(TelecomScenario.DESCRIPTION, TelecomScenario.REPLY), arrived.comments)
        assertTrue("this product knows no copies", arrived.ccs.isEmpty())
        return number
    }

    private suspend fun isReceived(ticket: Long) = reader.awaitStatus(ticket, "Eingegangen", StatusKind.OPEN, "turn.support")

    private suspend fun getsAVisit(
        ticket: Long,
        number: Long,
    ) {
        sandbox.field(number, VISIT_AT, VISIT)
        sandbox.customStatus(number, TECHNICIAN)
        reader.awaitStatus(ticket, "Techniker unterwegs", StatusKind.WORKING, "turn.support")
        val visit = client.details(ticket, "de").run { values.single { it.id == "visit_at" } }
        assertEquals("Termin" to ShownValue.Instant(Instant.parse(VISIT).toEpochMilli()), visit.label to visit.value)
    }

    private val TicketDetails.values: List<DetailItem.Value>
        get() =
            parts
                .filterIsInstance<DetailPart.Section>()
                .flatMap { it.section.items }
                .filterIsInstance<DetailItem.Value>()

    private suspend fun isAskedAbout(
        ticket: Long,
        number: Long,
    ) {
        sandbox.answer(number, "Ist die grüne Lampe an? 💡")
        reader.awaitStatus(ticket, "Wir brauchen Sie", StatusKind.AWAITING_USER, "turn.you")
    }

    private suspend fun isAnswered(ticket: Long) {
        client.say(ticket, "Ja, seit eben. شكرا")
        reader.awaitSent(ticket)
        isReceived(ticket)
    }

    private suspend fun worksAgain(
        ticket: Long,
        number: Long,
    ) {
        val ending = reader.acts(ticket, OfferKind.SOLVE)
        val asked = ending.sees("the question") { it.asking != null }.asking
        assertEquals("Es geht wieder" to "Wir schließen den Vorgang. Funktioniert alles?", asked?.run { label to confirm })
        ending.model.confirmAction()
        ending.sees("what was written") { it.messages.last().body == "Es geht wieder, vielen Dank." }
        reader.awaitSent(ticket)
        assertFalse(reader.awaitStatus(ticket, "Erledigt", StatusKind.CLOSED, "turn.nobody").canReply)
        assertEquals("solved", sandbox.ticket(number).status)
        assertEquals(1, sandbox.ticket(number).comments.count { it == "Es geht wieder, vielen Dank." })
        client.thread(ticket).await("no further offer") { it.details.actions.isEmpty() }
        assertEquals("the draft was used up", "", client.ticketDraft().subject)
        assertEquals(0u, client.status.first().waiting)
    }

    private companion object {
        // The ids of the field and the custom status in the definition.
        const val VISIT_AT = 9002L
        const val TECHNICIAN = 9001L
        const val VISIT = "2026-03-12T09:00:00Z"
    }
}
