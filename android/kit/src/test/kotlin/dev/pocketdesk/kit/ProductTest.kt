package dev.pocketdesk.kit

import dev.pocketdesk.bindings.FormField
import dev.pocketdesk.bindings.OpenException
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.bindings.TicketStatus
import dev.pocketdesk.bindings.Turn
import dev.pocketdesk.kit.account.HelpTarget
import dev.pocketdesk.kit.account.SupportViewModel
import dev.pocketdesk.kit.strings.nameIn
import dev.pocketdesk.kit.viewmodel.ViewModelTest
import dev.pocketdesk.sandbox.Company
import dev.pocketdesk.sandbox.productFrom
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import java.net.URI
import java.util.Locale

/** Products are data: the screens show what a definition says, in its own words, and a wrong definition is refused at its place. */
class ProductTest : ViewModelTest() {
    private val german = Locale.forLanguageTag("de-AT")

    private fun withProduct(
        product: String,
        definitions: List<String> = emptyList(),
        test: suspend (Pocketdesk) -> Unit,
    ) = runBlocking {
        val config = configOf(sandbox, folder).copy(product = product, definitions = definitions, sendDelaySeconds = 0u)
        Pocketdesk.open(config) { "ada-token" }.use { test(it) }
    }

    private fun entriesOf(
        client: Pocketdesk,
        strings: Strings,
        takesHostCalls: Boolean,
    ) = SupportViewModel(client, scope, strings, takesHostCalls).state.value.entries

    @Test
    fun `a definition that is handed in as text brings its own statuses types entries and texts`() =
        withProduct(Company.TELECOM.definition) { client ->
            val strings = client.strings("de-AT", german)
            assertEquals("de" to german, strings.language to strings.locale)
            with(client.product) {
                assertEquals(
                    listOf(StatusKind.OPEN, StatusKind.WORKING, StatusKind.AWAITING_USER, StatusKind.CLOSED),
                    statuses.map { it.kind },
                )
                assertEquals(
                    listOf("Eingegangen", "Techniker unterwegs", "Wir brauchen Sie", "Erledigt"),
                    statuses.map { strings[it.labelKey] },
                )
                assertEquals(listOf(Turn.HELP_DESK, Turn.HELP_DESK, Turn.YOU, Turn.NOBODY), statuses.map { it.turn })
                assertEquals(listOf("Störung", "Rechnung"), issueTypes.map { strings[it.labelKey] })
                assertEquals("Leitung, Router oder Empfang.", strings[checkNotNull(issueTypes.first().explanationKey)])
                assertEquals(listOf(FormField.ISSUE_TYPE, FormField.SUBJECT, FormField.DESCRIPTION), form)
                assertTrue(attachments == null && !filesInReplies)
                assertEquals(80u, subjectLimit)
            }
            val entries = entriesOf(client, strings, takesHostCalls = false)
            assertEquals(listOf("Störungen und Fragen", "Rufen Sie uns an"), entries.map { it.label })
            assertEquals(listOf(HelpTarget.History, HelpTarget.Link(URI("tel:+4922100000"))), entries.map { it.target })
            assertEquals("what it does not say is shared", "Senden", strings["reply.send"])
            assertEquals("the built-in product knows nothing of it", "issue_type.fault", Strings.of("de")["issue_type.fault"])
        }

    @Test
    fun `the server's tickets have the statuses of the definition`() =
        withProduct(Company.TELECOM.definition) { client ->
            client.awaitFirstSync()
            val known = client.product.statuses.map { it.id }
            val rows = client.history().first().tickets
            assertTrue(rows.all { it.status.id in known })
            val row = rows.first { it.status.kind == StatusKind.OPEN }
            sandbox.answer(checkNotNull(row.number).toLong(), "Ist die grüne Lampe an? 💡")
            client.syncNow()
            val answered = client.thread(row.id).await("the answer") { it.ticket.row.status.kind == StatusKind.AWAITING_USER }
            val status = answered.ticket.row.status
            val strings = client.strings("de")
            assertEquals("Wir brauchen Sie", status.nameIn(strings))
            assertEquals("Bitte antworten Sie, damit es weitergeht.", client.details(row.id, "de").explanation)
            assertEquals("turn.you", answered.ticket.turnKey)
            sandbox.answer(checkNotNull(row.number).toLong(), "Die Leitung ist repariert.", status = "solved")
            client.syncNow()
            val done = client.thread(row.id).await("the end") { it.ticket.row.status.kind == StatusKind.CLOSED }.ticket
            assertFalse("this company has nothing that a reply reopens", done.canReply || done.reopens)
        }

