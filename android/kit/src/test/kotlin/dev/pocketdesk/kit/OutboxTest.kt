package dev.pocketdesk.kit

import dev.pocketdesk.bindings.AttachException
import dev.pocketdesk.bindings.ChangeException
import dev.pocketdesk.bindings.ChangeKind
import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.FileState
import dev.pocketdesk.bindings.Message
import dev.pocketdesk.bindings.ReasonKind
import dev.pocketdesk.bindings.ReplyException
import dev.pocketdesk.bindings.SubmitException
import dev.pocketdesk.sandbox.withActions
import dev.pocketdesk.sandbox.withAttachments
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import java.nio.file.Files
import kotlin.time.Duration.Companion.seconds

/** What a user can do with a message or change that waits, or cannot be sent. */
class OutboxTest : SandboxTest() {
    private fun withClient(
        delaySeconds: UInt = 0u,
        test: suspend (Pocketdesk) -> Unit,
    ) = runBlocking {
        val config = configOf(sandbox, folder).copy(sendDelaySeconds = delaySeconds)
        Pocketdesk.open(config) { "ada-token" }.use { test(it) }
    }

    private suspend fun Pocketdesk.last(ticket: Long): Message = thread(ticket).first().messages.last()

    private suspend fun Pocketdesk.awaitSent(ticket: Long) =
        thread(ticket).await("everything to be sent") { it.ticket.row.number != null && it.ticket.row.waiting == 0u }

    /** A file can be requested once the server has shown it, which is a moment after it was sent. */
    private suspend fun Pocketdesk.awaitDownload(message: Long) =
        withTimeout(30.seconds) {
            while (true) {
                try {
                    download(message, 0)
                    break
                } catch (_: ClientException.NotPossibleNow) {
                    yield()
                }
            }
        }

    @Test
    fun `in front a message can be undone and comes back as it was`() =
        withClient(delaySeconds = 30u) { client ->
            client.setInFront(true)
            val subject = "Undone before it was sent"
            val ticket = client.submit(client.filledDraft(subject))
            val held = client.last(ticket)
            assertTrue("${held.delivery}", held.delivery is Delivery.Held)
            assertTrue(held.canDiscard)
            client.discard(held.id)
            assertEquals(subject, client.ticketDraft().subject)
            client.setInFront(false)
            client.syncNow()
            client.awaitFirstSync()
            assertTrue(sandbox.tickets(subject).isEmpty())
        }

    @Test
    fun `leaving the app sends at once what could still be undone`() =
        withClient(delaySeconds = 30u) { client ->
            client.setInFront(true)
            val subject = "Sent on leaving"
            val ticket = client.submit(client.filledDraft(subject))
            assertTrue(client.last(ticket).delivery is Delivery.Held)
            client.setInFront(false)
            client.awaitSent(ticket)
            assertEquals(1, sandbox.tickets(subject).size)
        }

    @Test
    fun `an unsent ticket is edited in every field and its reply keeps its place`() =
        withClient { client ->
            client.setOnline(false)
            val ticket = client.submit(client.filledDraft("Written in a hurry"))
            val reply = client.say(ticket, "Frist")
            client.say(ticket, "Second")
            val unsent = client.unsentTicket(ticket)
            assertEquals("Written in a hurry", unsent.subject)
            val edited =
                unsent.copy(
                    subject = "Written with care",
                    cc = emptyList(),
                    description = "Größe, and not Grösse.",
                    access = false,
                )
            assertLocalised(assertThrows<SubmitException.Invalid> { client.editTicket(ticket, unsent.copy(subject = " ")) }.key())
            client.editTicket(ticket, edited)
            client.editReply(reply, "First")
            assertLocalised(assertThrows<ReplyException.Invalid> { client.editReply(reply, "\n") }.key())

            client.setOnline(true)
            client.awaitSent(ticket)
            assertTrue(sandbox.tickets("Written in a hurry").isEmpty())
            val arrived = sandbox.tickets("Written with care").single()
            assertEquals(listOf("Größe, and not Grösse.", "First", "Second"), arrived.comments)
            assertEquals(emptyList<String>(), arrived.ccs)
            assertThrows<ReplyException.NotPossibleNow> { client.editReply(reply, "Too late") }
            assertThrows<ClientException.NotPossibleNow> { client.unsentTicket(ticket) }
        }

