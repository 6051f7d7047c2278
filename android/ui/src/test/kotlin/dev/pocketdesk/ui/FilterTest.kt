package dev.pocketdesk.ui

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.SaverScope
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.input.key.Key
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.assert
import androidx.compose.ui.test.assertCountEquals
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsNotSelected
import androidx.compose.ui.test.assertIsOff
import androidx.compose.ui.test.assertIsOn
import androidx.compose.ui.test.assertIsSelected
import androidx.compose.ui.test.getBoundsInRoot
import androidx.compose.ui.test.hasAnyAncestor
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasStateDescription
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isHeading
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performKeyInput
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performScrollToNode
import androidx.compose.ui.test.pressKey
import androidx.compose.ui.test.requestFocus
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.HistoryChoice
import dev.pocketdesk.bindings.HistoryColumn
import dev.pocketdesk.bindings.HistoryCount
import dev.pocketdesk.bindings.HistoryCounts
import dev.pocketdesk.bindings.HistoryFilter
import dev.pocketdesk.bindings.HistoryOptions
import dev.pocketdesk.bindings.HistorySort
import dev.pocketdesk.bindings.HistoryWindow
import dev.pocketdesk.bindings.RowTime
import dev.pocketdesk.bindings.SortChoice
import dev.pocketdesk.bindings.SortKey
import dev.pocketdesk.bindings.placeRows
import dev.pocketdesk.kit.Strings
import dev.pocketdesk.kit.history.FilterValue
import dev.pocketdesk.kit.history.HistoryControls
import dev.pocketdesk.kit.history.HistoryPart
import dev.pocketdesk.kit.history.HistoryState
import dev.pocketdesk.kit.history.HistoryView
import dev.pocketdesk.kit.history.localDays
import dev.pocketdesk.ui.history.HistoryActions
import dev.pocketdesk.ui.history.HistoryPartSaver
import dev.pocketdesk.ui.history.HistoryScreen
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.time.ZoneId

/** Filtering and sorting the history: by touch, by keyboard, and with a screen reader. */
@OptIn(ExperimentalTestApi::class)
class FilterTest : ScreenTest() {
    private val done = mutableListOf<String>()
    private val actions =
        HistoryActions(
            back = {},
            open = {},
            create = null,
            refresh = {},
            showMore = {},
            signIn = null,
            acknowledge = {},
            toggle = { done += "toggle $it" },
            clearFilters = { done += "clear" },
            sortBy = { done += "sort $it" },
        )

    private val options =
        HistoryOptions(
            statuses = listOf("open", "solved", "closed").map { HistoryChoice(it, "status.$it") },
            marks = emptyList(),
            ticketTypes = emptyList(),
            byCreator = true,
            byRead = true,
            sorts =
                listOf(
                    SortChoice(SortKey.CREATED, "history.sort.created", descending = true),
                    SortChoice(SortKey.STATUS, "history.sort.status", descending = false),
                ),
            defaultSort = HistorySort(SortKey.CREATED, descending = true),
            search = false,
        )

    private val counts =
        HistoryCounts(
            total = 8u,
            statuses = listOf("open" to 3, "solved" to 1, "closed" to 4).map { (id, count) -> HistoryCount(id, count.toULong()) },
            marks = emptyList(),
            ticketTypes = emptyList(),
            unread = 1u,
            read = 7u,
            mine = 5u,
            anyone = 8u,
        )

    private val plain = HistoryControls(options, HistoryView(), counts)

    private fun filtered(vararg statuses: String) = plain.copy(view = HistoryView(filter = HistoryFilter(statuses = statuses.toList())))

    private fun showHistory(
        controls: HistoryControls? = plain,
        state: HistoryState = Samples.history(),
        strings: Strings = en,
        fontScale: Float = 1f,
    ) = show(strings, fontScale) { HistoryScreen(state, actions, controls = controls) }

    private fun nothing(controls: HistoryControls) =
        HistoryState.NothingFound(
            Samples.history().history.copy(tickets = emptyList(), total = 0, part = HistoryPart(controls.view), down = null),
            Samples.online.asTold(),
            controls.filters.filter { it.chosen.isNotEmpty() },
        )

    private val clickable = hasClickAction()

    @Test
    fun `the values of a filter have their counts and several are chosen without closing the menu`() {
        showHistory()
        rule.onNode(hasText("Status") and clickable).performClick()
        val open = rule.onNode(hasContentDescription("Open, 3 tickets") and clickable)
        open.assertIsDisplayed().assertIsOff().performClick()
        rule.onNode(hasContentDescription("Solved, 1 ticket") and clickable).performClick()
        assertEquals(listOf(FilterValue.Status("open"), FilterValue.Status("solved")).map { "toggle $it" }, done)
    }

    @Test
    fun `a chip says what is chosen and the menu checks it`() {
        showHistory(filtered("open"))
        rule.onNode(hasText("Status: Open") and clickable).assertIsSelected().performClick()
        rule.onNode(hasContentDescription("Open, 3 tickets") and clickable).assertIsOn()
        rule.onNode(hasContentDescription("Closed, 4 tickets") and clickable).assertIsOff()
    }