    @Test
    fun `a product can extend a definition that is handed in beside it`() {
        val product =
            """
            {
              "schema": 1, "id": "telco-business", "version": 1, "extends": "telco@3",
              "strings": {
                "en": { "status.technician": "Engineer on site" },
                "de": { "status.technician": "Technikerin vor Ort" },
                "es": { "status.technician": "Técnica en camino" }
              }
            }
            """
        withProduct(product, listOf(Company.TELECOM.definition)) { client ->
            val technician = TicketStatus("technician", StatusKind.WORKING, Turn.HELP_DESK, nameKey = "status.technician")
            assertEquals("Technikerin vor Ort", technician.nameIn(client.strings("de")))
            assertEquals("each language has its own", "Engineer on site", technician.nameIn(client.strings("en")))
            assertEquals("Erledigt", client.strings("de")["status.done"])
        }
    }

    @Test
    fun `a language that the product does not have is shown in its fallback and counts as that`() {
        val product =
            """
            {
              "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1",
              "strings": { "fallback": "de", "en": null, "es": null }
            }
            """
        withProduct(product) { client ->
            val strings = client.strings("en-GB", Locale.UK)
            assertEquals("de", strings.language)
            assertEquals("Senden", strings["reply.send"])
            assertEquals("dates are written as the texts", Locale.GERMAN, strings.locale)
            assertNotEquals(strings.counted("ticket.left_out", 1).replace('1', '2'), strings.counted("ticket.left_out", 2))
        }
    }

    @Test
    fun `a status that the product does not know says so or has the help desk's own name`() =
        withProduct(Company.TELECOM.definition) { client ->
            client.awaitFirstSync()
            val row =
                client
                    .history()
                    .first()
                    .tickets
                    .first()
            assertNotNull(
                client
                    .thread(row.id)
                    .first()
                    .ticket.turnKey,
            )
            val unknown = TicketStatus(null, StatusKind.WORKING, Turn.NOBODY, nameKey = "status.unknown")
            assertEquals("Unbekannt", unknown.nameIn(client.strings("de")))
            val named = TicketStatus(null, StatusKind.WORKING, Turn.NOBODY, label = "Wartet auf Größe XL")
            assertEquals("Wartet auf Größe XL", named.nameIn(client.strings("de")))
        }

    @Test
    fun `an entry leads where the definition says and one that nobody serves is not shown`() {
        val product =
            """
            {
              "schema": 1, "id": "tested", "version": 1, "extends": "impact-web@1",
              "entries": [{ "id": "pxa", "to": "https://academy.example.com/start?lang={locale}" }]
            }
            """
        withProduct(product) { client ->
            val strings = client.strings("es-MX")
            val all = entriesOf(client, strings, takesHostCalls = true)
            assertEquals(listOf("tickets", "articles", "walkthroughs", "pxa", "chat", "book"), all.map { it.id })
            assertEquals(listOf("tickets", "articles", "pxa", "book"), entriesOf(client, strings, takesHostCalls = false).map { it.id })
            val targets =
                listOf(
                    HelpTarget.History,
                    HelpTarget.Articles,
                    HelpTarget.Host("walkthroughs"),
                    HelpTarget.Link(URI("https://academy.example.com/start?lang=es")),
                    HelpTarget.Host("chat"),
                    HelpTarget.NewTicket(strings["book.upgrade"]),
                )
            assertEquals(targets, all.map { it.target })
            assertEquals("Pestaña de Tickets", all.first().label)
            assertEquals(listOf(strings["chat.delay"]), all.mapNotNull { it.note })
            assertTrue("book.upgrade" in strings && "chat.delay" in strings)
        }
    }

