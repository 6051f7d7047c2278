package dev.pocketdesk.kit

import dev.pocketdesk.bindings.ChangeKind
import dev.pocketdesk.bindings.SignOut
import dev.pocketdesk.bindings.Unsent
import dev.pocketdesk.sandbox.offering
import dev.pocketdesk.sandbox.takingFiles
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.nio.file.Files
import java.nio.file.Path

/** Files of a new ticket, changes of one that is there, what was written for one that is closed, and the way out. */
class WaysOnTest : SandboxTest() {
    private fun onDesk(
        change: (String) -> String = { it },
        test: suspend CoroutineScope.(Pocketdesk) -> Unit,
    ) = runBlocking {
        val config = configOf(sandbox, folder).run { copy(profile = change(checkNotNull(profile))) }
        Pocketdesk.open(config) { "ada-token" }.use { desk ->
            val screens = CoroutineScope(coroutineContext + Job())
            screens.test(desk)
            screens.cancel()
        }
    }

    private fun picked(
        name: String,
        text: String,
    ): Path = Files.write(folder.resolve("picked $name"), text.toByteArray())

    private suspend fun NewTicketViewModel.awaitForm(
        what: String,
        condition: (NewTicketState.Editing) -> Boolean,
    ) = state.await(what) { it is NewTicketState.Editing && condition(it) } as NewTicketState.Editing

    private suspend fun ThreadViewModel.awaitThread(
        what: String,
        condition: (ThreadState.Shown) -> Boolean,
    ) = state.await(what) { it is ThreadState.Shown && condition(it) } as ThreadState.Shown

    @Test
    fun `files of a new ticket are kept with its draft and go with it`() =
        onDesk(::takingFiles) { desk ->
            val form = NewTicketViewModel(desk, this)
            form.awaitForm("the form") { true }
            form.subject("Export ohne Zeilen")
            form.description("Siehe Anhang.")
            form.attach(picked("a", "Datum;Umsatz\n"), "Umsätze März.csv")
            form.attach(picked("b", "kein Bild"), "Bild.png")
            form.attach(picked("c", "a".repeat(500_001)), "Protokoll.txt")
            val editing = form.awaitForm("one file and two reasons") { it.files.size == 1 && it.refused.size == 2 }
            assertEquals(setOf("attachment.wrong_type", "attachment.too_large"), editing.refused.map { it.wordKey }.toSet())
            assertEquals(FileLimit.Bytes(500_000), editing.refused.single { it.name == "Protokoll.txt" }.limit)
            form.dismiss("Bild.png")
            form.awaitForm("one reason") { it.refused.singleOrNull()?.name == "Protokoll.txt" }
            // Another process finds it all where it was.
            val next = NewTicketViewModel(desk, this)
            val kept = next.awaitForm("the kept draft") { it.files.size == 1 }
            assertTrue(kept.kept && kept.draft.subject == "Export ohne Zeilen")
            next.attach(picked("d", "noch eine"), "Notiz.txt")
            val both = next.awaitForm("both") { it.files.size == 2 }
            next.detach(both.files.first().id)
            next.awaitForm("one") { it.files.singleOrNull()?.name == "Notiz.txt" }
            next.create()
            val created = next.state.await("the ticket") { it is NewTicketState.Created } as NewTicketState.Created
            val description =
                desk
                    .thread(created.ticket)
                    .first()
                    .messages
                    .single()
            assertEquals(listOf("Notiz.txt"), description.attachments.map { it.name })
        }

    @Test
    fun `addresses are added several at a time and a wrong one stays in the field`() =
        onDesk({ offering(it, "add_cc", "solve") }) { desk ->
            val ticket = desk.submit(desk.filledDraft("More addresses, and solved"))
            val thread = ThreadViewModel(desk, this, ticket)
            thread.awaitThread("the thread") { true }
            thread.openCc()
            thread.ccText("bücher@reisen.example; kasse@")
            thread.saveCc()
            val refused = thread.awaitThread("why not") { it.cc?.failure != null }.cc
            assertEquals(CcState("bücher@reisen.example; kasse@", failure = "field.cc.malformed"), refused)
            thread.ccText("bücher@reisen.example; kasse@reisen.example")
            thread.saveCc()
            val shown = thread.awaitThread("the change") { it.cc == null && it.ticket.changes.isNotEmpty() }
            assertEquals(
                listOf("bücher@reisen.example", "kasse@reisen.example"),
                shown.ticket.changes
                    .single()
                    .addresses,
            )
            thread.solve()
            thread.awaitThread("both changes") { change -> change.ticket.changes.any { it.kind == ChangeKind.SOLVE } }
        }

    @Test
    fun `what was written for a closed ticket goes into a new one once and stays until it is deleted`() =
        onDesk { desk ->
            val ticket = desk.submit(desk.filledDraft("Closed while it was written"))
            desk.saveReplyDraft(desk.replyDraft(ticket).copy(body = "Noch eine Frage: מתי?"))
            desk.saveTicketDraft(desk.ticketDraft().copy(description = "Schon begonnen."))
            val thread = ThreadViewModel(desk, this, ticket)
            thread.awaitThread("the kept text") { it.reply.ready && it.reply.text.isNotBlank() }
            repeat(2) { assertTrue(thread.followUp("Zu Ticket #480126:")) }
            assertEquals("Schon begonnen.\n\nZu Ticket #480126:\n\nNoch eine Frage: מתי?", desk.ticketDraft().description)
            assertEquals("Noch eine Frage: מתי?", desk.replyDraft(ticket).body)
            thread.discardReply()
            thread.awaitThread("nothing") { it.reply.ready && it.reply.text.isEmpty() }
            assertEquals("", desk.replyDraft(ticket).body)
        }

    @Test
    fun `signing out says what is unsent sends it or keeps it`() {
        onDesk { desk ->
            sandbox.goOffline()
            desk.setOnline(false)
            val ticket = desk.submit(desk.filledDraft("Unsent at the end"))
            desk.saveReplyDraft(desk.replyDraft(ticket).copy(body = "halb getippt"))
            val leaving = SignOutViewModel(desk, this)
            leaving.ask()
            val asking = leaving.state.await("the question") { it is SignOutState.Asking } as SignOutState.Asking
            assertEquals(Unsent(messages = 1u, drafts = 1u), asking.unsent)
            assertTrue(asking.loses)
            leaving.cancel()
            assertEquals(SignOutState.Idle, leaving.state.value)
            leaving.ask()
            leaving.state.await("the question again") { it is SignOutState.Asking }
            leaving.leave(SignOut.KEEP)
            leaving.state.await("the end") { it == SignOutState.Done }
        }
        onDesk { desk ->
            assertEquals(Unsent(messages = 1u, drafts = 1u), desk.unsent())
            sandbox.heal()
            val leaving = SignOutViewModel(desk, this)
            leaving.ask()
            leaving.state.await("the question") { it is SignOutState.Asking }
            leaving.send()
            leaving.state.await("what is left") { it is SignOutState.Asking && !it.busy && it.unsent.messages == 0u }
            leaving.leave(SignOut.DISCARD)
            leaving.state.await("the end") { it == SignOutState.Done }
        }
        assertEquals(1, sandbox.tickets("Unsent at the end").size)
    }
}
