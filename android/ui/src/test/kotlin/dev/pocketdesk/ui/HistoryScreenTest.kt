package dev.pocketdesk.ui

import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.assertCountEquals
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasScrollAction
import androidx.compose.ui.test.hasStateDescription
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isHeading
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollToIndex
import androidx.compose.ui.test.performScrollToNode
import dev.pocketdesk.bindings.AccountProblem
import dev.pocketdesk.bindings.Recovered
import dev.pocketdesk.bindings.Snippet
import dev.pocketdesk.bindings.SyncProgress
import dev.pocketdesk.kit.account.Connection
import dev.pocketdesk.kit.account.connection
import dev.pocketdesk.kit.history.HistoryState
import dev.pocketdesk.ui.history.HistoryActions
import dev.pocketdesk.ui.history.HistoryScreen
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

class HistoryScreenTest : ScreenTest() {
    private val done = mutableListOf<String>()
    private val actions =
        HistoryActions(
            back = { done += "back" },
            open = { done += "open $it" },
            create = { done += "create" },
            refresh = { done += "refresh" },
            showMore = { done += "more" },
            signIn = { done += "sign in" },
            acknowledge = { done += "acknowledge" },
        )

    private fun showHistory(
        state: HistoryState,
        language: String = "en-GB",
        fontScale: Float = 1f,
    ) = show(stringsOf(language), fontScale, (state as? HistoryState.Shown)?.status?.connection ?: Connection()) {
        HistoryScreen(state, actions)
    }

    private fun row(subject: String): SemanticsMatcher = hasText(subject, substring = true)

    private fun scrollTo(subject: String) = rule.onNodeWithTag("tickets").performScrollToNode(row(subject))

    @Test
    fun `a row shows subject number date and status as text`() {
        showHistory(Samples.history())
        scrollTo("Contract template")
        rule
            .onNode(row("Contract template") and hasText("#480052 · Created 28 Feb 2026") and hasText("Open"))
            .assertIsDisplayed()
            .performClick()
        assertTrue("open 4" in done)
    }

    @Test
    fun `a row says when something last happened and how its last message begins`() {
        val minutes = 60_000L
        val recent =
            listOf(
                Samples.row(
                    11,
                    "Auszahlung fehlt",
                    number = null,
                    waiting = 1u,
                    snippet = Snippet("Guten Tag,", mine = true),
                    activeAt = Samples.now,
                ),
                Samples.row(
                    12,
                    "Tracking",
                    snippet = Snippet("Please add the domain.", mine = false),
                    activeAt = Samples.now - 5 * minutes,
                ),
                Samples.row(13, "لا تظهر التحويلات", snippet = Snippet("شكرا لكم", mine = false), activeAt = Samples.now - 180 * minutes),
                Samples.row(14, "Vertrag", activeAt = Samples.now - 20 * 60 * minutes),
                Samples.row(15, "Banner", activeAt = Samples.now - 3 * 24 * 60 * minutes),
            )
        showHistory(Samples.history(tickets = recent))
        rule.onNode(row("Auszahlung fehlt") and hasText("Now") and hasText("You: Guten Tag,")).assertIsDisplayed()
        rule.onNode(row("Tracking") and hasText("5 min") and hasText("Please add the domain.")).assertIsDisplayed()
        rule.onNode(row("لا تظهر") and hasText("12:05") and hasText("شكرا لكم")).assertIsDisplayed()
        rule.onNode(row("Vertrag") and hasText("Yesterday")).assertIsDisplayed()
        scrollTo("Banner")
        rule.onNode(row("Banner") and hasText("9 Mar 2026")).assertIsDisplayed()
    }

    @Test
    fun `what is not sent stands above today and today above what was earlier`() {
        val rows = Samples.rows.take(2) + Samples.row(9, "Heute", activeAt = Samples.now - 60_000)
        showHistory(Samples.history(tickets = rows))
        val tops =
            listOf("Not sent yet", "Publisher-Auszahlung", "Today", "Heute", "Earlier", "Tracking pixel").map { text ->
                rule
                    .onNode(row(text))
                    .assertIsDisplayed()
                    .fetchSemanticsNode()
                    .boundsInRoot.top
            }
        assertEquals(tops.sorted(), tops)
        rule.onNode(row("Earlier") and isHeading()).assertIsDisplayed()
    }