    @Test
    fun `an entitlement changes where an entry leads while the screen is open`() =
        withProduct(Company.WEB.definition) { client ->
            val strings = client.strings("de")
            val screen = SupportViewModel(client, scope, strings, takesHostCalls = false).state

            suspend fun awaitBooking(target: HelpTarget) =
                screen.await("$target") { shown -> shown.entries.single { it.id == "book" }.target == target }
            awaitBooking(HelpTarget.NewTicket(strings["book.upgrade"]))
            client.setClaims(setOf("enterprise"))
            awaitBooking(HelpTarget.Link(URI("https://meet.example.com")))
            client.setClaims(emptySet())
            awaitBooking(HelpTarget.NewTicket(strings["book.upgrade"]))
        }

    @Test
    fun `the web product's ticket goes through its statuses and a reply reopens an offered solution`() =
        withProduct(Company.WEB.definition) { client ->
            client.awaitFirstSync()
            assertEquals(
                "its form has an order of its own",
                listOf("SUBJECT", "ISSUE_TYPE", "ACCESS", "CC", "DESCRIPTION", "ATTACHMENTS"),
                client.product.form.map { it.name },
            )
            assertTrue(client.product.filesInReplies)
            val subject = "Auszahlung für März fehlt – الرجاء المساعدة 🙏"
            val ticket = client.submit(client.filledDraft(subject))
            client.thread(ticket).await("the ticket to be sent") { it.ticket.row.number != null && it.ticket.row.waiting == 0u }
            val arrived = sandbox.tickets(subject).single()
            assertEquals("with access, the addresses count", 2, arrived.ccs.size)
            val strings = client.strings("de")

            suspend fun awaitStatus(
                label: String,
                kind: StatusKind,
            ) = client.thread(ticket).await(label) {
                it.ticket.row.status.kind == kind && it.ticket.row.status
                    .nameIn(strings) == label
            }
            awaitStatus("Offen", StatusKind.OPEN)
            sandbox.answer(arrived.id, "Wir sehen es uns an.", status = "open")
            client.syncNow()
            awaitStatus("In Bearbeitung", StatusKind.WORKING)
            sandbox.answer(arrived.id, "Die Auszahlung ist gebucht. Passt es so?", status = "solved")
            client.syncNow()
            val offered = awaitStatus("Lösung angeboten", StatusKind.SOLVED).ticket
            assertTrue(offered.canReply && offered.reopens)
            assertEquals("turn.you", offered.turnKey)
            sandbox.status(arrived.id, "closed")
            client.syncNow()
            assertFalse(awaitStatus("Geschlossen", StatusKind.CLOSED).ticket.canReply)
        }

    @Test
    fun `a wrong definition is refused with its line and its path`() {
        val wrong =
            listOf(
                Triple("\"statuses\": [\n  { \"id\": \"open\", \"kind\": \"waiting\" }\n]", "line 3", "statuses[0].kind"),
                Triple("\"create\": {\n  \"subject\": {\n    \"max\": 0\n  }\n}", "line 4", "create.subject.max"),
                Triple("\"entries\": [\n  { \"id\": \"email\", \"to\": \"javascript:alert(1)\" }\n]", "line 3", "entries[3].to"),
                Triple("\n\n\"holograms\": true", "line 4", "holograms"),
            )
        wrong.forEach { (change, line, path) ->
            val what = refusalOf(productFrom().removeSuffix(" }") + ",\n$change\n}")
            assertTrue(what, "$line," in what && " $path:" in what)
        }
    }

    @Test
    fun `a definition that is cut off or extends itself or an unknown one is refused and the next one opens`() {
        val itself = """{ "schema": 1, "id": "tested", "version": 1, "extends": "tested@1" }"""
        listOf(Company.TELECOM.definition.dropLast(200), itself, productFrom("unheard-of@7")).forEach {
            val what = refusalOf(it)
            assertTrue(what, "line " in what)
        }
        withProduct(Company.TELECOM.definition) { assertEquals("telco", it.product.name) }
    }

    /** Why the client does not open with this product. */
    private fun refusalOf(product: String): String =
        runBlocking {
            val config = configOf(sandbox, folder).copy(product = product)
            assertThrows<OpenException.InvalidProduct> { Pocketdesk.open(config) { "ada-token" } }.what
        }
}
