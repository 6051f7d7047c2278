package dev.pocketdesk.kit.scenario

import dev.pocketdesk.bindings.DraftNote
import dev.pocketdesk.kit.LocalFile
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.configOf
import dev.pocketdesk.kit.create.NewTicketState
import dev.pocketdesk.kit.filledDraft
import dev.pocketdesk.kit.say
import dev.pocketdesk.sandbox.Company
import dev.pocketdesk.sandbox.SandboxServer
import dev.pocketdesk.sandbox.productFrom
import dev.pocketdesk.sandbox.withFastConsistency
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import java.nio.file.Files
import java.nio.file.Path

/** A product, and what its user writes without a network. */
internal enum class Story(
    private val product: () -> String,
) {
    MOBILE({ productFrom() }) {
        override suspend fun write(client: Pocketdesk): Long {
            val ticket = client.submit(client.filledDraft(Scenario.SUBJECT))
            Scenario.REPLIES.forEach { client.say(ticket, it) }
            return ticket
        }
    },

    WEB({ Company.WEB.definition }) {
        override suspend fun write(client: Pocketdesk): Long =
            FormUser(client).run {
                fills(WebScenario.SUBJECT, WebScenario.DESCRIPTION, type = "payments_finance")
                model.access(true)
                model.ccEntry(WebScenario.copied.joinToString("; ", postfix = " "))
                sees("addresses that count") { it.draft.cc == WebScenario.copied && !it.keepsAddressesAside }
                model.access(false)
                val aside = sees("addresses that are kept aside") { it.keepsAddressesAside }
                assertEquals(WebScenario.copied, aside.draft.cc)
                model.access(true)
                sees("addresses that count again") { it.draft.access && it.draft.cc == WebScenario.copied && !it.keepsAddressesAside }
                model.attach(WebScenario.chosenFiles()).join()
                sees("both files") { form ->
                    form.files.attached.map { it.name } == WebScenario.files.keys.toList() && form.files.refused.isEmpty()
                }
                creates()
            }
    },

    TELECOM({ Company.TELECOM.definition }) {
        override suspend fun write(client: Pocketdesk): Long =
            FormUser(client).run {
                fills(TelecomScenario.SUBJECT, TelecomScenario.DESCRIPTION)
                assertFalse("nobody has chosen a type yet", sees("the texts") { it.draft.subject == TelecomScenario.SUBJECT }.canCreate)
                model.issueType("fault")
                val ticket = creates()
                client.say(ticket, TelecomScenario.REPLY)
                ticket
            }
    },

    /** A last reply, closing, and a toggle that is pressed again and again. */
    HUB({ Company.HUB.definition }) {
        override suspend fun write(client: Pocketdesk): Long {
            OnScreen(client, client.ticketOf(HubScenario.ESCALATED)).use { escalated ->
                HubScenario.presses.forEach { escalated.allowsProxyLogin(it) }
            }
            val ticket = client.ticketOf(HubScenario.MAIL)
            OnScreen(client, ticket).use {
                it.replies(HubScenario.LAST_REPLY)
                it.closes()
            }
            return ticket
        }
    },

    /** Feedback about the ticket that was closed. */
    HUB_FEEDBACK({ Company.HUB.definition }) {
        override suspend fun write(client: Pocketdesk): Long {
            val ticket = client.ticketOf(HubScenario.MAIL)
            OnScreen(client, ticket).use { it.givesFeedback("good", HubScenario.FEEDBACK) }
            return ticket
        }
    }, ;

    /** Writes all of it, and returns the ticket's local id. */
    abstract suspend fun write(client: Pocketdesk): Long

    suspend fun open(
        sandbox: SandboxServer,
        folder: Path,
        account: String = "ada",
        claims: List<String> = emptyList(),
    ): Pocketdesk {
        val config = configOf(sandbox, folder, account).copy(product = withFastConsistency(product()), claims = claims)
        return Pocketdesk.open(config, tokens = { "$account-token" })
    }
}

/** What [ScenarioTest] writes and expects. */
internal object Scenario {
    const val SUBJECT = "Auszahlung für Februar fehlt im Finanzbericht 😟"
    val REPLIES = listOf("One more thing: the CSV export is empty as well.", "¿Puede verlo también Clara, por favor?")
}

/** What [WebStoryTest] writes and expects. */
internal object WebScenario {
    const val SUBJECT = "Auszahlung für März fehlt – الرجاء المساعدة 🙏"
    const val DESCRIPTION = "Guten Tag,\n\nseit Montag fehlt die Auszahlung für März. Größe des Betrags: 1.204,50 €."
    val copied = listOf("jörg.müller@nordlicht-reisen.example", "buchhaltung@nordlicht-reisen.example")

    /** The files that are attached, by their names. */
    val files = mapOf("Übersicht März.csv" to "Datum;Umsatz\n01.03.;1.204,50 €\n", "Notiz für den Support.txt" to "Bitte vertraulich. 🔒")

    fun chosenFiles() =
        files.map { (name, text) -> LocalFile(Files.write(Files.createTempFile("pocketdesk", null), text.toByteArray()), name) }
}

/** What [TelecomStoryTest] writes and expects. */
internal object TelecomScenario {
    const val SUBJECT = "Kein Empfang seit dem Gewitter ⛈️"
    const val DESCRIPTION = "Die Lampe am Router ist aus. Größere Störung?"
    const val REPLY = "Das Telefon geht auch nicht."
}

/** What [HubStoryTest] writes and expects. */
internal object HubScenario {
    const val ESCALATED = "Bookings of the Spanish shop are lost since Monday"
    const val MAIL = "Währung wird doppelt umgerechnet – Zürich 💱"
    const val CONFIRMED = "Ich habe die Lösung geprüft: Das Problem ist behoben. Vielen Dank."
    const val COLLEAGUE = "Ich sehe dasselbe in Madrid: ¿también en la factura?"
    const val LAST_REPLY = "Jetzt stimmt die Umrechnung – danke! 👍🏽"
    const val FEEDBACK = "Schnell & freundlich 🙏 – תודה"

    /** What is pressed on the toggle, without a network. */
    val presses = listOf(true, false, true, false, true)

    /** The server's ids of the two users. */
    const val ADA = 361_882_440_112
    const val BEN = 361_882_440_137
}

/** Whether there are addresses and, as the form stands, none of them is sent. */
private val NewTicketState.Editing.keepsAddressesAside: Boolean get() = DraftNote.AddressesKeptAside in check.notes
