package dev.pocketdesk.kit.strings

import dev.pocketdesk.bindings.AttachException
import dev.pocketdesk.bindings.ChangeException
import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.Field
import dev.pocketdesk.bindings.FieldProblem
import dev.pocketdesk.bindings.OpenException
import dev.pocketdesk.bindings.Problem
import dev.pocketdesk.bindings.ReplyException
import dev.pocketdesk.bindings.SubmitException
import dev.pocketdesk.kit.SandboxTest
import dev.pocketdesk.kit.Strings
import dev.pocketdesk.kit.assertLocalised
import dev.pocketdesk.kit.openClient
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.util.Locale

class StringsTest : SandboxTest() {
    @Test
    fun `a failure tells the user why in every language`() {
        val required = listOf(FieldProblem(Field.CC, 0u, Problem.Malformed))
        val told =
            mapOf(
                ClientException.Suspended().key() to "Es wurde nichts gespeichert",
                ReplyException.TicketClosed().key() to "Das Ticket wurde inzwischen geschlossen.",
                ChangeException.Invalid(required).key() to "Das ist keine E-Mail-Adresse.",
                SubmitException.NoSpace().key() to "kein Speicherplatz",
                AttachException.TooLarge(500_000uL).key() to "{limit}",
                OpenException.InUse().key() to "an anderer Stelle",
            )
        val german = Strings.of("de")
        told.forEach { (key, part) ->
            assertLocalised(key)
            assertTrue("$key: ${german[key]}", part in german[key])
        }
    }

    @Test
    fun `everything that the product names has a string in every language`() =
        runBlocking {
            openClient(sandbox, folder).use { client ->
                with(client.product) {
                    issueTypes.forEach {
                        assertLocalised(it.labelKey)
                        assertLocalised(checkNotNull(it.explanationKey))
                    }
                    statuses.forEach {
                        assertLocalised(it.labelKey)
                        assertLocalised(checkNotNull(it.explanationKey))
                    }
                }
                client.entries("de").forEach { assertLocalised(it.labelKey) }
            }
        }

    @Test
    fun `a regional language has the strings of its main one and dates of its own`() {
        val austrian = Strings.of("de-AT", Locale.forLanguageTag("de-AT"))
        assertEquals("Antwort schreiben", austrian["reply.write"])
        assertEquals("de-AT", austrian.locale.toLanguageTag())
    }

    @Test
    fun `a language without a translation becomes English`() {
        val strings = Strings.of("fr-FR", Locale.FRANCE)
        assertEquals("Write a reply", strings["reply.write"])
        assertEquals("en", strings.locale.language)
    }

    @Test
    fun `placeholders are filled in and an unknown key stays visible`() {
        val strings = Strings.of("en")
        assertEquals("12/140", strings["new.subject.counter", "count" to 12, "limit" to 140])
        assertEquals("no.such.key", strings["no.such.key"])
    }
}
