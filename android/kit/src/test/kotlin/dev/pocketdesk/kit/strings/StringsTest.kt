package dev.pocketdesk.kit.strings

import dev.pocketdesk.bindings.AccountProblem
import dev.pocketdesk.bindings.ChangeKind
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.DownloadProblem
import dev.pocketdesk.bindings.FileState
import dev.pocketdesk.bindings.Reason
import dev.pocketdesk.bindings.ReasonKind
import dev.pocketdesk.bindings.Recovered
import dev.pocketdesk.bindings.Turn
import dev.pocketdesk.kit.SandboxTest
import dev.pocketdesk.kit.Strings
import dev.pocketdesk.kit.assertLocalised
import dev.pocketdesk.kit.openClient
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Test
import java.util.Locale

class StringsTest : SandboxTest() {
    @Test
    fun `everything that a user is told has a string in every language`() {
        Turn.entries.forEach { assertLocalised(it.stringKey) }
        ReasonKind.entries.forEach { assertLocalised(it.stringKey) }
        AccountProblem.entries.forEach { assertLocalised(it.stringKey) }
        listOf(FileState.Waiting, FileState.Sending(1u), FileState.Requested, FileState.Downloading(1u)).forEach {
            assertLocalised(checkNotNull(it.stringKey))
        }
        DownloadProblem.entries.forEach { assertLocalised(checkNotNull(FileState.Failed(it).stringKey)) }
        listOf(true, false).forEach { assertLocalised(Recovered(1u, lost = it).stringKey) }
        ChangeKind.entries.forEach { assertLocalised(it.stringKey) }
        listOf(
            Delivery.Held(0),
            Delivery.Queued,
            Delivery.Sending,
            Delivery.Waiting(0),
            Delivery.Checking,
            Delivery.MayHaveBeenSent,
            Delivery.NotShown,
            Delivery.NeedsUser(Reason(ReasonKind.REFUSED, null)),
        ).forEach { assertLocalised(checkNotNull(it.stringKey)) }
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
