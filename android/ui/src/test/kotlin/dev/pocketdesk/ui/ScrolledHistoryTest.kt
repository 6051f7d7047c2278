package dev.pocketdesk.ui

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performScrollToIndex
import androidx.compose.ui.test.performScrollToNode
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.ClientConfig
import dev.pocketdesk.bindings.HistoryColumn
import dev.pocketdesk.bindings.TokenException
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.history.HistoryPart
import dev.pocketdesk.kit.history.HistoryState
import dev.pocketdesk.kit.history.HistoryViewModel
import dev.pocketdesk.ui.history.HistoryActions
import dev.pocketdesk.ui.history.HistoryScreen
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

/** Where the list stands while rows come at one end of it and others are dropped at the other. */
class ScrolledHistoryTest : ScreenTest() {
    @get:Rule
    val temporary = TemporaryFolder()

    private val asked = mutableListOf<String>()
    private val actions =
        HistoryActions({}, {}, {}, {}, { asked += "more" }, null, {}, showPrevious = { asked += "previous" })

    /** The rows that are seen as a whole: what each begins with, and where. */
    private fun seen(): List<Pair<String, Float>> {
        val list = rule.onNodeWithTag("tickets").fetchSemanticsNode().boundsInRoot
        return rule
            .onAllNodes(hasText("Nachricht ", substring = true))
            .fetchSemanticsNodes()
            .filter { it.boundsInRoot.top >= list.top && it.boundsInRoot.bottom <= list.bottom && it.boundsInRoot.height > 0 }
            .map { it.subject to it.boundsInRoot.top }
            .sortedBy { it.second }
    }

    /** Every row is where it was. A new one may have come into the space that was left below. */
    private fun assertStays(before: List<Pair<String, Float>>) {
        assertTrue("rows are on screen", before.size > 3)
        assertEquals(before, seen().filter { it in before })
    }

    private val SemanticsNode.subject get() =
        config
            .getOrNull(SemanticsProperties.Text)
            .orEmpty()
            .first { it.text.startsWith("Nachricht ") }
            .text

    private fun rows(numbers: LongRange) =
        numbers.map { Samples.row(it, "Nachricht $it von Zoë", activeAt = Samples.now - it * 10 * 60_000) }

    /** Rows of a history of which there are more below, and above unless it [isTop]. */
    private fun part(
        numbers: LongRange,
        isTop: Boolean = false,
        columns: List<HistoryColumn> = emptyList(),
    ) = Samples.history(tickets = rows(numbers)).run {
        copy(history = history.copy(up = HistoryPart().takeIf { !isTop }, columns = columns))
    }

    private val columns =
        listOf("number", "subject", "created", "last_activity", "status").map { HistoryColumn(it, "column.$it", hideEmpty = false) }

    @Test
    fun `what is on screen stays there while a page is dropped above and comes again`() {
        var state by mutableStateOf(part(1L..600L, isTop = true))
        show { HistoryScreen(state, actions) }
        rule.onNodeWithTag("tickets").performScrollToNode(hasText("Nachricht 592 von Zoë"))
        rule.waitForIdle()
        assertTrue("more" in asked)
        val below = seen()
        rule.runOnIdle { state = part(51L..650L) }
        assertStays(below)

        asked.clear()
        rule.onNodeWithTag("tickets").performScrollToIndex(0)
        rule.waitForIdle()
        assertEquals(listOf("previous"), asked)
        val above = seen()
        assertEquals("Nachricht 51 von Zoë", above.first().first)
        rule.runOnIdle { state = part(1L..600L, isTop = true) }
        assertStays(above)
        rule.onNodeWithTag("tickets").performScrollToIndex(0)
        rule.onNode(hasText("Nachricht 1 von Zoë")).assertIsDisplayed()
        rule.onNodeWithText("Today").assertIsDisplayed()
    }

