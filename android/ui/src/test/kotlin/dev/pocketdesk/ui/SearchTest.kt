package dev.pocketdesk.ui

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.input.key.Key
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsFocused
import androidx.compose.ui.test.assertIsNotFocused
import androidx.compose.ui.test.getBoundsInRoot
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performKeyInput
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performScrollToNode
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.pressKey
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.FoundIn
import dev.pocketdesk.bindings.HistoryChoice
import dev.pocketdesk.bindings.HistoryFilter
import dev.pocketdesk.bindings.HistoryOptions
import dev.pocketdesk.bindings.HistorySort
import dev.pocketdesk.bindings.RowTime
import dev.pocketdesk.bindings.SearchCoverage
import dev.pocketdesk.bindings.Segment
import dev.pocketdesk.bindings.SortChoice
import dev.pocketdesk.bindings.SortKey
import dev.pocketdesk.bindings.TicketHit
import dev.pocketdesk.bindings.TicketRow
import dev.pocketdesk.bindings.placeRows
import dev.pocketdesk.kit.FoundTickets
import dev.pocketdesk.kit.Strings
import dev.pocketdesk.kit.history.HistoryControls
import dev.pocketdesk.kit.history.HistoryState
import dev.pocketdesk.kit.history.HistoryView
import dev.pocketdesk.kit.history.ServerSearchState
import dev.pocketdesk.kit.history.localDays
import dev.pocketdesk.ui.history.HistoryActions
import dev.pocketdesk.ui.history.HistoryScreen
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.time.ZoneId

/** Searching the history: by touch, by keyboard, and with a screen reader. */
@OptIn(ExperimentalTestApi::class)
class SearchTest : ScreenTest() {
    private val done = mutableListOf<String>()
    private var more = 0
    private val actions =
        HistoryActions(
            back = { done += "back" },
            open = { done += "open $it" },
            create = { done += "create" },
            refresh = {},
            showMore = { more += 1 },
            signIn = null,
            acknowledge = {},
            clearFilters = { done += "clear filters" },
            search = { done += "search $it" },
            closeSearch = { done += "close" },
            openHit = { done += "hit ${it.row.id}" },
            searchServer = { done += "server" },
        )

    private val options =
        HistoryOptions(
            statuses = listOf("open", "closed").map { HistoryChoice(it, "status.$it") },
            marks = emptyList(),
            ticketTypes = emptyList(),
            byCreator = false,
            byRead = true,
            sorts =
                listOf(SortKey.CREATED, SortKey.STATUS).map {
                    SortChoice(it, "history.sort.${it.name.lowercase()}", descending = true)
                },
            defaultSort = HistorySort(SortKey.CREATED, descending = true),
            search = true,
        )

    private fun controls(
        text: String?,
        vararg statuses: String,
    ) = HistoryControls(options, HistoryView(filter = HistoryFilter(statuses = statuses.toList()), search = text))

    private fun row(
        id: Long,
        title: List<Segment>,
    ): TicketRow = Samples.row(id, title.joinToString("") { it.text }).asTold()

    private fun hit(
        id: Long,
        title: List<Segment>,
        foundIn: FoundIn = FoundIn.Subject,
        excerpt: List<Segment> = emptyList(),
    ) = TicketHit(row(id, title), foundIn, title, excerpt)

    private val hits =
        listOf(
            hit(1, listOf(Segment("Rückerstattung für ", false), Segment("Zürich", true), Segment(" fehlt", false))),
            hit(
                2,
                listOf(Segment("Währung der Auszahlung", false)),
                FoundIn.Comment(21),
                listOf(Segment("…wird in ", false), Segment("Zürich", true), Segment(" doppelt umgerechnet 💱", false)),
            ),
            hit(3, listOf(Segment("合同 läuft aus", false)), FoundIn.Field("issue_type"), listOf(Segment("Zürich", true))),
        )

    private fun found(
        hits: List<TicketHit> = this.hits,
        text: String = "zurich",
        count: Int = hits.size,
        countIsCapped: Boolean = false,
        hasMore: Boolean = false,
        coverage: SearchCoverage? = null,
    ): HistoryState {
        val search = FoundTickets(text, hits, count, countIsCapped, hasMore, coverage)
        val (history, status) = Samples.history().let { it.history to it.status }
        val days = localDays(Samples.now, ZoneId.of("UTC"))
        val places = placeRows(days, hits.map { RowTime(it.row.lastActivityAt, it.row.unsent) }, byDay = false)
        return HistoryState.Found(search, history, status, places)
    }

    private fun nowhere(controls: HistoryControls): HistoryState {
        val (history, status) = Samples.history().let { it.history to it.status }
        val search = FoundTickets(controls.view.search.orEmpty(), emptyList(), 0, countIsCapped = false, hasMore = false)
        return HistoryState.NothingFound(history, status, controls.filters.filter { it.chosen.isNotEmpty() }, search)
    }