    @Test
    fun `more than one chosen value is a number`() {
        showHistory(filtered("open", "closed"))
        rule.onNode(hasText("Status (2)") and clickable).assertIsSelected()
    }

    @Test
    fun `unread is one tap away and of the creators one is chosen at a time`() {
        showHistory()
        rule.onNode(hasContentDescription("Unread, 1 ticket") and clickable).assertIsNotSelected().performClick()
        rule.onNode(hasText("Created by") and clickable).performScrollTo().performClick()
        rule.onNode(hasContentDescription("All users, 8 tickets") and clickable).assertIsSelected()
        rule.onNode(hasContentDescription("Me, 5 tickets") and clickable).assertIsNotSelected().performClick()
        rule.onNode(hasContentDescription("Me, 5 tickets")).assertDoesNotExist()
        assertEquals(listOf("toggle Read(read=false)", "toggle Creator(mine=true)"), done)
    }

    @Test
    fun `how many are left is told by itself and the filters can be cleared`() {
        val state = Samples.history().run { copy(history = history.copy(total = 3)) }
        showHistory(filtered("open"), state)
        rule
            .onNode(hasText("3 tickets"))
            .assertIsDisplayed()
            .assert(SemanticsMatcher.expectValue(SemanticsProperties.LiveRegion, LiveRegionMode.Polite))
        rule.onNodeWithText("Clear filters").performClick()
        assertEquals(listOf("clear"), done)
    }

    @Test
    fun `an empty result names the filters that are in the way`() {
        val controls = plain.copy(view = HistoryView(filter = HistoryFilter(statuses = listOf("open", "closed"), read = false)))
        showHistory(controls, nothing(controls))
        rule.onNodeWithText("No matching tickets").assertIsDisplayed()
        rule.onNodeWithText("You are filtering by: Status: Open, Closed · Unread").assertIsDisplayed()
        rule.onNodeWithText("0 tickets").assertIsDisplayed()
        rule.onNodeWithText("Clear filters").performScrollTo().performClick()
        assertEquals(listOf("clear"), done)
    }

    @Test
    fun `a menu stays open while the last ticket is filtered out`() {
        var none by mutableStateOf(false)
        val controls = filtered("open")
        show { HistoryScreen(if (none) nothing(controls) else Samples.history(), actions, controls = controls) }
        rule.onNode(hasText("Status: Open") and clickable).performClick()
        rule.runOnIdle { none = true }
        rule.onNodeWithText("No matching tickets").assertExists()
        rule.onNode(hasContentDescription("Closed, 4 tickets")).assertIsDisplayed()
    }

    @Test
    fun `a keyboard opens a filter and closes it again`() {
        showHistory()
        val chip = rule.onNode(hasText("Status") and clickable)
        chip.requestFocus().performKeyInput { pressKey(Key.Enter) }
        val open = rule.onNode(hasContentDescription("Open, 3 tickets") and clickable)
        open.assertIsDisplayed().performKeyInput { pressKey(Key.Escape) }
        open.assertDoesNotExist()
    }

    @Test
    fun `a screen reader is told that a filter opens and closes`() {
        showHistory()
        val chip = rule.onNode(hasText("Status") and clickable)
        chip.assert(SemanticsMatcher.expectValue(SemanticsProperties.Role, Role.DropdownList))
        chip.assert(SemanticsMatcher.keyIsDefined(SemanticsActions.Expand))
        rule.onNodeWithTag("filters").assert(hasContentDescription("Filters"))
    }

    @Test
    fun `the order is told and reversed in its menu`() {
        showHistory()
        val sort = rule.onNodeWithContentDescription("Sort")
        sort.assert(hasStateDescription("Sorted by Date created, descending")).performClick()
        val item = rule.onNode(hasText("Date created") and clickable and hasStateDescription("Sorted by Date created, descending"))
        assertEquals("Reverse the order", item.fetchSemanticsNode().config[SemanticsActions.OnClick].label)
        item.assertIsSelected().performClick()
        sort.performClick()
        val other = rule.onNode(hasText("Status") and SemanticsMatcher.expectValue(SemanticsProperties.Role, Role.RadioButton))
        assertEquals("Sort by Status", other.fetchSemanticsNode().config[SemanticsActions.OnClick].label)
        other.performClick()
        assertEquals(listOf("sort CREATED", "sort STATUS"), done)
    }

    @Test
    fun `the names of a table's columns sort it`() {
        val columns = listOf("number", "subject", "created", "status").map { HistoryColumn(it, "column.$it", hideEmpty = false) }
        val state = Samples.history().run { copy(history = history.copy(columns = columns)) }
        show { Box(Modifier.requiredSize(1000.dp, 700.dp)) { HistoryScreen(state, actions, controls = plain) } }
        val heads = SemanticsMatcher.expectValue(SemanticsProperties.Role, Role.Button)
        rule.onNode(hasText("Created") and heads).assert(hasStateDescription("Sorted by Date created, descending")).performClick()
        rule.onNode(hasText("Status") and heads).performClick()
        rule.onNode(hasText("Subject") and heads).assertDoesNotExist()
        assertEquals(listOf("sort CREATED", "sort STATUS"), done)
    }

