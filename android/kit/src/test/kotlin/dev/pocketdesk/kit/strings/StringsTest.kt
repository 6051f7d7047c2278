package dev.pocketdesk.kit

import dev.pocketdesk.bindings.AccountProblem
import dev.pocketdesk.bindings.ChangeKind
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.DownloadProblem
import dev.pocketdesk.bindings.FileState
import dev.pocketdesk.bindings.Reason
import dev.pocketdesk.bindings.ReasonKind
import dev.pocketdesk.bindings.Recovered
import dev.pocketdesk.bindings.Turn
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Test
import java.util.Locale

class WordsTest : SandboxTest() {
    @Test
    fun `whatever a user may be told has words in every language`() {
        Turn.entries.forEach { assertHasWords(it.wordKey) }
        ReasonKind.entries.forEach { assertHasWords(it.wordKey) }
        AccountProblem.entries.forEach { assertHasWords(it.wordKey) }
        listOf(FileState.Waiting, FileState.Sending(1u), FileState.Wanted, FileState.Coming(1u)).forEach {
            assertHasWords(checkNotNull(it.wordKey))
        }
        DownloadProblem.entries.forEach { assertHasWords(checkNotNull(FileState.Failed(it).wordKey)) }
        listOf(true, false).forEach { assertHasWords(Recovered(1u, lost = it).wordKey) }
        ChangeKind.entries.forEach { assertHasWords(it.wordKey) }
        listOf(
            Delivery.Held(0),
            Delivery.Queued,
            Delivery.Sending,
            Delivery.Waiting(0),
            Delivery.Checking,
            Delivery.MayHaveBeenSent,
            Delivery.NeedsYou(Reason(ReasonKind.REFUSED, null)),
        ).forEach { assertHasWords(checkNotNull(it.wordKey)) }
    }

    @Test
    fun `whatever the profile names has words in every language`() =
        runBlocking {
            openDesk(sandbox, folder).use { desk ->
                with(desk.profile) {
                    issueTypes.forEach {
                        assertHasWords(it.labelKey)
                        assertHasWords(it.explanationKey)
                    }
                    statuses.forEach {
                        assertHasWords(it.labelKey)
                        assertHasWords(it.explanationKey)
                    }
                    entries.forEach { assertHasWords(it.labelKey) }
                }
            }
        }

    @Test
    fun `a regional language speaks its main one and keeps its dates`() {
        val austrian = Words.of("de-AT", Locale.forLanguageTag("de-AT"))
        assertEquals("Antwort schreiben", austrian["reply.write"])
        assertEquals("de-AT", austrian.locale.toLanguageTag())
    }

    @Test
    fun `a language that is not spoken becomes English`() {
        val words = Words.of("fr-FR", Locale.FRANCE)
        assertEquals("Write a reply", words["reply.write"])
        assertEquals("en", words.locale.language)
    }

    @Test
    fun `placeholders are filled in and an unknown key stays visible`() {
        val words = Words.of("en")
        assertEquals("12/140", words["new.subject.counter", "count" to 12, "limit" to 140])
        assertEquals("no.such.key", words["no.such.key"])
    }
}