    private fun showHistory(
        controls: HistoryControls,
        state: HistoryState = Samples.history(),
        strings: Strings = en,
        fontScale: Float = 1f,
    ) = show(strings, fontScale) { HistoryScreen(state, actions, controls = controls) }

    private val field = hasContentDescription("Search your tickets") and hasSetTextAction()
    private val polite = SemanticsMatcher.expectValue(SemanticsProperties.LiveRegion, LiveRegionMode.Polite)

    @Test
    fun `a button opens the search, and its field takes the keyboard and searches while it is typed`() {
        var controls by mutableStateOf(controls(null))
        show { HistoryScreen(Samples.history(), actions, controls = controls) }
        rule.onNode(field).assertDoesNotExist()
        rule.onNodeWithContentDescription("Search").performClick()
        rule.runOnIdle { controls = controls("") }
        rule.onNode(field).assertIsFocused().performTextInput("Z")
        rule.onNode(field).performTextInput("ü")
        assertEquals(listOf("search ", "search Z", "search Zü"), done)
        rule.onNodeWithContentDescription("Clear the search").performClick()
        rule.onNode(field and hasText("")).assertIsFocused()
        rule.onNodeWithContentDescription("Close the search").performClick()
        assertEquals(listOf("search ", "close"), done.takeLast(2))
    }

    @Test
    fun `a product without a search offers none`() {
        showHistory(HistoryControls(options.copy(search = false), HistoryView(search = "zurich")))
        rule.onNodeWithContentDescription("Search").assertDoesNotExist()
        rule.onNode(field).assertDoesNotExist()
    }

    @Test
    fun `hits say where something was found and a screen reader reads their plain texts`() {
        showHistory(controls("zurich"), found())
        rule.onNode(hasText("Rückerstattung für Zürich fehlt") and hasClickAction()).assertIsDisplayed()
        rule.onNode(hasText("In a message") and hasText("…wird in Zürich doppelt umgerechnet 💱") and hasClickAction()).performClick()
        assertEquals(listOf("hit 2"), done)
    }

    @Test
    fun `what was found is bold and has a ground of its own`() {
        showHistory(controls("zurich"), found())
        val text =
            rule.onNode(hasText("Rückerstattung für Zürich fehlt")).fetchSemanticsNode().config[SemanticsProperties.Text].first {
                "Zürich" in
                    it
            }
        val mark = text.spanStyles.single { text.substring(it.start, it.end) == "Zürich" }.item
        assertEquals(FontWeight.Bold, mark.fontWeight)
        assertTrue("${mark.background} under ${mark.color}", mark.background != mark.color)
    }

    @Test
    fun `below the hits the help desk is asked and what it finds stands there`() {
        var server by mutableStateOf<ServerSearchState>(ServerSearchState.Offered)
        show { HistoryScreen(found(), actions, controls = controls("zurich").copy(serverSearch = server)) }
        val list = rule.onNodeWithTag("hits")
        list.performScrollToNode(hasText("Search at the help desk as well") and hasClickAction())
        rule.onNodeWithText("Search at the help desk as well").performClick()
        assertEquals(listOf("server"), done.filter { it == "server" })
        server = ServerSearchState.Searching
        list.performScrollToNode(hasText("Searching at the help desk…"))
        server = ServerSearchState.Failed(canAskAgain = false)
        list.performScrollToNode(hasText("The help desk could not be searched."))
        rule.onNodeWithText("Try again").assertDoesNotExist()
        server = ServerSearchState.Failed(canAskAgain = true)
        list.performScrollToNode(hasText("Try again"))
        server = ServerSearchState.Found(emptyList(), emptyList())
        list.performScrollToNode(hasText("The help desk found nothing else."))
        val older = row(9, listOf(Segment("Zürcher Kantonalbank: Abrechnung 2023 🧾", true)))
        val places = placeRows(localDays(Samples.now, ZoneId.of("UTC")), listOf(RowTime(older.lastActivityAt, older.unsent)), byDay = false)
        server = ServerSearchState.Found(listOf(older), places)
        list.performScrollToNode(hasText(older.subject))
        rule.onNodeWithText("Found at the help desk").assertIsDisplayed()
        rule.onNode(hasText(older.subject) and hasClickAction()).performClick()
        assertEquals("open 9", done.last())
    }

    @Test
    fun `where nothing was found the help desk can be asked all the same`() {
        val controls = controls("qqq").copy(serverSearch = ServerSearchState.Offered)
        showHistory(controls, nowhere(controls))
        rule.onNodeWithTag("hits").performScrollToNode(hasText("Search at the help desk as well"))
        rule.onNodeWithText("Search at the help desk as well").performClick()
        assertEquals("server", done.last())
    }

