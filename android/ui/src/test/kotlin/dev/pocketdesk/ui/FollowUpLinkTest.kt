package dev.pocketdesk.ui

import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.assert
import androidx.compose.ui.test.assertCountEquals
import androidx.compose.ui.test.assertHeightIsAtLeast
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.FollowedTicket
import dev.pocketdesk.ui.thread.ThreadScreen
import org.junit.Assert.assertEquals
import org.junit.Test

/** The link at the head of a follow-up to the ticket that it follows. */
class FollowUpLinkTest : ScreenTest() {
    private val done = mutableListOf<String>()

    private fun showTicket(
        follows: FollowedTicket?,
        language: String = "en-GB",
    ) = show(stringsOf(language)) { ThreadScreen(Samples.thread(Samples.ticket().copy(follows = follows)), recordedActions(done)) }

    @Test
    fun `a follow-up opens the ticket that it follows`() {
        showTicket(FollowedTicket(480_119u, 7))
        val tells =
            SemanticsMatcher("a screen reader says what a tap does") {
                it.config.getOrNull(SemanticsActions.OnClick)?.label == en["ticket.follows.open"]
            }
        rule
            .onNode(hasText("Follow-up to #480119") and hasClickAction())
            .assertIsDisplayed()
            .assertHeightIsAtLeast(48.dp)
            .assert(tells and SemanticsMatcher.expectValue(SemanticsProperties.Role, Role.Button))
            .performClick()
        assertEquals(listOf("ticket 7"), done)
    }

    @Test
    fun `a ticket that the user does not see is named and cannot be opened`() {
        showTicket(FollowedTicket(480_119u, null), "de-DE")
        rule.onNodeWithText("Folgeticket zu #480119").assertIsDisplayed()
        rule.onAllNodes(hasText("Folgeticket zu #480119") and hasClickAction()).assertCountEquals(0)
    }

    @Test
    fun `a ticket that follows no other says nothing about it`() {
        showTicket(null, "es-ES")
        rule.onAllNodesWithText("Seguimiento de", substring = true).assertCountEquals(0)
    }
}
