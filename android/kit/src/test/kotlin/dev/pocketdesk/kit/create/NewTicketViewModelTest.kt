package dev.pocketdesk.kit.create

import dev.pocketdesk.bindings.Field
import dev.pocketdesk.kit.FileLimit
import dev.pocketdesk.kit.LocalFile
import dev.pocketdesk.kit.PickedFile
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.assertLocalised
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.draftFiles
import dev.pocketdesk.kit.filledDraft
import dev.pocketdesk.kit.viewmodel.ViewModelTest
import dev.pocketdesk.sandbox.Company
import dev.pocketdesk.sandbox.productFrom
import dev.pocketdesk.sandbox.withAttachments
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import java.nio.file.Files
import java.nio.file.Path
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds

/** The form of a new ticket and of an unsent one, with the real core. */
class NewTicketViewModelTest : ViewModelTest() {
    private suspend fun NewTicketViewModel.awaitForm(
        what: String,
        condition: (NewTicketState.Editing) -> Boolean = { true },
    ) = state.filterIsInstance<NewTicketState.Editing>().await(what, condition = condition)

    private fun newTicket(
        client: Pocketdesk,
        pause: Duration = 20.milliseconds,
    ) = NewTicketViewModel(client, scope, pause)

    /** A chosen file. What the platform calls its copy is nobody's business. */
    private fun picked(
        name: String,
        text: String,
    ): PickedFile = LocalFile(Files.write(Files.createTempFile(folder, "picked", null), text.toByteArray()), name)

    /** A file in a cloud that does not answer. */
    private class NeverThere(
        override val name: String,
    ) : PickedFile {
        val asked = CompletableDeferred<Unit>()
        val ended = CompletableDeferred<Unit>()

        override suspend fun read(
            atMost: Long,
            use: suspend (Path) -> Unit,
        ): Unit =
            try {
                asked.complete(Unit)
                awaitCancellation()
            } finally {
                ended.complete(Unit)
            }
    }

    @Test
    fun `a draft is kept at a pause in typing and on leaving`() =
        withClient { client ->
            newTicket(client).run {
                awaitForm("the form")
                subject("Kept at a pause")
            }
            while (client.ticketDraft().subject != "Kept at a pause") Thread.yield()

            newTicket(client, pause = 1.hours).run {
                assertEquals("Kept at a pause", awaitForm("the kept draft") { it.restored }.draft.subject)
                description("Kept on leaving")
                leave()
            }
            while (client.ticketDraft().description != "Kept on leaving") Thread.yield()
        }

    @Test
    fun `problems are shown when they are due`() =
        withClient { client ->
            val model = newTicket(client)
            val fresh = model.awaitForm("the form")
            assertNull("the field was not visited yet", fresh.problem(Field.SUBJECT))
            assertTrue(!fresh.canCreate)
            model.visited(Field.SUBJECT)
            val missing = model.awaitForm("the required subject") { it.problem(Field.SUBJECT) != null }
            assertEquals("field.required", missing.problem(Field.SUBJECT)?.key)
            model.subject("ö".repeat(141))
            val long = model.awaitForm("too long") { it.problem(Field.SUBJECT)?.key == "field.subject.too_long" }
            val (count, limit) = checkNotNull(long.problem(Field.SUBJECT)).run { checkNotNull(count) to checkNotNull(limit) }
            val told = client.strings("de")["field.subject.too_long", "count" to count, "limit" to limit]
            assertEquals("Zu lang: 141 von höchstens 140 Zeichen.", told)
            assertEquals("", model.ccEntry("ben@nordlicht-reisen.example; jörg@,"))
            val form = model.awaitForm("the malformed address") { it.problem(Field.CC, 1) != null }
            assertNull(form.problem(Field.CC, 0))
            assertEquals("jörg@", model.editCc(1))
            assertEquals("", model.ccEntry("Ben@nordlicht-reisen.example "))
            val note = model.awaitForm("the note") { it.ccNotes.isNotEmpty() }.ccNotes.single()
            assertEquals(1u to "note.cc.repeated", note.index to note.key)
            model.description("Seit Montag.")
            model.create()
            val attempted = model.awaitForm("what keeps it from being created") { it.progress.attempted }
            assertEquals("field.subject.too_long", attempted.problem(Field.SUBJECT)?.key)
        }

    @Test
    fun `a list from a mail program becomes its addresses`() =
        withClient { client ->
            val model = newTicket(client)
            model.awaitForm("the form")
            assertEquals("", model.ccEntry("Ada Lovelace <ada@b.example>; \"Okafor, Ben\" <ben@b.example>"))
            assertEquals("Zoë <zoe@", model.ccEntry(", jörg@b.example\tZoë <zoe@"))
            val form = model.awaitForm("the addresses") { it.draft.cc.size == 3 }
            assertEquals(listOf("ada@b.example", "ben@b.example", "jörg@b.example"), form.draft.cc)
            assertNull(form.problem(Field.CC, 0))
        }

