package dev.pocketdesk.ui

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.ui.Modifier
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsNotSelected
import androidx.compose.ui.test.assertIsSelected
import androidx.compose.ui.test.getBoundsInRoot
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.HistoryColumn
import dev.pocketdesk.bindings.RowColumn
import dev.pocketdesk.ui.history.HistoryActions
import dev.pocketdesk.ui.history.HistoryScreen
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

/** The history in a window that has room for its columns. */
class TicketTableTest : ScreenTest() {
    private val opened = mutableListOf<Long>()
    private val actions = HistoryActions({}, opened::add, {}, {}, {}, null, {})

    private val columns =
        listOf("number", "subject", "created", "last_activity", "users", "status", "read")
            .map { HistoryColumn(it, "column.$it", hideEmpty = false) }

    private fun showHistory(
        width: Int,
        fontScale: Float = 1f,
        selected: Long? = null,
    ) {
        val users = RowColumn("users", "column.users", listOf("Ben Okafor", "Søren Østergård"), null)
        val shown =
            Samples.history(
                tickets = listOf(Samples.row(7, "Zoll für Paket Ü-17 📦").copy(columns = listOf(users)), Samples.row(9, "مرحبا")),
            )
        val state = shown.copy(history = shown.history.copy(columns = columns))
        show(fontScale = fontScale) { Box(Modifier.requiredSize(width.dp, 700.dp)) { HistoryScreen(state, actions, selected = selected) } }
    }

    @Test
    fun `a wide window shows the columns of the product in their order and a tap anywhere opens the ticket`() {
        showHistory(width = 1000)
        val names = listOf("Number", "Subject", "Created", "Last activity", "User name", "Status")
        val lefts =
            names.map {
                rule
                    .onNodeWithText(it)
                    .assertIsDisplayed()
                    .getBoundsInRoot()
                    .left
            }
        assertEquals(lefts.sorted(), lefts)
        rule.onNodeWithText("Read").assertDoesNotExist()
        rule
            .onNode(
                hasText("Zoll für Paket", substring = true) and hasContentDescription("User name: Ben Okafor, Søren Østergård"),
            ).performClick()
        assertEquals(listOf(7L), opened)
    }

    @Test
    fun `where the columns do not fit it is a list`() {
        showHistory(width = 600)
        rule.onNodeWithText("Last activity").assertDoesNotExist()
        rule.onNode(hasText("Ben Okafor, Søren Østergård", substring = true)).assertIsDisplayed()
    }

    @Test
    fun `with large text the columns need more room`() {
        showHistory(width = 1000, fontScale = 2f)
        rule.onNodeWithText("Last activity").assertDoesNotExist()
    }

    @Test
    fun `a window that is wider than the table becomes does not make room for larger text`() {
        showHistory(width = 1900, fontScale = 1.8f)
        rule.onNodeWithText("Last activity").assertDoesNotExist()
    }

    @Test
    fun `the ticket beside the history is the selected one`() {
        showHistory(width = 360, selected = 9)
        rule.onNode(hasText("مرحبا", substring = true)).assertIsSelected()
        rule.onNode(hasText("Zoll für Paket", substring = true)).assertIsNotSelected()
        assertTrue(opened.isEmpty())
    }
}
