package dev.pocketdesk.ui

import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsEnabled
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.assertIsNotSelected
import androidx.compose.ui.test.assertIsSelected
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextInput
import dev.pocketdesk.bindings.ActionOffer
import dev.pocketdesk.bindings.DetailItem
import dev.pocketdesk.kit.thread.FeedbackState
import dev.pocketdesk.kit.thread.ThreadState
import dev.pocketdesk.ui.thread.ThreadScreen
import org.junit.Assert.assertEquals
import org.junit.Test

/** Feedback at the head of a closed ticket, and a toggle among its details. */
class FeedbackTest : ScreenTest() {
    private val done = mutableListOf<String>()
    private val actions = recordedActions(done)

    @Test
    fun `feedback asks for one of the answers and takes a text`() {
        val thread =
            Samples.thread().copy(
                details = Samples.details(actions = listOf(Samples.feedback)).copy(head = listOf(Samples.feedback)),
            )
        var state by mutableStateOf<ThreadState>(thread)
        show { ThreadScreen(state, actions) }
        rule.onNodeWithText("Leave feedback").performClick()
        state = thread.copy(feedback = FeedbackState(Samples.feedback))
        rule.waitForIdle()
        rule.onNodeWithText("Send feedback").assertIsNotEnabled()
        rule.onNodeWithText("Good").assertIsNotSelected().performClick()
        state = thread.copy(feedback = FeedbackState(Samples.feedback, "good"))
        rule.waitForIdle()
        rule.onNodeWithText("Good").assertIsSelected()
        rule.onNodeWithText("What should we know? (optional)").performTextInput("Schnell & freundlich 🙏")
        rule.onNodeWithText("Send feedback").assertIsEnabled().performClick()
        assertEquals(listOf("act feedback", "answer good", "feedback Schnell & freundlich 🙏", "send feedback"), done)
    }

    @Test
    fun `thanks stand in the place of feedback that was given`() {
        show { ThreadScreen(Samples.thread().copy(details = Samples.details().copy(thanks = "Thank you for your feedback.")), actions) }
        rule.onNodeWithText("Thank you for your feedback.").assertIsDisplayed()
    }

    @Test
    fun `a toggle says how it stands and either value takes one press`() {
        val details = { offer: ActionOffer -> Samples.details(DetailItem.Action(offer.id), actions = listOf(offer)) }
        var state by mutableStateOf<ThreadState>(Samples.thread(details = details(Samples.proxyLogin)))
        show { ThreadScreen(state, actions) }
        rule.onNodeWithTag("head").performClick()
        rule.onNodeWithText("As set for your account").performScrollTo().assertIsDisplayed()
        rule.onNodeWithText("A running session goes on.").performScrollTo().assertIsDisplayed()
        rule.onNodeWithText("On").assertIsNotSelected()
        rule
            .onNodeWithText("Off")
            .assertIsNotSelected()
            .performScrollTo()
            .performClick()
        val waiting =
            Samples.proxyLogin.copy(
                toggle = Samples.proxyLogin.toggle?.copy(on = false, isWaiting = true, note = "Not in force yet"),
            )
        state = Samples.thread(details = details(waiting))
        rule.waitForIdle()
        rule.onNodeWithText("Off").assertIsSelected()
        rule.onNodeWithText("Not in force yet").performScrollTo().assertIsDisplayed()
        rule.onNodeWithText("On").performScrollTo().performClick()
        assertEquals(listOf("toggle proxy_login false", "toggle proxy_login true"), done)
    }
}