    @Test
    fun `a section without tickets has no name`() {
        showHistory(Samples.history(tickets = listOf(Samples.row(4, "Nur das"))), "de-DE")
        rule.onNodeWithText("Früher").assertIsDisplayed()
        listOf("Heute", "Noch nicht gesendet").forEach { rule.onAllNodes(hasText(it)).assertCountEquals(0) }
    }

    @Test
    fun `unread tickets and attachments are told to a screen reader as well`() {
        showHistory(Samples.history())
        scrollTo("Tracking pixel")
        rule.onNode(row("Tracking pixel") and hasStateDescription("Unread")).assertIsDisplayed()
        scrollTo("Informe mensual")
        rule.onNode(row("Informe mensual") and hasContentDescription("Has attachments")).assertIsDisplayed()
    }

    @Test
    fun `an unsent ticket waits and has neither number nor status`() {
        showHistory(Samples.history())
        rule.onNode(row("Publisher-Auszahlung") and hasText("Waiting to be sent")).assertIsDisplayed()
        rule.onAllNodes(row("Publisher-Auszahlung") and hasText("Open")).assertCountEquals(0)
    }

    @Test
    fun `a ticket that is no longer visible says so`() {
        showHistory(Samples.history())
        scrollTo("No longer visible")
        rule.onNodeWithText("No longer visible", substring = true).assertIsDisplayed()
    }

    @Test
    fun `offline the tickets stay and the strip counts what waits`() {
        showHistory(Samples.history(Samples.offline))
        rule.onNodeWithText(en["offline.banner"]).assertIsDisplayed()
        rule.onNodeWithContentDescription("3 not sent yet").assertIsDisplayed()
        rule.onNode(row("Publisher-Auszahlung")).assertIsDisplayed()
    }

    @Test
    fun `what is told while the list is at its top is on screen and moves nobody who reads further down`() {
        var state by mutableStateOf(Samples.history(Samples.online, (1L..60L).map { Samples.row(it, "Payment $it is missing") }))
        val busy = hasText("The help desk is busy. Next attempt at 15:32.")
        show { HistoryScreen(state, actions) }
        rule.waitForIdle()
        state = state.copy(status = Samples.online.copy(busyUntil = Samples.now + 27 * 60_000).asTold())
        rule.waitForIdle()
        rule.onNode(busy).assertIsDisplayed()
        state = state.copy(status = Samples.online.asTold())
        scrollTo("Payment 40 is missing")
        state = state.copy(status = Samples.online.copy(busyUntil = Samples.now + 27 * 60_000).asTold())
        rule.waitForIdle()
        rule.onNode(row("Payment 40 is missing")).assertIsDisplayed()
        rule.onNode(busy).assertDoesNotExist()
    }

    @Test
    fun `a help desk that is busy says when it is asked again and can be asked by hand`() {
        val today = Samples.now + 27 * 60_000
        showHistory(Samples.history(Samples.online.copy(busyUntil = today)))
        rule.onNodeWithText("The help desk is busy. Next attempt at 15:32.").assertIsDisplayed()
        rule.onNodeWithContentDescription("Refresh").performClick()
        assertTrue("refresh" in done)
    }

    @Test
    fun `a next attempt on another day has its date and stands beside a problem of the account`() {
        val tomorrow = Samples.now + 86_400_000
        showHistory(Samples.history(Samples.online.copy(busyUntil = tomorrow, problem = AccountProblem.STORAGE_FULL)), "de-DE")
        rule.onNodeWithText("Nächster Versuch: 13.03.2026, 15:05.", substring = true).assertIsDisplayed()
        rule.onNodeWithText(stringsOf("de-DE")["problem.storage_full"]).assertIsDisplayed()
    }

    @Test
    fun `after signing out and keeping what waits the history says that the rest is still to come`() {
        val kept = listOf(Samples.row(1, "Auszahlung für März fehlt 🧾", waiting = 1u))
        showHistory(Samples.history(Samples.offline.copy(firstSyncDone = false, knownTickets = 1u), kept))
        rule.onNode(row("Auszahlung für März fehlt 🧾")).assertIsDisplayed()
        rule.onNodeWithText(en["history.rest"]).assertIsDisplayed()
    }