    @Test
    fun `what is not under a day has a heading only below what waits to be sent`() {
        val rows = Samples.rows.take(1) + Samples.row(4, "Nur das")
        var unsent by mutableStateOf(true)
        show {
            val tickets = if (unsent) rows else rows.drop(1)
            val places = placeRows(localDays(Samples.now, ZoneId.of("UTC")), tickets.map { RowTime(it.lastActivityAt, it.unsent) }, false)
            HistoryScreen(Samples.history(tickets = tickets).copy(places = places), actions, controls = plain)
        }
        rule.onNode(hasText("Other tickets") and isHeading()).assertIsDisplayed()
        rule.runOnIdle { unsent = false }
        rule.onNodeWithText("Nur das", substring = true).assertIsDisplayed()
        rule.onNode(hasText("Other tickets")).assertDoesNotExist()
    }

    @Test
    fun `with another order the list begins at its top`() {
        val tickets = (1L..50L).map { Samples.row(it, "Ticket $it von Ömer") }
        var sort by mutableStateOf(HistorySort(SortKey.CREATED, true))
        show {
            val shown = Samples.history(tickets = if (sort.descending) tickets else tickets.reversed())
            HistoryScreen(shown.copy(history = shown.history.copy(sort = sort)), actions, controls = plain)
        }
        rule.onNodeWithTag("tickets").performScrollToNode(hasText("Ticket 40 von Ömer", substring = true))
        rule.runOnIdle { sort = HistorySort(SortKey.CREATED, false) }
        rule.onNode(hasText("Ticket 50 von Ömer", substring = true)).assertIsDisplayed()
        rule.onNode(hasText("Status") and clickable).assertIsDisplayed()
    }

    @Test
    fun `while filters are set nothing offers to mark all as read`() {
        showHistory(filtered("open"))
        rule.onNodeWithContentDescription("More").assertDoesNotExist()
    }

    @Test
    fun `tickets that are still being prepared are announced`() {
        showHistory(filtered("open"), Samples.history().run { copy(history = history.copy(preparing = true)) })
        rule.onNodeWithText("Some tickets are still being prepared. They appear in a moment.").assertIsDisplayed()
    }

    @Test
    fun `with doubled letters in German every filter can be reached`() {
        showHistory(filtered("open"), strings = stringsOf("de-DE"), fontScale = 2f)
        listOf("Status: Offen", "Erstellt von").forEach { rule.onNode(hasText(it) and clickable).performScrollTo().assertIsDisplayed() }
        rule.onNodeWithText("Filter zurücksetzen").assertIsDisplayed()
        assertTrue(rule.onNode(hasText("Erstellt von") and clickable).getBoundsInRoot().run { bottom - top } >= 48.dp)
    }

    @Test
    fun `on a small phone the orders stand beside the filters`() {
        show { Box(Modifier.requiredSize(320.dp, 568.dp)) { HistoryScreen(Samples.history(), actions, controls = plain) } }
        val sort = rule.onNode(hasContentDescription("Sort") and hasAnyAncestor(hasTestTag("filters")))
        sort.assertIsDisplayed().performClick()
        rule.onNode(hasText("Status") and SemanticsMatcher.expectValue(SemanticsProperties.Role, Role.RadioButton)).performClick()
        assertEquals(listOf("sort STATUS"), done)
    }

    @Test
    fun `a product without filters and orders shows neither`() {
        showHistory(HistoryControls(options.copy(statuses = emptyList(), byCreator = false, byRead = false, sorts = emptyList())))
        rule.onNodeWithTag("filters").assertDoesNotExist()
        rule.onNodeWithContentDescription("Sort").assertDoesNotExist()
        rule.onAllNodes(hasText("Clear filters")).assertCountEquals(0)
    }

    @Test
    fun `what was chosen is saved and restored`() {
        val views =
            listOf(
                HistoryView(),
                HistoryView(
                    "organisation",
                    HistoryFilter(listOf("open"), listOf("escalated"), true, false, listOf("phone")),
                    HistorySort(SortKey.STATUS, true),
                    search = "Zürich 💱 合同",
                ),
                HistoryView(search = ""),
            )
        val parts = views.map { HistoryPart(it) } + HistoryPart(window = HistoryWindow("2.0.1760000000000.7", 50u, 600u, 50u))
        val scope = SaverScope { true }
        val restored = parts.map { part -> with(HistoryPartSaver) { scope.save(part) }?.let(HistoryPartSaver::restore) }
        assertEquals(parts, restored)
        val unreadable = HistoryPartSaver.restore(arrayListOf("mine", 3, null))
        assertEquals("what cannot be read is nothing", HistoryPart(HistoryView("mine")), unreadable)
    }
}
