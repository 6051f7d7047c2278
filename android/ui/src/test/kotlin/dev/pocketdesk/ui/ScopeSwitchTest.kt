package dev.pocketdesk.ui

import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsNotSelected
import androidx.compose.ui.test.assertIsSelected
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import dev.pocketdesk.bindings.HistoryScope
import dev.pocketdesk.bindings.RowColumn
import dev.pocketdesk.bindings.strings
import dev.pocketdesk.kit.Strings
import dev.pocketdesk.kit.history.HistoryState
import dev.pocketdesk.ui.history.HistoryActions
import dev.pocketdesk.ui.history.HistoryScreen
import org.junit.Assert.assertEquals
import org.junit.Test
import java.util.Locale

/** The history's scopes, the marks and columns of their rows, and an account that has no history. */
class ScopeSwitchTest : ScreenTest() {
    private val done = mutableListOf<String>()
    private val actions =
        HistoryActions({}, { done += "open $it" }, { done += "create" }, {}, {}, null, {}, { done += "choose $it" })

    private val german =
        Strings(
            Locale.GERMANY,
            strings("de") +
                mapOf(
                    "scope.mine" to "Meine Tickets",
                    "scope.organisation" to "Tickets meiner Organisation",
                    "column.users" to "Benutzername",
                    "regulated" to "Für Ihr Konto gibt es keinen Ticketverlauf.",
                ),
        )

    private val scopes = listOf("mine", "organisation").map { HistoryScope(it, "scope.$it") }

    private fun showHistory(
        state: HistoryState,
        fontScale: Float = 1f,
    ) = show(german, fontScale) { HistoryScreen(state, actions) }

    @Test
    fun `the scopes are told as a choice and a tap chooses the other one`() {
        val shown = Samples.history()
        showHistory(shown.copy(history = shown.history.copy(scope = "mine", scopes = scopes)), fontScale = 1.6f)
        val isChoice = SemanticsMatcher.expectValue(SemanticsProperties.Role, Role.RadioButton)
        rule.onNode(hasText("Meine Tickets") and isChoice).assertIsDisplayed().assertIsSelected()
        rule.onNode(hasText("Tickets meiner Organisation") and isChoice).assertIsNotSelected().performClick()
        assertEquals(listOf("choose organisation"), done)
    }

    @Test
    fun `who has one scope sees no switch`() {
        val shown = Samples.history()
        showHistory(shown.copy(history = shown.history.copy(scope = "mine")))
        rule.onNodeWithText("Meine Tickets").assertDoesNotExist()
    }

    @Test
    fun `an empty scope can be left again`() {
        val empty = Samples.history().history.copy(tickets = emptyList(), total = 0, scope = "mine", scopes = scopes)
        showHistory(HistoryState.Empty(Samples.online, empty))
        rule.onNodeWithText("Tickets meiner Organisation").performClick()
        assertEquals(listOf("choose organisation"), done)
    }

    @Test
    fun `a row names the users of the ticket and marks one that somebody added me to`() {
        val users = RowColumn("users", "column.users", listOf("Ben Okafor", "Søren Østergård"), null)
        val row = Samples.row(7, "Zoll für Paket Ü-17").copy(linked = true, columns = listOf(users))
        showHistory(Samples.history(tickets = listOf(row)))
        val says = listOf("Zoll für Paket Ü-17", "Benutzername", "Ben Okafor, Søren Østergård", "Sie wurden hinzugefügt")
        rule.onNode(says.map { hasText(it, substring = true) }.reduce(SemanticsMatcher::and)).assertIsDisplayed()
    }

    @Test
    fun `an account without a history says why and still takes a new ticket`() {
        val none = Samples.history().history.copy(tickets = emptyList(), total = 0)
        showHistory(HistoryState.Unavailable("regulated", none, Samples.online, emptyList()))
        rule.onNodeWithText("Kein Ticketverlauf").assertIsDisplayed()
        rule.onNodeWithText("Für Ihr Konto gibt es keinen Ticketverlauf.").assertIsDisplayed()
        rule.onNodeWithText("Ein neues Ticket erstellen").performClick()
        assertEquals(listOf("create"), done)
    }

    @Test
    fun `what waits to be sent is shown below the reason and where nothing can be written nothing is offered`() {
        val waiting = Samples.history(tickets = Samples.rows.take(1))
        val history = waiting.history.copy(canCreate = false)
        showHistory(HistoryState.Unavailable("regulated", history, waiting.status, waiting.places))
        rule.onNodeWithText("Kein Ticketverlauf").assertIsDisplayed()
        rule.onNode(hasText("Publisher-Auszahlung", substring = true)).performClick()
        assertEquals(listOf("open 1"), done)
        rule.onNodeWithText("Ein neues Ticket erstellen").assertDoesNotExist()
    }
}
