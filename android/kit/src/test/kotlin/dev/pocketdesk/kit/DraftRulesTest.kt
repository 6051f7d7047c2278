package dev.pocketdesk.kit

import dev.pocketdesk.bindings.DraftNote
import dev.pocketdesk.bindings.Field
import dev.pocketdesk.bindings.FormProgress
import dev.pocketdesk.bindings.Problem
import dev.pocketdesk.bindings.ReplyException
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.bindings.SubmitException
import dev.pocketdesk.bindings.TicketDraft
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

/** Validation of drafts. Every problem has a string in each language. */
class DraftRulesTest : SandboxTest() {
    private fun refused(
        field: Field,
        problem: Problem,
        change: (TicketDraft) -> TicketDraft,
    ) = runBlocking {
        openClient(sandbox, folder).use { client ->
            val draft = change(client.filledDraft("Payout report is empty"))
            val error = assertThrows<SubmitException.Invalid> { client.submit(draft) }
            assertEquals(listOf(field to problem), error.problems.map { it.field to it.problem })
            assertLocalised(error.key())
            val said = client.check(draft, FormProgress(attempted = true)).messages.single { it.problem }
            assertEquals(field to error.key(), said.field to said.key)
            assertFalse(client.check(draft).canCreate)
            assertEquals("nothing was created", 0u, client.status.first().waiting)
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
            openClient(sandbox, folder).use { client ->
                val check = client.check(client.filledDraft("  ${"ß".repeat(70)}\n${"🧾".repeat(69)} "))
                assertEquals(140u, check.subjectCount)
                assertTrue(check.canCreate)
            }
        }

    @Test
    fun `a repeated address is dropped with a note whatever its case`() =
        runBlocking {
            openClient(sandbox, folder).use { client ->
                client.setOnline(false)
                val draft =
                    client
                        .filledDraft(
                            "Twice the same",
                        ).copy(cc = listOf("ben@nordlicht-reisen.example", "Ben@Nordlicht-Reisen.example"))
                val check = client.check(draft)
                assertEquals(listOf<DraftNote>(DraftNote.RepeatedAddress(1u)), check.notes)
                assertEquals(listOf(1u to "note.cc.repeated"), check.messages.map { it.index to it.key })
                assertLocalised("note.cc.repeated")
                val ticket = client.submit(draft)
                assertEquals(
                    listOf("ben@nordlicht-reisen.example"),
                    client
                        .thread(ticket)
                        .first()
                        .ticket.cc,
                )
            }
        }

    @Test
    fun `half a character in a text is replaced and sent`() =
        runBlocking {
            openClient(sandbox, folder).use { client ->
                client.setOnline(false)
                val ticket = client.submit(client.filledDraft("Broken emoji \uD83D").copy(description = "\uDE00 cut in half"))
                val thread = client.thread(ticket).first()
                assertEquals("Broken emoji \uFFFD", thread.ticket.row.subject)
                assertEquals("\uFFFD cut in half", thread.messages.single().body)
                client.say(ticket, "again \uD83D")
                assertEquals(
                    "again \uFFFD",
                    client
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
            openClient(sandbox, folder).use { client ->
                client.setOnline(false)
                val draft = client.filledDraft("Tapped twice")
                val ticket = client.submit(draft)
                assertEquals(ticket, client.submit(draft))
                val reply = client.replyDraft(ticket).copy(body = "Also tapped twice")
                assertEquals(client.reply(reply), client.reply(reply))
                assertEquals(
                    2,
                    client
                        .thread(ticket)
                        .first()
                        .messages.size,
                )
            }
        }

    @Test
    fun `a closed ticket takes no reply`() =
        runBlocking {
            openClient(sandbox, folder).use { client ->
                client.awaitFirstSync()
                val closed =
                    client
                        .history()
                        .first()
                        .tickets
                        .first { it.status.kind == StatusKind.CLOSED }
                assertFalse(
                    client
                        .thread(closed.id)
                        .first()
                        .ticket.canReply,
                )
                val error = assertThrows<ReplyException.TicketClosed> { client.say(closed.id, "One more thing") }
                assertLocalised(error.key())
            }
        }

    @Test
    fun `a blank reply is refused`() =
        runBlocking {
            openClient(sandbox, folder).use { client ->
                client.awaitFirstSync()
                val open =
                    client
                        .history()
                        .first()
                        .tickets
                        .first { it.status.kind == StatusKind.OPEN }
                val error = assertThrows<ReplyException.Invalid> { client.say(open.id, " \n") }
                assertLocalised(error.key())
            }
        }
}
