package dev.pocketdesk.kit.thread

import dev.pocketdesk.bindings.ChangeKind
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.DetailItem
import dev.pocketdesk.bindings.DetailPart
import dev.pocketdesk.bindings.OfferKind
import dev.pocketdesk.bindings.ShownValue
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.bindings.TicketDetails
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.assertLocalised
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.awaitFirstSync
import dev.pocketdesk.kit.details
import dev.pocketdesk.kit.solve
import dev.pocketdesk.kit.viewmodel.ViewModelTest
import dev.pocketdesk.sandbox.Company
import dev.pocketdesk.sandbox.withActions
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

/** What the detail screen shows and offers, as each product defines it, with the real core. */
class ActionsTest : ViewModelTest() {
    private suspend fun ThreadViewModel.awaitThread(
        what: String,
        condition: (ThreadState.Shown) -> Boolean = { true },
    ) = state.filterIsInstance<ThreadState.Shown>().await(what, condition = condition)

    /** A ticket of the user's own that this user may solve. The network goes, so that nothing is sent. */
    private suspend fun Pocketdesk.solvable(): Long {
        awaitFirstSync()
        val rows = history().first().tickets.filter { it.visible }
        return rows.first { thread(it.id).first().ticket.canSolve }.id.also { setOnline(false) }
    }

    private val TicketDetails.values: List<DetailItem.Value>
        get() =
            parts
                .filterIsInstance<DetailPart.Section>()
                .flatMap { it.section.items }
                .filterIsInstance<DetailItem.Value>()

    @Test
    fun `the details have the order and the language of the product and follow the server`() =
        withClient { client ->
            client.awaitFirstSync()
            val row =
                client
                    .history()
                    .first()
                    .tickets
                    .first { it.status.kind == StatusKind.OPEN }
            val details = client.details(row.id, "de-AT")
            assertEquals(listOf("number", "requester", "created", "issue_type", "status"), details.values.map { it.id }.take(5))
            assertEquals("#${row.number}", (details.values.first().value as ShownValue.Text).text)
            assertEquals("Ticketnummer", details.values.first().label)

            val thread = ThreadViewModel(client, scope, row.id, "de")
            thread.enter()
            thread.awaitThread("German") { shown -> shown.details.values.any { it.label == "Ticketnummer" } }
            thread.showIn("es")
            thread.awaitThread("Spanish") { shown -> shown.details.values.any { it.label == client.strings("es")["fact.number"] } }
            sandbox.answer(checkNotNull(row.number).toLong(), "Ist die Rechnung für März gemeint? 🧾")
            client.syncNow()
            thread.awaitThread("the new status in the details") { shown ->
                shown.details.values.any { (it.value as? ShownValue.Status)?.status?.kind == StatusKind.AWAITING_USER }
            }
            thread.leave()
        }

    @Test
    fun `another product shows other facts and hides a field without a value`() =
        withClient({ Company.TELECOM.definition }) { client ->
            client.awaitFirstSync()
            val row =
                client
                    .history()
                    .first()
                    .tickets
                    .first { it.visible }
            assertEquals(listOf("status", "created"), client.details(row.id, "en").values.map { it.id })
        }

    @Test
    fun `a product with types a timeline and a toggle opens and what this version cannot do is not offered`() =
        withClient({ Company.WORKSHOP.definition }) { client ->
            client.awaitFirstSync()
            val row =
                client
                    .history()
                    .first()
                    .tickets
                    .first { it.visible && it.status.kind != StatusKind.CLOSED }
            val details = client.details(row.id, "de")
            assertEquals("nothing is repaired here", listOf("number", "status", "channel"), details.values.map { it.id })
            assertEquals("Kanal", details.values.last().label)
            assertTrue(DetailPart.Thread in details.parts)
            assertEquals(emptyList<String>(), details.actions.map { it.id })
        }

    @Test
    fun `addresses are added several at a time and a wrong one stays in the field`() =
        withClient({ withActions(it, "add_cc", "solve") }) { client ->
            val thread = ThreadViewModel(client, scope, client.solvable())
            val offer =
                thread
                    .awaitThread("the actions") { shown -> shown.details.actions.any { it.kind == OfferKind.ADD_CC } }
                    .details.actions
                    .first { it.kind == OfferKind.ADD_CC }
            thread.act(offer)
            thread.ccText("bücher@reisen.example; kasse@")
            thread.saveCc()
            val refused = thread.awaitThread("why not") { it.cc?.failure != null }.cc
            assertEquals(CcState(offer, "bücher@reisen.example; kasse@", failure = "field.cc.malformed"), refused)
            thread.ccText("bücher@reisen.example; kasse@reisen.example")
            thread.saveCc()
            val shown = thread.awaitThread("the change") { it.cc == null && it.ticket.changes.isNotEmpty() }
            val change = shown.ticket.changes.single()
            assertEquals(listOf("bücher@reisen.example", "kasse@reisen.example"), change.addresses)
        }

