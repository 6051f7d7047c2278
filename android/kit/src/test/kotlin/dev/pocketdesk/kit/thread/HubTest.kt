package dev.pocketdesk.kit.thread

import dev.pocketdesk.bindings.DetailItem
import dev.pocketdesk.bindings.DetailPart
import dev.pocketdesk.bindings.OfferKind
import dev.pocketdesk.bindings.ReplyAlternative
import dev.pocketdesk.bindings.ReplyPlace
import dev.pocketdesk.bindings.ShownValue
import dev.pocketdesk.bindings.StepProgress
import dev.pocketdesk.bindings.TicketDetails
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.account.HelpTarget
import dev.pocketdesk.kit.account.SupportViewModel
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.awaitFirstSync
import dev.pocketdesk.kit.strings.subjectIn
import dev.pocketdesk.kit.viewmodel.ViewModelTest
import dev.pocketdesk.sandbox.Company
import dev.pocketdesk.sandbox.HubTickets
import dev.pocketdesk.sandbox.setUpFor
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

/** Tickets of the hub as the screens get them, with the real core: subjects, marks, an escalation, and what is offered in place of a reply. */
class HubTest : ViewModelTest() {
    private fun withHub(test: suspend (Pocketdesk, HubTickets) -> Unit) {
        sandbox.setUpFor(Company.HUB.definition)
        val tickets = HubTickets(sandbox)
        withClient({ Company.HUB.definition }) { test(it, tickets) }
    }

    private suspend fun Pocketdesk.rowOf(number: Long) =
        history().await("the ticket") { history -> history.tickets.any { it.number == number.toULong() } }.tickets.first {
            it.number == number.toULong()
        }

    private suspend fun ThreadViewModel.awaitThread(
        what: String,
        condition: (ThreadState.Shown) -> Boolean = { true },
    ) = state.filterIsInstance<ThreadState.Shown>().await(what, condition = condition)

    private fun TicketDetails.section(id: String) =
        parts.filterIsInstance<DetailPart.Section>().map { it.section }.firstOrNull { it.id == id }

    private fun TicketDetails.value(id: String) =
        parts
            .filterIsInstance<DetailPart.Section>()
            .flatMap { it.section.items }
            .filterIsInstance<DetailItem.Value>()
            .firstOrNull { it.id == id }

    @Test
    fun `calls have a subject that is made in the language of the screen in the history and on the ticket`() =
        withHub { client, tickets ->
            val call = tickets.conferenceCall()
            val phone = tickets.phone()
            client.awaitFirstSync()
            val (conference, silent) = client.rowOf(call) to client.rowOf(phone)
            assertEquals("Konferenzschaltung – Ada Lindqvist", conference.subjectIn(client.strings("de")))
            assertEquals("Llamada en conferencia – Ada Lindqvist", conference.subjectIn(client.strings("es")))
            assertEquals("Phone call – Ada Lindqvist", silent.subjectIn(client.strings("en")))
            val details = ThreadViewModel(client, scope, conference.id, "de").awaitThread("its details").details
            assertEquals(ShownValue.Text("Konferenzschaltung – Ada Lindqvist"), details.value("subject")?.value)
            assertEquals("Geplant für" to ShownValue.Instant(3_887_706_600_000), details.value("call_at").let { it?.label to it?.value })
            assertTrue("hidden until it is asked for", details.value("passcode").let { it != null && it.secret && it.copy })
        }

    @Test
    fun `an escalation is marked and its fix is confirmed with a text that can be edited`() =
        withHub { client, tickets ->
            val number = tickets.escalated()
            client.awaitFirstSync()
            val row = client.rowOf(number)
            assertEquals(listOf("Eskaliert"), row.markKeys.map { client.strings("de")[it] })
            val thread = ThreadViewModel(client, scope, row.id, "de")
            val shown = thread.awaitThread("the escalation") { it.details.section("escalation") != null }
            assertEquals(listOf("mark.escalated"), shown.ticket.row.markKeys)
            assertEquals(ShownValue.Text("Marta Feld"), shown.details.value("assignee")?.value)
            assertEquals(ShownValue.Texts(listOf("Ben Okafor")), shown.details.value("linked")?.value)
            val started = checkNotNull(shown.details.section("escalation"))
            assertTrue(started.collapsible && started.timeline?.estimate?.note != null)

            tickets.step(number, "esc_fix")
            client.syncNow()
            val asked = thread.awaitThread("the step") { it.stepNow() == "fix_review" }
            val offer = asked.details.actions.first { it.id == "confirm_fix" }
            assertEquals("Lösung bestätigen" to OfferKind.REPLY, offer.label to offer.kind)
            thread.act(offer)
            val proposed = thread.awaitThread("the text") { it.reply.text.isNotEmpty() }.reply
            assertEquals("Ich habe die Lösung geprüft: Das Problem ist behoben. Vielen Dank.", proposed.text)
            thread.reply("${proposed.text} 🙏")
            thread.send()
            thread.awaitThread("the reply") {
                it.messages
                    .last()
                    .body
                    .endsWith("🙏")
            }

            tickets.step(number, "esc_done")
            client.syncNow()
            val done = thread.awaitThread("the end") { it.stepNow() == "resolved" }
            assertNull(
                done.details
                    .section("escalation")
                    ?.timeline
                    ?.estimate,
            )
            assertEquals(emptyList<String>(), done.ticket.row.markKeys)
        }

    private fun ThreadState.Shown.stepNow() =
        details
            .section("escalation")
            ?.timeline
            ?.steps
            ?.firstOrNull { it.progress == StepProgress.CURRENT }
            ?.id

    @Test
    fun `a phone call without mails says why there is no reply and leads to a new request that names it`() =
        withHub { client, tickets ->
            val number = tickets.phone()
            client.awaitFirstSync()
            val row = client.rowOf(number)
            val thread = ThreadViewModel(client, scope, row.id, "en")
            thread.enter()
            val shown =
                thread.awaitThread("that nothing can be replied") {
                    it.ticket.threadComplete &&
                        it.details.replyPlace == ReplyPlace.NOTICE
                }
            assertEquals("This ticket has no email conversation to reply to.", shown.details.replyNote)
            assertTrue(shown.details.parts.any { it is DetailPart.Note } && !shown.details.showsMessages)
            assertEquals(ReplyAlternative.Copy("Ticket ID", "#$number"), shown.details.replyAlternatives.first())
            assertTrue(shown.details.replyAlternatives.any { it is ReplyAlternative.AnswerMail && "$number" in it.text })
            thread.followUp()
            assertEquals("About ticket #$number:", thread.newTickets.first().description)
            thread.leave()
        }

    @Test
    fun `a new request is an entry that leads to the form`() =
        withHub { client, _ ->
            val entries = SupportViewModel(client, scope, client.strings("de"), takesHostCalls = false).state.value.entries
            assertEquals(listOf("Meine Tickets", "Technischen Support anfordern", "Hilfedokumente"), entries.map { it.label })
            assertEquals(listOf(HelpTarget.History::class, HelpTarget.NewTicket::class), entries.take(2).map { it.target::class })
        }
}