    @Test
    fun `the names of a table's columns stay on top of rows that come above`() {
        var state by mutableStateOf(part(101L..700L, columns = columns))
        show { Box(Modifier.requiredSize(1000.dp, 700.dp)) { HistoryScreen(state, actions) } }
        rule.onNodeWithTag("tickets").performScrollToIndex(0)
        rule.waitForIdle()
        val above = seen()
        assertEquals("Nachricht 101 von Zoë", above.first().first)
        for (next in listOf(part(51L..650L, columns = columns), part(1L..600L, isTop = true, columns = columns))) {
            rule.runOnIdle { state = next }
            assertStays(above)
            rule.onNodeWithText("Last activity").assertIsDisplayed()
        }
    }

    @Test
    fun `a ticket that comes at the top scrolls to itself only where the rows are at the top`() {
        var state by mutableStateOf(part(51L..650L))
        show { HistoryScreen(state, actions) }
        rule.onNodeWithTag("tickets").performScrollToIndex(0)
        val before = seen()
        rule.runOnIdle { state = part(41L..640L) }
        assertStays(before)

        rule.runOnIdle { state = part(2L..601L, isTop = true) }
        rule.onNodeWithTag("tickets").performScrollToIndex(0)
        rule.runOnIdle { state = part(1L..600L, isTop = true) }
        rule.onNode(hasText("Nachricht 1 von Zoë")).assertIsDisplayed()
    }

    @Test
    fun `the first row of those that are held does not look like the first of the history`() {
        show { HistoryScreen(part(151L..250L), actions) }
        rule.onNodeWithTag("tickets").performScrollToIndex(0)
        rule.onNodeWithText("Earlier").assertDoesNotExist()
        assertEquals("Nachricht 151 von Zoë", seen().first().first)
    }

    @Test
    fun `a long history is scrolled to its end and back to the newest ticket`() {
        val folder = temporary.newFolder("ada").toString()
        val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default.limitedParallelism(1))
        val client =
            runBlocking {
                Pocketdesk.open(ClientConfig(folder, "ada", "http://127.0.0.1:9/", null, null)) { throw TokenException.SignedOut() }.apply {
                    setOnline(false)
                    repeat(TICKETS) { number ->
                        write("Nachricht $number von Zoë")
                    }
                }
            }
        val model = HistoryViewModel(client, scope)
        show {
            val state by model.state.collectAsState()
            HistoryScreen(state, actions)
        }
        rule.waitUntil(10_000) { held(model) == Pocketdesk.PAGE }
        val list = rule.onNodeWithTag("tickets")

        fun move(
            ask: String,
            go: () -> Unit,
        ) {
            rule.waitForIdle()
            assertEquals(setOf(ask), asked.toSet())
            asked.clear()
            val (place, part) = seen() to shown(model).history.part
            go()
            rule.waitUntil(10_000) { shown(model).history.part != part }
            assertStays(place)
            assertTrue("${held(model)} rows", held(model) <= MOST)
            asked.clear()
        }
        while (shown(model).history.hasMore) {
            // Above the rows of the top are the banner and the name of their section.
            list.performScrollToIndex(held(model) - 1 + if (shown(model).history.hasPrevious) 0 else 2)
            move("more", model::showMore)
        }
        list.performScrollToIndex(held(model) - 1)
        rule.onNode(hasText("Nachricht 0 von Zoë")).assertIsDisplayed()
        while (shown(model).history.hasPrevious) {
            list.performScrollToIndex(0)
            move("previous", model::showPrevious)
        }
        list.performScrollToIndex(0)
        rule.onNode(hasText("Nachricht ${TICKETS - 1} von Zoë")).assertIsDisplayed()
        val before = seen()
        runBlocking { client.write("Nachricht jetzt") }
        rule.waitUntil(10_000) { seen() != before }
        rule.onNode(hasText("Nachricht jetzt")).assertIsDisplayed()
        assertNotEquals(before, seen())
        scope.cancel()
        client.close()
    }

    private fun shown(model: HistoryViewModel) = model.state.value as HistoryState.Shown

    private fun held(model: HistoryViewModel): Int {
        val shown = model.state.value as? HistoryState.Shown ?: return 0
        return shown.history.tickets.size
    }

    private suspend fun Pocketdesk.write(subject: String) {
        val text = "Sie fehlt seit März. 🧾"
        submit(ticketDraft().copy(subject = subject, issueType = "payments_finance", description = text))
    }

    private companion object {
        const val TICKETS = 720
        const val MOST = 600
    }
}