    @Test
    fun `a created ticket uses up its draft although a save was under way`() =
        withClient { client ->
            val model = newTicket(client)
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
                client
                    .thread(created.ticket)
                    .first()
                    .ticket.row.subject,
            )
            assertEquals("", client.ticketDraft().subject)
            assertEquals(
                1,
                client
                    .history()
                    .first()
                    .tickets
                    .count { it.subject == "Created once" },
            )
        }

    @Test
    fun `a discarded draft starts over`() =
        withClient { client ->
            val model = newTicket(client)
            model.awaitForm("the form")
            model.subject("Better not")
            model.awaitForm("the text") { it.hasContent }
            model.discard()
            assertEquals("", model.awaitForm("an empty form") { it.revision == 1 }.draft.subject)
            assertEquals("", client.ticketDraft().subject)
        }

    @Test
    fun `an unsent ticket is edited in the form and its draft is none of it`() =
        withClient { client ->
            client.setOnline(false)
            val ticket = client.submit(client.filledDraft("To be edited"))
            val model = NewTicketViewModel(client, scope, 20.milliseconds, unsent = ticket)
            val form = model.awaitForm("the form")
            assertEquals("To be edited", form.draft.subject)
            assertTrue(!form.changed && !form.restored)
            model.subject("Edited")
            assertTrue(model.awaitForm("the change") { it.changed && !it.progress.typing }.canCreate)
            model.leave()
            assertEquals("a draft is for new tickets", "", client.ticketDraft().subject)
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
                client
                    .thread(ticket)
                    .first()
                    .ticket.row.subject,
            )

            val late = NewTicketViewModel(client, scope, 20.milliseconds, unsent = ticket)
            late.awaitForm("the form again")
            late.subject("Too late")
            client.setOnline(true)
            client.thread(ticket).await("the ticket to be sent") { it.ticket.row.number != null }
            late.create()
            assertLocalised(checkNotNull(late.awaitForm("the reason") { it.failure != null }.failure))
        }

    @Test
    fun `files of a new ticket are kept with its draft and go with it`() =
        withClient(::withAttachments) { client ->
            val form = NewTicketViewModel(client, scope)
            form.awaitForm("the form") { true }
            form.subject("Export ohne Zeilen")
            form.description("Siehe Anhang.")
            val table = picked("Umsätze März.csv", "Datum;Umsatz\n")
            form.attach(listOf(table, picked("Bild.png", "kein Bild"), picked("Protokoll.txt", "a".repeat(500_001))))
            val editing = form.awaitForm("one file and two reasons") { it.files.attached.size == 1 && it.files.refused.size == 2 }
            assertEquals(
                setOf("attachment.wrong_content", "attachment.too_large"),
                editing.files.refused
                    .map { it.stringKey }
                    .toSet(),
            )
            assertEquals(
                FileLimit.Bytes(500_000),
                editing.files.refused
                    .single { it.name == "Protokoll.txt" }
                    .limit,
            )
            form.dismiss("Bild.png")
            form.awaitForm("one reason") {
                it.files.refused
                    .singleOrNull()
                    ?.name == "Protokoll.txt"
            }
            // A later process finds everything again.
            val next = NewTicketViewModel(client, scope)
            val kept = next.awaitForm("the kept draft") { it.files.attached.size == 1 }
            assertTrue(kept.restored && kept.draft.subject == "Export ohne Zeilen")
            next.attach(listOf(picked("Notiz.txt", "noch eine")))
            val both = next.awaitForm("both") { it.files.attached.size == 2 }
            next.detach(
                both.files.attached
                    .first()
                    .id,
            )
            next.awaitForm("one") {
                it.files.attached
                    .singleOrNull()
                    ?.name == "Notiz.txt"
            }
            next.create()
            val created = next.state.await("the ticket") { it is NewTicketState.Created } as NewTicketState.Created
            val description =
                client
                    .thread(created.ticket)
                    .first()
                    .messages
                    .single()
            assertEquals(listOf("Notiz.txt"), description.attachments.map { it.name })
        }

    @Test
    fun `chosen files are attached in their order and one that does not come can be left out`() =
        withClient(::withAttachments) { client ->
            val form = newTicket(client)
            form.awaitForm("the form")
            form.subject("Zwei Belege")
            form.description("Siehe Anhang. 📎")
            form.awaitForm("a complete form") { it.canCreate }
            val cloud = NeverThere("Film.txt")
            form.attach(listOf(picked("Größe 1.txt", "eins"), cloud, NeverThere("Noch einer.txt"), picked("Größe 2.txt", "zwei")))
            val waiting = form.awaitForm("the first file") { it.files.attached.size == 1 }
            assertEquals(listOf("Film.txt", "Noch einer.txt", "Größe 2.txt"), waiting.files.copying.map { it.name })
            assertFalse("what is being attached may yet be refused", waiting.canCreate)
            form.create()
            // A file that is left out before its turn is never read, so no read of it would end.
            cloud.asked.await()
            form.stopAttaching(waiting.files.copying[1])
            form.stopAttaching(waiting.files.copying[0])
            cloud.ended.await()
            val all = form.awaitForm("the last file") { it.files.copying.isEmpty() && it.files.attached.size == 2 }
            assertEquals(listOf("Größe 1.txt", "Größe 2.txt"), all.files.attached.map { it.name })
            assertTrue(all.canCreate && all.files.refused.isEmpty())
            form.create()
            val created = form.state.await("the ticket") { it is NewTicketState.Created } as NewTicketState.Created
            val names =
                client
                    .thread(created.ticket)
                    .first()
                    .messages
                    .single()
                    .attachments
                    .map { it.name }
            assertEquals(listOf("Größe 1.txt", "Größe 2.txt"), names)
        }

    @Test
    fun `more files than a ticket may have are refused before they are fetched`() =
        withClient(::withAttachments) { client ->
            val form = newTicket(client)
            form.awaitForm("the form")
            form.attach((1..5).map { picked("Beleg $it.txt", "Nummer $it") } + NeverThere("Beleg 6.txt")).join()
            val full = form.awaitForm("all but one") { it.files.attached.size == 5 }
            assertEquals(
                "attachment.too_many" to FileLimit.Files(5),
                full.files.refused
                    .single()
                    .run { stringKey to limit },
            )
        }

    @Test
    fun `a file that is still being attached does not come into the draft that replaces a discarded one`() =
        withClient(::withAttachments) { client ->
            val form = newTicket(client)
            form.awaitForm("the form")
            form.subject("Doch nicht")
            val cloud = NeverThere("Beleg.txt")
            val attaching = form.attach(listOf(cloud, picked("Notiz.txt", "zu spät")))
            form.awaitForm("the file on its way") { it.files.copying.size == 2 && it.draft.subject.isNotEmpty() }
            form.discard()
            attaching.join()
            val blank = form.awaitForm("a blank form") { it.revision == 1 }
            assertTrue(blank.files.isEmpty)
            assertEquals(emptyList<String>(), client.draftFiles(client.ticketDraft().id).map { it.name })
        }

    @Test
    fun `a text that an entry brings stands below the user's own and is kept only with what the user types`() =
        withClient({ productFrom("impact-web@1") }) { client ->
            val upgrade = client.strings("de")["book.upgrade"]

            fun opened(pause: Duration = 1.hours) = NewTicketViewModel(client, scope, pause, prefill = upgrade)
            opened().run {
                val form = awaitForm("the form")
                assertEquals(upgrade, form.draft.description)
                assertFalse("nobody has written it before", form.restored)
                leave()
            }
            client.setInFront(false)
            assertEquals("looking at the form leaves no draft", "", client.ticketDraft().description)

            client.saveTicketDraft(client.ticketDraft().copy(description = "Für zwei Personen, bitte. 🙏"))
            val both = "Für zwei Personen, bitte. 🙏\n\n$upgrade"
            opened(20.milliseconds).run {
                val form = awaitForm("the form again")
                assertEquals(both, form.draft.description)
                assertTrue(form.restored)
                subject("Termin")
            }
            while (client.ticketDraft().subject != "Termin") Thread.yield()
            assertEquals(both, client.ticketDraft().description)

            opened().run {
                assertEquals("it is not added twice", both, awaitForm("the form once more").draft.description)
                discard()
                assertEquals("", awaitForm("a blank form") { it.revision == 1 }.draft.description)
            }
        }

    @Test
    fun `addresses that are typed while access is off stay in the form with a note and none is sent`() =
        withClient({ productFrom("impact-web@1") }) { client ->
            val model = newTicket(client)
            assertFalse("nothing is said before there is an address", model.awaitForm("the form").ccNotes.isNotEmpty())
            model.subject("Auszahlung fehlt")
            model.description("Seit Montag.")
            model.access(true)
            model.ccEntry("jörg.müller@nordlicht-reisen.example ")
            model.awaitForm("with access") { it.canCreate && it.draft.cc.isNotEmpty() && it.check.notes.isEmpty() }
            model.access(false)
            val aside = model.awaitForm("a note") { it.ccNotes.isNotEmpty() }
            val key = aside.ccNotes.single().key
            assertEquals(client.product.ccKeptAsideKey, key)
            listOf("en", "de", "es").forEach { assertTrue(it, key in client.strings(it)) }
            assertEquals(listOf("jörg.müller@nordlicht-reisen.example"), aside.draft.cc)
            assertTrue(aside.canCreate)
            model.create()
            val created = model.state.await("the ticket") { it is NewTicketState.Created } as NewTicketState.Created
            assertEquals(
                emptyList<String>(),
                client
                    .thread(created.ticket)
                    .first()
                    .ticket.cc,
            )
        }

    @Test
    fun `a form without a default asks for the issue type`() =
        withClient({ Company.TELECOM.definition }) { client ->
            val model = newTicket(client)
            assertEquals("", model.awaitForm("the form").draft.issueType)
            model.subject("Kein Empfang seit dem Gewitter ⛈️")
            model.description("Die Lampe am Router ist aus.")
            model.visited(Field.ISSUE_TYPE)
            val open = model.awaitForm("what is missing") { it.problem(Field.ISSUE_TYPE)?.key == "field.required" }
            assertFalse(open.canCreate)
            model.issueType("fault")
            model.awaitForm("a chosen type") { it.canCreate }
        }
}