    @Test
    fun `a copy of the file on another device asks before it sends`() =
        runBlocking {
            val subject = "Came with a backup"
            val phone = configOf(sandbox, folder).copy(installation = Installation.keptIn(temporary.newFolder("phone").toPath()))
            val ticket =
                Pocketdesk.open(phone) { "ada-token" }.use { client ->
                    client.setOnline(false)
                    client.submit(client.filledDraft(subject))
                }
            val tablet = phone.copy(installation = Installation.keptIn(temporary.newFolder("tablet").toPath()))
            Pocketdesk.open(tablet) { "ada-token" }.use { client ->
                client.awaitFirstSync()
                val asked = client.thread(ticket).await("the question") { it.messages.single().delivery is Delivery.NeedsUser }
                val asking = asked.messages.single()
                assertEquals(ReasonKind.RESTORED, (asking.delivery as Delivery.NeedsUser).reason.kind)
                assertTrue(sandbox.tickets(subject).isEmpty())
                client.retry(asking.id)
                client.awaitSent(ticket)
                assertEquals(1, sandbox.tickets(subject).size)
            }
        }

    @Test
    fun `what the help desk does not offer is refused and says so`() =
        withClient { client ->
            client.awaitFirstSync()
            val ticket =
                client
                    .history()
                    .first()
                    .tickets
                    .first { it.visible }
                    .id
            assertFalse(client.product.addCc)
            assertLocalised(
                assertThrows<ChangeException.NotOffered> { client.addCc(ticket, listOf("ben@nordlicht-reisen.example")) }.key(),
            )
            assertLocalised(assertThrows<ChangeException.NotOffered> { client.solve(ticket) }.key())
        }

    @Test
    fun `more addresses and the end of a ticket wait like everything else and arrive in order`() =
        runBlocking {
            val config = configOf(sandbox, folder)
            val product = withActions(checkNotNull(config.product), "add_cc", "solve")
            Pocketdesk.open(config.copy(product = product)) { "ada-token" }.use { client ->
                client.setOnline(false)
                val subject = "Two more want to know"
                val ticket = client.submit(client.filledDraft(subject))
                assertLocalised(assertThrows<ChangeException.Invalid> { client.addCc(ticket, listOf("clara@")) }.key())
                client.addCc(ticket, listOf("clara@nordlicht-reisen.example"))
                client.solve(ticket)
                val changes =
                    client
                        .thread(ticket)
                        .first()
                        .ticket.changes
                assertEquals(listOf(ChangeKind.ADD_CC, ChangeKind.SOLVE), changes.map { it.kind })
                assertEquals(listOf("clara@nordlicht-reisen.example"), changes.first().addresses)
                client.discardChange(changes.last().id)

                client.setOnline(true)
                client.thread(ticket).await("the change to be sent") { it.ticket.row.waiting == 0u && it.ticket.changes.isEmpty() }
                val arrived = sandbox.tickets(subject).single()
                assertTrue("${arrived.ccs}", "clara@nordlicht-reisen.example" in arrived.ccs)
                assertFalse(arrived.status == "solved")
            }
        }

    @Test
    fun `a file waits with its message and can be fetched once it has arrived`() =
        runBlocking {
            val config = configOf(sandbox, folder)
            val product = withAttachments(checkNotNull(config.product))
            Pocketdesk.open(config.copy(product = product)) { "ada-token" }.use { client ->
                client.setOnline(false)
                val export = Files.writeString(temporary.root.toPath().resolve("export"), "date;sales\n2026-03-01;12\n")
                val ticket = client.submit(client.filledDraft("With a file"))
                val draft = client.replyDraft(ticket).copy(body = "The export is attached.")
                client.saveReplyDraft(draft)
                assertLocalised(assertThrows<AttachException.WrongType> { client.attach(draft.id, export, "export.exe") }.key())
                client.attach(draft.id, export, "Auswertung März.csv")
                client.detach(client.attach(draft.id, export, "twice.csv").id)
                assertEquals(listOf("Auswertung März.csv"), client.draftFiles(draft.id).map { it.name })
                Files.delete(export)
                val reply = client.reply(draft)
                assertEquals(
                    FileState.Waiting,
                    client
                        .last(ticket)
                        .attachments
                        .single()
                        .state,
                )

                client.setOnline(true)
                val sent = client.awaitSent(ticket).messages.single { it.id == reply }
                assertEquals("Auswertung März.csv", sent.attachments.single().name)
                client.threadOpened(ticket)
                client.awaitDownload(reply)
                client.thread(ticket).await("the file") {
                    it.messages
                        .last()
                        .attachments
                        .single()
                        .state == FileState.OnDevice
                }
                assertEquals("date;sales\n2026-03-01;12\n", Files.readString(checkNotNull(client.attachmentFile(reply, 0))))
            }
        }
}