    @Test
    fun `a question is asked first and an action that is no longer offered is refused with a reason`() =
        withClient({ withActions(it, "solve") }) { client ->
            val ticket = client.solvable()
            val thread = ThreadViewModel(client, scope, ticket, "de")
            val offer =
                thread
                    .awaitThread("the action") { it.details.actions.isNotEmpty() }
                    .details.actions
                    .single()
            assertEquals(client.strings("de")["ticket.solve.question"], offer.confirm)
            assertEquals(offer.confirm, offer.question)
            thread.act(offer)
            thread.awaitThread("the question") { it.asking == offer }
            thread.cancelAction()
            assertEquals(
                emptyList<ChangeKind>(),
                thread
                    .awaitThread("no question") { it.asking == null }
                    .ticket.changes
                    .map { it.kind },
            )

            thread.act(offer)
            thread.confirmAction()
            val solving = thread.awaitThread("the change") { it.ticket.changes.isNotEmpty() }
            assertEquals(listOf(ChangeKind.SOLVE), solving.ticket.changes.map { it.kind })
            assertNull(solving.asking)
            thread.awaitThread("no further offer") { it.details.actions.isEmpty() }

            thread.act(offer.copy(id = "no_such_action", confirm = null, asksFirst = false))
            assertLocalised(checkNotNull(thread.awaitThread("why not") { it.reply.failure != null }.reply.failure))
        }

    @Test
    fun `an action of the company's own says what it will write and what is being typed stays`() =
        withClient({ Company.TELECOM.definition }) { client ->
            val ticket = client.solvable()
            val thread = ThreadViewModel(client, scope, ticket, "de")
            val shown = thread.awaitThread("the action") { it.details.actions.isNotEmpty() && it.reply.ready }
            val offer = shown.details.actions.single()
            assertEquals("Es geht wieder" to OfferKind.SOLVE, offer.label to offer.kind)
            assertEquals("Wir schließen den Vorgang. Funktioniert alles?", offer.confirm)
            assertEquals("Es geht wieder, vielen Dank.", offer.body)
            thread.reply("Noch nicht abgeschickt – שלום")
            thread.act(offer)
            thread.awaitThread("the question") { it.asking == offer }
            thread.confirmAction()
            val done = thread.awaitThread("the message") { it.messages.last().body == "Es geht wieder, vielen Dank." }
            assertEquals(Delivery.Queued, done.messages.last().delivery)
            thread.awaitThread("no further offer") { it.details.actions.isEmpty() }
            assertEquals("Noch nicht abgeschickt – שלום", client.replyDraft(ticket).body)
        }

    @Test
    fun `a closed ticket leads to a new one that names it and has what was begun`() =
        withClient { client ->
            client.awaitFirstSync()
            val closed =
                client
                    .history()
                    .first()
                    .tickets
                    .first { it.visible && it.status.kind == StatusKind.CLOSED }
            client.saveReplyDraft(client.replyDraft(closed.id).copy(body = "Noch eine Frage: מתי?"))
            val thread = ThreadViewModel(client, scope, closed.id, "de")
            val offer =
                thread
                    .awaitThread("the action") { it.details.actions.isNotEmpty() }
                    .details.actions
                    .single()
            assertEquals("Folgeticket erstellen" to OfferKind.NEW_REQUEST, offer.label to offer.kind)
            thread.act(offer)
            val prepared = thread.newTickets.await("the draft of the new ticket") { true }
            assertEquals("Zu Ticket #${closed.number}:\n\nNoch eine Frage: מתי?", prepared.description)
            assertEquals(prepared, client.ticketDraft())
        }

    @Test
    fun `a prepared answer stands in the reply below what was being typed`() =
        withClient({ withAnswer(it) }) { client ->
            val ticket = client.solvable()
            val thread = ThreadViewModel(client, scope, ticket, "de")
            val before = thread.awaitThread("the action") { it.details.actions.isNotEmpty() && it.reply.ready }
            thread.reply("Hallo Marta,")
            thread.act(before.details.actions.single { it.kind == OfferKind.REPLY })
            val after = thread.awaitThread("the text in the field") { it.reply.ready && it.reply.revision > before.reply.revision }
            assertEquals("Hallo Marta,\n\nEs tritt noch immer auf.", after.reply.text)
            assertTrue("nothing was sent", after.messages.none { "noch immer" in it.body })
        }

    /** The product with an action that prepares an answer, and with solving, so that a ticket can be told to be the user's own. */
    private fun withAnswer(product: String): String =
        withActions(product, "solve").removeSuffix("}").replace(
            "\"actions\":[",
            "\"actions\":[{\"id\":\"still\",\"kind\":\"reply\",\"who\":\"owner\",\"when\":[\"status.active\"],\"body\":\"@still.body\"},",
        ) +
            """
            , "strings": {
                "en": { "action.still": "It still happens", "still.body": "It still happens." },
                "de": { "action.still": "Es tritt noch auf", "still.body": "Es tritt noch immer auf." },
                "es": { "action.still": "Sigue pasando", "still.body": "Sigue pasando." }
            } }
            """
}
