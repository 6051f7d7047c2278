package dev.pocketdesk.ui

import androidx.compose.ui.input.key.Key
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.SemanticsNodeInteraction
import androidx.compose.ui.test.assert
import androidx.compose.ui.test.assertCountEquals
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.hasStateDescription
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.longClick
import androidx.compose.ui.test.onAllNodesWithContentDescription
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performKeyInput
import androidx.compose.ui.test.performScrollToNode
import androidx.compose.ui.test.performTouchInput
import androidx.compose.ui.test.pressKey
import androidx.compose.ui.test.requestFocus
import androidx.compose.ui.test.withKeyDown
import dev.pocketdesk.kit.account.SignOutState
import dev.pocketdesk.kit.history.HistoryState
import dev.pocketdesk.ui.account.AccountScreen
import dev.pocketdesk.ui.account.SupportScreen
import dev.pocketdesk.ui.history.HistoryActions
import dev.pocketdesk.ui.history.HistoryScreen
import dev.pocketdesk.ui.thread.ThreadScreen
import org.junit.Assert.assertEquals
import org.junit.Test

/** Marking tickets as read and unread, and the number of unread ones. */
@OptIn(ExperimentalTestApi::class)
class ReadMarksTest : ScreenTest() {
    private val done = mutableListOf<String>()
    private val actions =
        HistoryActions(
            back = {},
            open = { done += "open $it" },
            create = null,
            refresh = {},
            showMore = {},
            signIn = null,
            acknowledge = {},
            mark = { done += "mark ${it.id}" },
            markAllRead = { done += "all" },
        )

    private fun showHistory(
        state: HistoryState.Shown = Samples.history(),
        anonymous: Boolean = false,
        selected: Long? = null,
    ) = show { HistoryScreen(state, actions, anonymous, selected) }

    private fun row(subject: String): SemanticsNodeInteraction {
        val row: SemanticsMatcher = hasText(subject, substring = true)
        rule.onNodeWithTag("tickets").performScrollToNode(row)
        return rule.onNode(row)
    }

    @Test
    fun `a long press on a ticket offers to mark it and does not open it`() {
        showHistory()
        row("Contract template").performTouchInput { longClick() }
        rule.onNodeWithText("Mark as unread").assertIsDisplayed().performClick()
        assertEquals(listOf("mark 4"), done)
        rule.onAllNodesWithText("Mark as unread").assertCountEquals(0)
        row("Tracking pixel").assert(hasStateDescription("Unread")).performTouchInput { longClick() }
        rule.onNodeWithText("Mark as read").performClick()
        assertEquals(listOf("mark 4", "mark 2"), done)
    }

    @Test
    fun `a keyboard opens the menu of a ticket as everywhere else`() {
        showHistory()
        row("Contract template").requestFocus().performKeyInput { pressKey(Key.Menu) }
        rule.onNodeWithText("Mark as unread").performClick()
        row("Tracking pixel").requestFocus().performKeyInput { withKeyDown(Key.ShiftLeft) { pressKey(Key.F10) } }
        rule.onNodeWithText("Mark as read").performClick()
        assertEquals(listOf("mark 4", "mark 2"), done)
    }

    @Test
    fun `a screen reader finds it among the actions of the ticket`() {
        showHistory()
        val offered = row("Contract template").fetchSemanticsNode().config[SemanticsActions.CustomActions]
        assertEquals(listOf("Mark as unread"), offered.map { it.label })
        rule.runOnIdle { offered.single().action() }
        assertEquals(listOf("mark 4"), done)
    }

    @Test
    fun `a ticket that was not sent and the one that is being read offer nothing`() {
        showHistory(selected = 4)
        row("Contract template").performTouchInput { longClick() }
        row("Publisher-Auszahlung").performTouchInput { longClick() }
        rule.onAllNodesWithText("Mark as unread").assertCountEquals(0)
    }

    @Test
    fun `the menu of the history marks all as read and says where that holds`() {
        val shared = Samples.history()
        showHistory(shared.copy(history = shared.history.copy(readMarksKey = "history.read_marks.local")))
        rule.onNodeWithContentDescription("More").performClick()
        rule.onNodeWithText("What is read or unread is kept on this device only.").assertIsDisplayed()
        rule.onNodeWithText("Mark all as read").performClick()
        assertEquals(listOf("all"), done)
    }

    @Test
    fun `the note stands below the last ticket`() {
        val all = Samples.history().run { copy(history = history.copy(down = null, readMarksKey = "history.read_marks.local")) }
        showHistory(all)
        row("kept on this device only").assertIsDisplayed()
    }

    @Test
    fun `without an account nothing is marked`() {
        showHistory(anonymous = true)
        rule.onAllNodesWithContentDescription("More").assertCountEquals(0)
        row("Contract template").performTouchInput { longClick() }
        rule.onAllNodesWithText("Mark as unread").assertCountEquals(0)
    }

    @Test
    fun `the menu of a thread marks its ticket as unread`() {
        show { ThreadScreen(Samples.thread(), recordedActions(done)) }
        rule.onNodeWithContentDescription("More about this ticket").performClick()
        rule.onNodeWithText("Mark as unread").performClick()
        assertEquals(listOf("mark unread"), done)
    }

    @Test
    fun `the number of unread tickets stands on the account`() {
        show { AccountScreen(Person("Ada Lindqvist", null), Samples.support.copy(unread = 3), SignOutState.Idle, onBack = null, null) {} }
        rule.onNodeWithText("3", useUnmergedTree = true).assertIsDisplayed()
        rule.onNodeWithContentDescription("3 unread tickets").assertIsDisplayed()
    }

    @Test
    fun `the number of unread tickets stands in the help beside the tickets only`() {
        show { SupportScreen(Samples.support.copy(unread = 1), {}, onOpen = {}) }
        rule.onAllNodesWithContentDescription("1 unread ticket").assertCountEquals(1)
    }
}
