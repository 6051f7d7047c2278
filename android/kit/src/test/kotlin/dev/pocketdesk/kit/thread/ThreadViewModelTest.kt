package dev.pocketdesk.kit.thread

import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.FormattedText
import dev.pocketdesk.bindings.SmallPicture
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.bindings.TicketRow
import dev.pocketdesk.bindings.editorOf
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.assertLocalised
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.awaitFirstSync
import dev.pocketdesk.kit.filledDraft
import dev.pocketdesk.kit.say
import dev.pocketdesk.kit.viewmodel.ViewModelTest
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import java.nio.file.Files
import kotlin.time.Duration.Companion.milliseconds

/** A thread: the reply, unsent messages, and changes of the ticket, with the real core. */
class ThreadViewModelTest : ViewModelTest() {
    private suspend fun ThreadViewModel.awaitThread(
        what: String,
        condition: (ThreadState.Shown) -> Boolean = { true },
    ) = state.filterIsInstance<ThreadState.Shown>().await(what, condition = condition)

    /** An open ticket that was synced. From now on there is no network. */
    private suspend fun openTicketOffline(client: Pocketdesk): Long {
        client.awaitFirstSync()
        sandbox.goOffline()
        client.setOnline(false)
        return client
            .history()
            .first()
            .tickets
            .first { it.status.kind == StatusKind.OPEN }
            .id
    }

    /** A ticket that was synced and that agents work on. */
    private suspend fun ongoing(client: Pocketdesk): TicketRow {
        client.awaitFirstSync()
        return client
            .history()
            .first()
            .tickets
            .first { it.status.kind == StatusKind.OPEN || it.status.kind == StatusKind.WORKING }
    }

    @Test
    fun `a reply that cannot be saved while it is written says so and is saved with the next change`() =
        withClient { client ->
            val ticket = openTicketOffline(client)
            val reply = ReplyWriter(client, scope, ticket, pause = 10.milliseconds)
            reply.load()
            client.suspend()
            reply.write(FormattedText("Die Größe stimmt nicht 📐"))
            reply.state.await("that it was not saved") { it.failure == ClientException.Suspended().key() }
            client.resume()
            reply.write(FormattedText("Die Größe stimmt nicht 📐, und die Farbe"))
            assertNull(reply.state.value.failure)
            reply.keep()
            assertEquals("Die Größe stimmt nicht 📐, und die Farbe", client.replyDraft(ticket).body)
        }

