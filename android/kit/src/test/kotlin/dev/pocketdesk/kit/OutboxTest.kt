package dev.pocketdesk.kit

import dev.pocketdesk.bindings.AttachException
import dev.pocketdesk.bindings.ChangeException
import dev.pocketdesk.bindings.ChangeKind
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.DeskException
import dev.pocketdesk.bindings.FileState
import dev.pocketdesk.bindings.Message
import dev.pocketdesk.bindings.ReasonKind
import dev.pocketdesk.bindings.ReplyException
import dev.pocketdesk.bindings.SubmitException
import dev.pocketdesk.sandbox.offering
import dev.pocketdesk.sandbox.takingFiles
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

/** What a user can still do about something written, while it waits and when it cannot be sent. */
class OutboxTest : SandboxTest() {
    private fun onDesk(
        delaySeconds: UInt = 0u,
        test: suspend (Pocketdesk) -> Unit,
    ) = runBlocking {
        val config = configOf(sandbox, folder).copy(sendDelaySeconds = delaySeconds)
        Pocketdesk.open(config) { "ada-token" }.use { test(it) }
    }

    private suspend fun Pocketdesk.last(ticket: Long): Message = thread(ticket).first().messages.last()

    private suspend fun Pocketdesk.awaitSent(ticket: Long) =
        thread(ticket).await("everything to be sent") { it.ticket.row.number != null && it.ticket.row.waiting == 0u }

    /** A file can be asked for once the desk has shown it, which is a moment after it was sent. */
    private suspend fun Pocketdesk.awaitDownload(message: Long) =
        withTimeout(30.seconds) {
            while (true) {
                try {
                    download(message, 0)
                    break
                } catch (_: DeskException.NotFound) {
                    yield()
                }
            }
        }

    @Test
    fun `in front a message can be undone and comes back as it was`() =
        onDesk(delaySeconds = 30u) { desk ->
            desk.setInFront(true)
            val subject = "Undone before it was sent"
            val ticket = desk.submit(desk.filledDraft(subject))
            val held = desk.last(ticket)
            assertTrue("${held.delivery}", held.delivery is Delivery.Held)
            assertTrue(held.canDiscard)
            desk.discard(held.id)
            assertEquals(subject, desk.ticketDraft().subject)
            desk.setInFront(false)
            desk.syncNow()
            desk.awaitFirstSync()
            assertTrue(sandbox.tickets(subject).isEmpty())
        }

    @Test
    fun `leaving the app sends at once what could still be undone`() =
        onDesk(delaySeconds = 30u) { desk ->
            desk.setInFront(true)
            val subject = "Sent on leaving"
            val ticket = desk.submit(desk.filledDraft(subject))
            assertTrue(desk.last(ticket).delivery is Delivery.Held)
            desk.setInFront(false)
            desk.awaitSent(ticket)
            assertEquals(1, sandbox.tickets(subject).size)
        }

    @Test
    fun `an unsent ticket is edited in every field and its reply keeps its place`() =
        onDesk { desk ->
            desk.setOnline(false)
            val ticket = desk.submit(desk.filledDraft("Written in a hurry"))
            val reply = desk.say(ticket, "Frist")
            desk.say(ticket, "Second")
            val unsent = desk.unsentTicket(ticket)
            assertEquals("Written in a hurry", unsent.subject)
            val edited =
                unsent.copy(
                    subject = "Written with care",
                    cc = emptyList(),
                    description = "Größe, and not Grösse.",
                    access = false,
                )
            assertHasWords(assertThrows<SubmitException.Invalid> { desk.editTicket(ticket, unsent.copy(subject = " ")) }.wordKey)
            desk.editTicket(ticket, edited)
            desk.editReply(reply, "First")
            assertHasWords(assertThrows<ReplyException.Invalid> { desk.editReply(reply, "\n") }.wordKey)

            desk.setOnline(true)
            desk.awaitSent(ticket)
            assertTrue(sandbox.tickets("Written in a hurry").isEmpty())
            val arrived = sandbox.tickets("Written with care").single()
            assertEquals(listOf("Größe, and not Grösse.", "First", "Second"), arrived.comments)
            assertEquals(emptyList<String>(), arrived.ccs)
            assertThrows<ReplyException.NotFound> { desk.editReply(reply, "Too late") }
            assertThrows<DeskException.NotFound> { desk.unsentTicket(ticket) }
        }