    @Test
    fun `a history that is complete has no rest to come`() {
        showHistory(Samples.history(Samples.unreachable))
        rule.onAllNodes(hasText(en["history.rest"])).assertCountEquals(0)
        rule.onNodeWithText(en["problem.desk_unreachable"]).assertIsDisplayed()
    }

    @Test
    fun `without tickets the screen says what will be here and creating is possible`() {
        showHistory(HistoryState.Empty(Samples.online))
        rule.onNodeWithText("No tickets yet").assertIsDisplayed()
        rule.onNodeWithText("Create a new ticket").performClick()
        assertEquals(listOf("create"), done)
    }

    @Test
    fun `signed out before anything was loaded offers to sign in and to try again`() {
        showHistory(HistoryState.Failed("problem.signed_out", Samples.online.copy(problem = AccountProblem.SIGNED_OUT).asTold()))
        rule.onNodeWithText(en["problem.signed_out"]).assertIsDisplayed()
        rule.onNodeWithText("Sign in").performClick()
        rule.onNodeWithText("Try again").performClick()
        assertEquals(listOf("sign in", "refresh"), done)
    }

    @Test
    fun `the first sync says how far it is while its tickets come in`() {
        val beginning = Samples.online.copy(firstSyncDone = false, syncing = true, firstSync = SyncProgress(120u, 300u))
        showHistory(Samples.history(beginning))
        rule.onNodeWithText(en["history.first_sync"]).assertIsDisplayed()
        rule.onNodeWithText("Loaded 40%").assertIsDisplayed()
        rule.onNode(row("Publisher-Auszahlung")).assertIsDisplayed()
    }

    @Test
    fun `a replaced file is told until the user has read it`() {
        showHistory(Samples.history(Samples.online.copy(recovered = Recovered(2u, lost = true))))
        rule.onNodeWithText(en["recovered.lost"]).assertIsDisplayed()
        rule.onNodeWithText("OK").performClick()
        assertTrue("acknowledge" in done)
    }

    @Test
    fun `near the end of the list more is asked for`() {
        val tickets = (1L..50L).map { Samples.row(it, "Ticket $it") }
        showHistory(Samples.history(tickets = tickets))
        rule.waitForIdle()
        assertTrue("the list was not scrolled yet", "more" !in done)
        rule.onNode(hasScrollAction()).performScrollToIndex(45)
        rule.waitForIdle()
        assertEquals(1, done.count { it == "more" })
    }

    @Test
    fun `while it syncs the button is busy`() {
        showHistory(Samples.history(Samples.online.copy(syncing = true)))
        rule.onNodeWithContentDescription("Refresh").performClick()
        assertTrue("refresh" !in done)
    }

    @Test
    fun `in German everything is German`() {
        showHistory(Samples.history(Samples.offline), "de-DE")
        rule.onNodeWithText("Ticket-Verlauf").assertIsDisplayed()
        rule.onNodeWithText("Ein neues Ticket erstellen").assertIsDisplayed()
        scrollTo("Tracking pixel")
        rule
            .onNode(
                row("Tracking pixel") and hasText("Warten auf Ihre Antwort") and hasText("#480126 · Erstellt am 06.03.2026"),
            ).assertIsDisplayed()
    }

    @Test
    fun `in Spanish everything is Spanish`() {
        showHistory(Samples.history(), "es-ES")
        rule.onNodeWithText("Historial de tickets").assertIsDisplayed()
        scrollTo("Tracking pixel")
        rule
            .onNode(
                row("Tracking pixel") and hasText("En espera de tu respuesta") and hasText("#480126 · Creado el 6 mar 2026"),
            ).assertIsDisplayed()
    }

    @Test
    fun `with doubled letters the tickets can still be reached`() {
        showHistory(Samples.history(Samples.offline), fontScale = 2f)
        scrollTo("Banner in Größe")
        rule.onNode(row("Banner in Größe")).assertIsDisplayed()
        rule.onNodeWithText("Create a new ticket").assertIsDisplayed()
    }
}