    @Test
    fun `how many were found is told by itself and beyond a thousand roughly`() {
        var state by mutableStateOf(found())
        show { HistoryScreen(state, actions, controls = controls("zurich")) }
        rule.onNode(hasText("3 tickets") and polite).assertIsDisplayed()
        rule.onNodeWithText("Everything on this device was searched.").assertIsDisplayed()
        rule.runOnIdle { state = found(count = 1_000, countIsCapped = true, hasMore = true) }
        rule.onNode(hasText("More than 1,000 tickets") and polite).assertIsDisplayed()
        rule.onNodeWithText("Everything on this device was searched.").assertDoesNotExist()
    }

    @Test
    fun `while tickets are being prepared it says how many were searched so far`() {
        showHistory(controls("zurich"), found(coverage = SearchCoverage(1_204u, 8_000u)))
        rule.onNodeWithText("Searched so far: 1,204 of 8,000 tickets.").assertIsDisplayed()
        rule.onNodeWithText("Everything on this device was searched.").assertDoesNotExist()
    }

    @Test
    fun `an empty result says what was searched for and which filters are set as well`() {
        val controls = controls(" Zürich 💱 ", "open")
        showHistory(controls, nowhere(controls))
        rule.onNodeWithText("Nothing found").assertIsDisplayed()
        rule.onNodeWithText("No ticket on this device contains “Zürich 💱”.\nYou are filtering by: Status: Open").assertIsDisplayed()
        rule.onNode(hasText("0 tickets") and polite).assertIsDisplayed()
        rule.onNodeWithText("Clear filters").performScrollTo().performClick()
        assertEquals(listOf("clear filters"), done)
    }

    @Test
    fun `without filters an empty result offers none to clear`() {
        showHistory(controls("Zürich"), nowhere(controls("Zürich")))
        rule.onNodeWithText("No ticket on this device contains “Zürich”.").assertIsDisplayed()
        rule.onNodeWithText("Clear filters").assertDoesNotExist()
    }

    @Test
    fun `filters stand above what was found and orders do not`() {
        showHistory(controls("zurich", "open"), found())
        rule.onNode(hasText("Status: Open") and hasClickAction()).assertIsDisplayed()
        rule.onNodeWithContentDescription("Sort").assertDoesNotExist()
        rule.onNodeWithText("Clear filters").performClick()
        assertEquals(listOf("clear filters"), done)
    }

    @Test
    fun `a menu stays open while the last hit is filtered out`() {
        var none by mutableStateOf(false)
        val controls = controls("zurich", "open")
        show { HistoryScreen(if (none) nowhere(controls) else found(), actions, controls = controls) }
        rule.onNode(hasText("Status: Open") and hasClickAction()).performClick()
        rule.runOnIdle { none = true }
        rule.onNodeWithText("Nothing found").assertExists()
        rule.onNode(hasContentDescription("Closed")).assertIsDisplayed()
    }

    @Test
    fun `Escape closes the search`() {
        showHistory(controls(""))
        rule.onNode(field).performKeyInput { pressKey(Key.Escape) }
        assertEquals(listOf("close"), done)
    }

    @Test
    fun `after a turn of the screen the text is there and the keyboard stays closed`() {
        showHistory(controls("Zürich"), found())
        rule.onNode(field and hasText("Zürich")).assertIsDisplayed().assertIsNotFocused()
    }

    @Test
    fun `more hits are asked for near the end and another text begins at the top`() {
        val many = (1L..50L).map { hit(it, listOf(Segment("Gutschein", true), Segment(" $it von Ömer", false))) }
        var state by mutableStateOf(found(many, "gutschein", 70, hasMore = true))
        show { HistoryScreen(state, actions, controls = controls("gutschein")) }
        rule.onNodeWithTag("hits").performScrollToNode(hasText("Gutschein 45 von Ömer"))
        rule.waitForIdle()
        assertTrue("$more", more > 0)
        rule.runOnIdle { state = found(many.reversed(), "gutschein ö", 70) }
        rule.onNode(hasText("Gutschein 50 von Ömer")).assertIsDisplayed()
        rule.onNode(hasText("70 tickets")).assertIsDisplayed()
    }

    @Test
    fun `on a small phone with doubled letters in German everything can be reached`() {
        show(stringsOf("de-DE"), fontScale = 2f) {
            Box(Modifier.requiredSize(320.dp, 568.dp)) { HistoryScreen(found(), actions, controls = controls("Zürich")) }
        }
        val field = rule.onNode(hasContentDescription("Ihre Tickets durchsuchen") and hasSetTextAction()).assertIsDisplayed()
        assertTrue(field.getBoundsInRoot().run { right - left } >= 200.dp)
        rule.onNodeWithContentDescription("Suche leeren").assertIsDisplayed()
        rule.onNodeWithContentDescription("Suche schließen").assertIsDisplayed()
        rule.onNodeWithTag("hits").performScrollToNode(hasText("…wird in Zürich doppelt umgerechnet 💱"))
    }
}