    @Test
    fun `a copy of the file on another device asks before it sends`() =
        runBlocking {
            val subject = "Came with a backup"
            val phone = configOf(sandbox, folder).copy(installation = Installation.keptIn(temporary.newFolder("phone").toPath()))
            val ticket =
                Pocketdesk.open(phone) { "ada-token" }.use { desk ->
                    desk.setOnline(false)
                    desk.submit(desk.filledDraft(subject))
                }
            val tablet = phone.copy(installation = Installation.keptIn(temporary.newFolder("tablet").toPath()))
            Pocketdesk.open(tablet) { "ada-token" }.use { desk ->
                desk.awaitFirstSync()
                val asked = desk.thread(ticket).await("the question") { it.messages.single().delivery is Delivery.NeedsYou }
                val asking = asked.messages.single()
                assertEquals(ReasonKind.RESTORED, (asking.delivery as Delivery.NeedsYou).reason.kind)
                assertTrue(sandbox.tickets(subject).isEmpty())
                desk.retry(asking.id)
                desk.awaitSent(ticket)
                assertEquals(1, sandbox.tickets(subject).size)
            }
        }

    @Test
    fun `what this desk does not offer is refused and says so`() =
        onDesk { desk ->
            desk.awaitFirstSync()
            val ticket =
                desk
                    .history()
                    .first()
                    .tickets
                    .first { it.visible }
                    .id
            assertFalse(desk.profile.addCc)
            assertHasWords(assertThrows<ChangeException.NotOffered> { desk.addCc(ticket, listOf("ben@nordlicht-reisen.example")) }.wordKey)
            assertHasWords(assertThrows<ChangeException.NotOffered> { desk.solve(ticket) }.wordKey)
        }

    @Test
    fun `more addresses and the end of a ticket wait like everything else and arrive in order`() =
        runBlocking {
            val config = configOf(sandbox, folder)
            val profile = offering(checkNotNull(config.profile), "add_cc", "solve")
            Pocketdesk.open(config.copy(profile = profile)) { "ada-token" }.use { desk ->
                desk.setOnline(false)
                val subject = "Two more want to know"
                val ticket = desk.submit(desk.filledDraft(subject))
                assertHasWords(assertThrows<ChangeException.Invalid> { desk.addCc(ticket, listOf("clara@")) }.wordKey)
                desk.addCc(ticket, listOf("clara@nordlicht-reisen.example"))
                desk.solve(ticket)
                val changes =
                    desk
                        .thread(ticket)
                        .first()
                        .ticket.changes
                assertEquals(listOf(ChangeKind.ADD_CC, ChangeKind.SOLVE), changes.map { it.kind })
                assertEquals(listOf("clara@nordlicht-reisen.example"), changes.first().addresses)
                desk.discardChange(changes.last().id)

                desk.setOnline(true)
                desk.thread(ticket).await("the change to be sent") { it.ticket.row.waiting == 0u && it.ticket.changes.isEmpty() }
                val arrived = sandbox.tickets(subject).single()
                assertTrue("${arrived.ccs}", "clara@nordlicht-reisen.example" in arrived.ccs)
                assertFalse(arrived.status == "solved")
            }
        }

    @Test
    fun `a file waits with its message and can be fetched once it has arrived`() =
        runBlocking {
            val config = configOf(sandbox, folder)
            val profile = takingFiles(checkNotNull(config.profile))
            Pocketdesk.open(config.copy(profile = profile)) { "ada-token" }.use { desk ->
                desk.setOnline(false)
                val export = Files.writeString(temporary.root.toPath().resolve("export"), "date;sales\n2026-03-01;12\n")
                val ticket = desk.submit(desk.filledDraft("With a file"))
                val draft = desk.replyDraft(ticket).copy(body = "The export is attached.")
                desk.saveReplyDraft(draft)
                assertHasWords(assertThrows<AttachException.WrongType> { desk.attach(draft.id, export, "export.exe") }.wordKey)
                desk.attach(draft.id, export, "Auswertung März.csv")
                desk.detach(desk.attach(draft.id, export, "twice.csv").id)
                assertEquals(listOf("Auswertung März.csv"), desk.draftFiles(draft.id).map { it.name })
                Files.delete(export)
                val reply = desk.reply(draft)
                assertEquals(
                    FileState.Waiting,
                    desk
                        .last(ticket)
                        .attachments
                        .single()
                        .state,
                )

                desk.setOnline(true)
                val sent = desk.awaitSent(ticket).messages.single { it.id == reply }
                assertEquals("Auswertung März.csv", sent.attachments.single().name)
                desk.opened(ticket)
                desk.awaitDownload(reply)
                desk.thread(ticket).await("the file") {
                    it.messages
                        .last()
                        .attachments
                        .single()
                        .state == FileState.Here
                }
                assertEquals("date;sales\n2026-03-01;12\n", Files.readString(checkNotNull(desk.attachmentFile(reply, 0))))
            }
        }
}
