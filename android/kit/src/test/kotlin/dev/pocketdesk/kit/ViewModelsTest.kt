package dev.pocketdesk.kit

import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.EntryKind
import dev.pocketdesk.bindings.Field
import dev.pocketdesk.bindings.Problem
import dev.pocketdesk.bindings.Status
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds

/** What the screens stand on, over the real core. */
class ViewModelsTest : SandboxTest() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default.limitedParallelism(1))

    @After
    fun leave() {
        scope.cancel()
    }

    private suspend fun NewTicketViewModel.awaitForm(
        what: String,
        condition: (NewTicketState.Editing) -> Boolean = { true },
    ) = state.filterIsInstance<NewTicketState.Editing>().await(what, condition = condition)

    private suspend fun ThreadViewModel.awaitThread(
        what: String,
        condition: (ThreadState.Shown) -> Boolean = { true },
    ) = state.filterIsInstance<ThreadState.Shown>().await(what, condition = condition)

    private fun onDesk(test: suspend (Pocketdesk) -> Unit) = runBlocking { openDesk(sandbox, folder).use { test(it) } }

    private fun newTicket(
        desk: Pocketdesk,
        pause: Duration = 20.milliseconds,
    ) = NewTicketViewModel(desk, scope, pause)

    @Test
    fun `the history grows while it is scrolled and ends`() =
        onDesk { desk ->
            desk.awaitFirstSync()
            val there = desk.history().first().total
            repeat(30) { desk.submit(desk.filledDraft("Ticket ${it + 1} of thirty")) }
            val model = HistoryViewModel(desk, scope)
            val shown = model.state.filterIsInstance<HistoryState.Shown>()
            assertTrue(shown.await("the first page") { it.history.tickets.size == Pocketdesk.PAGE }.history.hasMore)
            model.showMore()
            val all = shown.await("the rest") { !it.history.hasMore && it.history.total == there + 30 }.history
            assertEquals(all.total, all.tickets.size.toLong())
            assertEquals(all.tickets.map { it.id }.distinct(), all.tickets.map { it.id })
        }

    @Test
    fun `before the first sync an offline history says why it is empty`() {
        // Before the desk is opened: the first page comes within milliseconds.
        sandbox.goOffline()
        onDesk { desk ->
            desk.setOnline(false)
            val failed = HistoryViewModel(desk, scope).state.filterIsInstance<HistoryState.Failed>().await("the reason") { true }
            assertHasWords(failed.wordKey)
        }
    }

    @Test
    fun `a draft is kept at a pause in typing and on leaving`() =
        onDesk { desk ->
            newTicket(desk).run {
                awaitForm("the form")
                subject("Kept at a pause")
            }
            while (desk.ticketDraft().subject != "Kept at a pause") Thread.yield()

            newTicket(desk, pause = 1.hours).run {
                assertEquals("Kept at a pause", awaitForm("the kept draft") { it.kept }.draft.subject)
                description("Kept on leaving")
                leave()
            }
            while (desk.ticketDraft().description != "Kept on leaving") Thread.yield()
        }

    @Test
    fun `problems are shown when they are due`() =
        onDesk { desk ->
            val model = newTicket(desk)
            val fresh = model.awaitForm("the form")
            assertNull("nobody has been there yet", fresh.problem(Field.SUBJECT))
            assertTrue(!fresh.canCreate)
            model.visited(Field.SUBJECT)
            assertEquals(
                Problem.Required,
                model
                    .awaitForm("the required subject") {
                        it.problem(Field.SUBJECT) != null
                    }.problem(Field.SUBJECT)
                    ?.problem,
            )
            model.subject("ö".repeat(141))
            model.awaitForm("too long") { it.problem(Field.SUBJECT)?.problem == Problem.TooLong(141u, 140u) }
            assertEquals("", model.ccEntry("ben@nordlicht-reisen.example; jörg@,"))
            val form = model.awaitForm("the malformed address") { it.problem(Field.CC, 1) != null }
            assertNull(form.problem(Field.CC, 0))
            assertEquals("jörg@", model.editCc(1))
            assertEquals("", model.ccEntry("Ben@nordlicht-reisen.example "))
            assertNotNull(model.awaitForm("the note") { it.note(1) != null }.note(1))
        }

    @Test
    fun `a created ticket uses up its draft although a save was under way`() =
        onDesk { desk ->
            val model = newTicket(desk)
            model.awaitForm("the form")
            model.subject("Created once")
            model.description("With all it needs")
            model.awaitForm("a complete form") { it.canCreate }
            model.create()
            model.create()
            val created = model.state.filterIsInstance<NewTicketState.Created>().first()
            model.leave()
            assertEquals(
                "Created once",
                desk
                    .thread(created.ticket)
                    .first()
                    .ticket.row.subject,
            )
            assertEquals("", desk.ticketDraft().subject)
            assertEquals(
                1,
                desk
                    .history()
                    .first()
                    .tickets
                    .count { it.subject == "Created once" },
            )
        }

    @Test
    fun `a discarded draft starts over`() =
        onDesk { desk ->
            val model = newTicket(desk)
            model.awaitForm("the form")
            model.subject("Better not")
            model.awaitForm("the text") { it.begun }
            model.discard()
            assertEquals("", model.awaitForm("an empty form") { it.revision == 1 }.draft.subject)
            assertEquals("", desk.ticketDraft().subject)
        }

    @Test
    fun `a reply is kept while it is written and gone once it is sent`() =
        onDesk { desk ->
            desk.awaitFirstSync()
            sandbox.goOffline()
            desk.setOnline(false)
            val ticket =
                desk
                    .history()
                    .first()
                    .tickets
                    .first { it.status == Status.OPEN }
                    .id
            val model = ThreadViewModel(desk, scope, ticket, pause = 20.milliseconds)
            model.enter()
            model.awaitThread("the thread") { it.reply.ready }
            model.reply("Half a sent")
            while (desk.replyDraft(ticket).body != "Half a sent") Thread.yield()

            val again = ThreadViewModel(desk, scope, ticket, pause = 20.milliseconds)
            assertEquals("Half a sent", again.awaitThread("the kept reply") { it.reply.ready }.reply.text)
            again.reply("A whole sentence.")
            again.send()
            val sent = again.awaitThread("the reply in the thread") { it.messages.last().body == "A whole sentence." && it.reply.ready }
            assertEquals(Delivery.Queued, sent.messages.last().delivery)
            assertEquals("", sent.reply.text)

            again.discard(sent.messages.last().id)
            assertEquals("A whole sentence.", again.awaitThread("the text to come back") { it.reply.text.isNotEmpty() }.reply.text)
            model.leave()
        }

    @Test
    fun `a ticket taken back before it was sent is gone`() =
        onDesk { desk ->
            desk.setOnline(false)
            val ticket = desk.submit(desk.filledDraft("On second thought"))
            val model = ThreadViewModel(desk, scope, ticket)
            val description = model.awaitThread("the thread").messages.single()
            assertTrue(description.canDiscard)
            model.discard(description.id)
            model.state.await("the ticket to go") { it is ThreadState.Gone }
            assertEquals("On second thought", desk.ticketDraft().subject)
        }

    @Test
    fun `an unsent reply is edited where it stands`() =
        onDesk { desk ->
            desk.setOnline(false)
            val ticket = desk.submit(desk.filledDraft("A reply to be edited"))
            val reply = desk.say(ticket, "It happens on Mondey.")
            val model = ThreadViewModel(desk, scope, ticket)
            model.awaitThread("the reply") { it.messages.size == 2 }
            model.edit(reply)
            assertEquals("It happens on Mondey.", model.awaitThread("the editor") { it.edit != null }.edit?.text)
            model.editText("   ")
            assertTrue(model.awaitThread("a blank text") { it.edit?.text?.isBlank() == true }.edit?.canSave == false)
            model.editText("It happens on Monday.")
            model.saveEdit()
            val saved = model.awaitThread("the new text") { it.edit == null && it.messages.last().body == "It happens on Monday." }
            assertEquals(reply, saved.messages.last().id)
        }

    @Test
    fun `what was written for a reply that was sent meanwhile becomes a draft`() =
        onDesk { desk ->
            desk.setOnline(false)
            val ticket = desk.submit(desk.filledDraft("Sent while it was edited"))
            val reply = desk.say(ticket, "The old text")
            val model = ThreadViewModel(desk, scope, ticket)
            model.awaitThread("the reply") { it.messages.size == 2 }
            model.edit(reply)
            model.editText("The new text")
            desk.setOnline(true)
            model.awaitThread("the reply to be sent") { it.ticket.row.number != null && it.ticket.row.waiting == 0u }
            model.saveEdit()
            val settled = model.awaitThread("the draft") { it.edit == null && it.reply.failure != null }
            assertEquals("The new text", settled.reply.text)
            assertHasWords(checkNotNull(settled.reply.failure))
            assertEquals("The new text", desk.replyDraft(ticket).body)
        }

    @Test
    fun `an unsent ticket is edited in the form and its draft is none of it`() =
        onDesk { desk ->
            desk.setOnline(false)
            val ticket = desk.submit(desk.filledDraft("To be edited"))
            val model = NewTicketViewModel(desk, scope, 20.milliseconds, unsent = ticket)
            val form = model.awaitForm("the form")
            assertEquals("To be edited", form.draft.subject)
            assertTrue(!form.changed && !form.kept)
            model.subject("Edited")
            assertTrue(model.awaitForm("the change") { it.changed && it.paused }.canCreate)
            model.leave()
            assertEquals("a draft is for new tickets", "", desk.ticketDraft().subject)
            model.create()
            assertEquals(
                ticket,
                model.state
                    .filterIsInstance<NewTicketState.Created>()
                    .first()
                    .ticket,
            )
            assertEquals(
                "Edited",
                desk
                    .thread(ticket)
                    .first()
                    .ticket.row.subject,
            )

            val late = NewTicketViewModel(desk, scope, 20.milliseconds, unsent = ticket)
            late.awaitForm("the form again")
            late.subject("Too late")
            desk.setOnline(true)
            desk.thread(ticket).await("the ticket to be sent") { it.ticket.row.number != null }
            late.create()
            assertHasWords(checkNotNull(late.awaitForm("the reason") { it.failure != null }.failure))
        }

    @Test
    fun `the courses are an entry in German only`() =
        onDesk { desk ->
            fun kinds(language: String) =
                SupportViewModel(desk, scope, language)
                    .state.value.entries
                    .map { it.kind }
            assertEquals(listOf(EntryKind.NEW_TICKET, EntryKind.HELP_CENTRE, EntryKind.COURSES, EntryKind.EMAIL), kinds("de"))
            assertEquals(listOf(EntryKind.NEW_TICKET, EntryKind.HELP_CENTRE, EntryKind.EMAIL), kinds("es"))
        }
}