    @Test
    fun `a reply is kept while it is written and gone once it is sent`() =
        withClient { client ->
            val ticket = openTicketOffline(client)
            val model = ThreadViewModel(client, scope, ticket, pause = 20.milliseconds)
            model.enter()
            model.awaitThread("the thread") { it.reply.ready }
            model.reply("Half a sent")
            while (client.replyDraft(ticket).body != "Half a sent") Thread.yield()

            val again = ThreadViewModel(client, scope, ticket, pause = 20.milliseconds)
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
    fun `a formatted reply keeps its formats as a draft and in the thread`() =
        withClient { client ->
            val ticket = openTicketOffline(client)
            val model = ThreadViewModel(client, scope, ticket, pause = 20.milliseconds)
            val field = editorOf(model.awaitThread("the thread") { it.reply.ready }.reply.written).pasted("Bitte <b>heute 🙏</b>")
            model.reply(field.text)
            while (client.replyDraft(ticket).formats != field.text.formats) Thread.yield()

            val again = ThreadViewModel(client, scope, ticket, pause = 20.milliseconds)
            assertEquals(field.text, again.awaitThread("the kept reply") { it.reply.ready }.reply.written)
            again.send()
            val sent = again.awaitThread("the reply in the thread") { it.messages.last().body == "Bitte heute 🙏" && it.reply.ready }
            val spans =
                sent.messages
                    .last()
                    .content.blocks
                    .flatMap { it.spans }
            assertEquals(listOf("Bitte " to false, "heute 🙏" to true), spans.map { it.text to it.bold })
        }

    @Test
    fun `a ticket taken back before it was sent is gone`() =
        withClient { client ->
            client.setOnline(false)
            val ticket = client.submit(client.filledDraft("On second thought"))
            val model = ThreadViewModel(client, scope, ticket)
            val description = model.awaitThread("the thread").messages.single()
            assertTrue(description.canDiscard)
            model.discard(description.id)
            model.state.await("the ticket to go") { it is ThreadState.Removed }
            assertEquals("On second thought", client.ticketDraft().subject)
        }

    @Test
    fun `an unsent reply is edited where it stands`() =
        withClient { client ->
            client.setOnline(false)
            val ticket = client.submit(client.filledDraft("A reply to be edited"))
            val reply = client.say(ticket, "It happens on Mondey.")
            val model = ThreadViewModel(client, scope, ticket)
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
        withClient { client ->
            client.setOnline(false)
            val ticket = client.submit(client.filledDraft("Sent while it was edited"))
            val reply = client.say(ticket, "The old text")
            val model = ThreadViewModel(client, scope, ticket)
            model.awaitThread("the reply") { it.messages.size == 2 }
            model.edit(reply)
            model.editText("The new text")
            client.setOnline(true)
            model.awaitThread("the reply to be sent") { it.ticket.row.number != null && it.ticket.row.waiting == 0u }
            model.saveEdit()
            val settled = model.awaitThread("the draft") { it.edit == null && it.reply.failure != null }
            assertEquals("The new text", settled.reply.text)
            assertLocalised(checkNotNull(settled.reply.failure))
            assertEquals("The new text", client.replyDraft(ticket).body)
        }

    @Test
    fun `what was written for a closed ticket goes into a new one once and stays until it is deleted`() =
        withClient { client ->
            val ticket = client.submit(client.filledDraft("Closed while it was written"))
            client.saveReplyDraft(client.replyDraft(ticket).copy(body = "Noch eine Frage: מתי?"))
            client.saveTicketDraft(client.ticketDraft().copy(description = "Schon begonnen."))
            val thread = ThreadViewModel(client, scope, ticket, language = "de-AT")
            val sent = thread.awaitThread("the kept text") { it.ticket.row.number != null && it.reply.ready && it.reply.text.isNotBlank() }
            val followed = "Schon begonnen.\n\nZu Ticket #${sent.ticket.row.number}:\n\nNoch eine Frage: מתי?"
            repeat(2) {
                thread.followUp()
                val prepared = thread.newTickets.await("the draft of the new ticket") { true }
                assertEquals(followed, prepared.description)
            }
            assertEquals(followed, client.ticketDraft().description)
            assertEquals("Noch eine Frage: מתי?", client.replyDraft(ticket).body)
            thread.discardReply()
            thread.awaitThread("nothing") { it.reply.ready && it.reply.text.isEmpty() }
            assertEquals("", client.replyDraft(ticket).body)
        }

    @Test
    fun `the first new message stays the same while the thread is open`() =
        withClient { client ->
            val row = ongoing(client)
            val number = checkNotNull(row.number).toLong()
            val before = ThreadViewModel(client, scope, row.id)
            before.enter()
            before.awaitThread("the whole thread") { it.ticket.threadComplete && !it.ticket.row.unread }
            before.leave()

            sandbox.answer(number, "Die Buchung ist da. 🧾")
            client.syncNow()
            client.history().await("the answer in the history") { history ->
                history.tickets.any { it.id == row.id && it.unread && it.snippet?.text == "Die Buchung ist da. 🧾" }
            }
            val model = ThreadViewModel(client, scope, row.id)
            model.enter()
            val opened = model.awaitThread("the answer as read") { it.unread != null && !it.ticket.row.unread }
            val first = opened.messages.first { it.id == opened.unread?.first }
            assertEquals("Die Buchung ist da. 🧾" to 1u, first.body to opened.unread?.count)

            sandbox.answer(number, "Und die zweite auch.")
            client.syncNow()
            val more = model.awaitThread("the second answer") { it.messages.last().body == "Und die zweite auch." }
            assertEquals(first.id to 2u, more.unread?.first to more.unread?.count)
            model.leave()
        }

    @Test
    fun `an agent's photo comes when it is shown and is there without a network`() =
        withClient { client ->
            val row = ongoing(client)
            sandbox.answer(checkNotNull(row.number).toLong(), "Wir prüfen das. 👍")
            val model = ThreadViewModel(client, scope, row.id)
            model.enter()
            client.syncNow()
            val answered = model.awaitThread("the answer") { it.messages.lastOrNull()?.body == "Wir prüfen das. 👍" }
            val answer = answered.messages.last()
            assertEquals(SmallPicture.ON_SERVER, answer.authorPhoto)
            assertNull("users have none", answered.messages.first { it.mine }.authorPhoto)
            assertNull("it is asked for", model.authorPhoto(answer.id))
            model.awaitThread("the photo") { it.messages.last().authorPhoto == SmallPicture.ON_DEVICE }
            sandbox.goOffline()
            client.setOnline(false)
            assertTrue(Files.size(checkNotNull(model.authorPhoto(answer.id))) > 0)
            assertNull("a message without files", model.thumbnail(answer.id, 0))
            model.leave()
        }
}
