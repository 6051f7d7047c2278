package dev.pocketdesk.kit

import dev.pocketdesk.bindings.DraftNote
import dev.pocketdesk.bindings.Field
import dev.pocketdesk.bindings.Problem
import dev.pocketdesk.bindings.ReplyException
import dev.pocketdesk.bindings.Status
import dev.pocketdesk.bindings.SubmitException
import dev.pocketdesk.bindings.TicketDraft
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

/** What may be sent, as the form is told; every refusal has words in three languages. */
class DraftRulesTest : SandboxTest() {
    private fun refused(
        field: Field,
        problem: Problem,
        change: (TicketDraft) -> TicketDraft,
    ) = runBlocking {
        openDesk(sandbox, folder).use { desk ->
            val draft = change(desk.filledDraft("Payout report is empty"))
            val error = assertThrows<SubmitException.Invalid> { desk.submit(draft) }
            assertEquals(listOf(field to problem), error.problems.map { it.field to it.problem })
            error.problems.forEach { assertHasWords(it.wordKey) }
            assertFalse(desk.check(draft).canCreate)
            assertEquals("nothing was created", 0u, desk.status.first().waiting)
        }
    }

    @Test
    fun `a subject of spaces is required`() = refused(Field.SUBJECT, Problem.Required) { it.copy(subject = " \n ") }

    @Test
    fun `a subject of 141 characters is too long however many bytes it has`() =
        refused(Field.SUBJECT, Problem.TooLong(141u, 140u)) { it.copy(subject = "👩‍👩‍👧".repeat(141)) }

    @Test
    fun `a blank description is required`() = refused(Field.DESCRIPTION, Problem.Required) { it.copy(description = "\n\t ") }

    @Test
    fun `a malformed address is an error`() =
        refused(Field.CC, Problem.Malformed) {
            it.copy(cc = listOf("ben@nordlicht-reisen.example", "jörg@"))
        }

    @Test
    fun `an unknown issue type is an error`() = refused(Field.ISSUE_TYPE, Problem.Unknown) { it.copy(issueType = "weather") }

    @Test
    fun `a subject of 140 characters with a line break goes`() =
        runBlocking {
            openDesk(sandbox, folder).use { desk ->
                val check = desk.check(desk.filledDraft("  ${"ß".repeat(70)}\n${"🧾".repeat(69)} "))
                assertEquals(140u, check.subjectCount)
                assertTrue(check.canCreate)
            }
        }

    @Test
    fun `a repeated address is dropped with a note whatever its case`() =
        runBlocking {
            openDesk(sandbox, folder).use { desk ->
                desk.setOnline(false)
                val draft =
                    desk
                        .filledDraft(
                            "Twice the same",
                        ).copy(cc = listOf("ben@nordlicht-reisen.example", "Ben@Nordlicht-Reisen.example"))
                val check = desk.check(draft)
                assertEquals(listOf<DraftNote>(DraftNote.RepeatedAddress(1u)), check.notes)
                check.notes.forEach { assertHasWords(it.wordKey) }
                val ticket = desk.submit(draft)
                assertEquals(
                    listOf("ben@nordlicht-reisen.example"),
                    desk
                        .thread(ticket)
                        .first()
                        .ticket.cc,
                )
            }
        }

    @Test
    fun `half a character in a text is replaced and sent`() =
        runBlocking {
            openDesk(sandbox, folder).use { desk ->
                desk.setOnline(false)
                val ticket = desk.submit(desk.filledDraft("Broken emoji \uD83D").copy(description = "\uDE00 cut in half"))
                val thread = desk.thread(ticket).first()
                assertEquals("Broken emoji \uFFFD", thread.ticket.row.subject)
                assertEquals("\uFFFD cut in half", thread.messages.single().body)
                desk.say(ticket, "again \uD83D")
                assertEquals(
                    "again \uFFFD",
                    desk
                        .thread(ticket)
                        .first()
                        .messages
                        .last()
                        .body,
                )
            }
        }

    @Test
    fun `the same draft twice is one ticket and the same reply twice one message`() =
        runBlocking {
            openDesk(sandbox, folder).use { desk ->
                desk.setOnline(false)
                val draft = desk.filledDraft("Tapped twice")
                val ticket = desk.submit(draft)
                assertEquals(ticket, desk.submit(draft))
                val reply = desk.replyDraft(ticket).copy(body = "Also tapped twice")
                assertEquals(desk.reply(reply), desk.reply(reply))
                assertEquals(
                    2,
                    desk
                        .thread(ticket)
                        .first()
                        .messages.size,
                )
            }
        }

    @Test
    fun `a closed ticket takes no reply`() =
        runBlocking {
            openDesk(sandbox, folder).use { desk ->
                desk.awaitFirstSync()
                val closed =
                    desk
                        .history()
                        .first()
                        .tickets
                        .first { it.status == Status.CLOSED }
                assertFalse(
                    desk
                        .thread(closed.id)
                        .first()
                        .ticket.canReply,
                )
                val error = assertThrows<ReplyException.TicketClosed> { desk.say(closed.id, "One more thing") }
                assertHasWords(error.wordKey)
            }
        }

    @Test
    fun `a blank reply is refused`() =
        runBlocking {
            openDesk(sandbox, folder).use { desk ->
                desk.awaitFirstSync()
                val open =
                    desk
                        .history()
                        .first()
                        .tickets
                        .first { it.status == Status.OPEN }
                val error = assertThrows<ReplyException.Invalid> { desk.say(open.id, " \n") }
                assertHasWords(error.wordKey)
            }
        }
}
