package dev.pocketdesk.ui

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.assertCountEquals
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasStateDescription
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollToNode
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.Message
import dev.pocketdesk.bindings.UnreadMessages
import dev.pocketdesk.kit.thread.ThreadState
import dev.pocketdesk.ui.thread.ThreadScreen
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

/** Where a thread opens, and how it moves, on a phone of 360 × 640 dp. */
class ConversationTest : ScreenTest() {
    private var state by mutableStateOf<ThreadState>(ThreadState.Loading)

    private fun showThread(
        messages: List<Message>,
        unread: UnreadMessages? = null,
    ) {
        state = Samples.thread(messages = messages, unread = unread)
        show { Box(Modifier.requiredSize(360.dp, 640.dp)) { ThreadScreen(state, recordedActions()) } }
    }

    private fun set(
        messages: List<Message>,
        unread: UnreadMessages? = null,
    ) {
        state = Samples.thread(messages = messages, unread = unread)
        rule.waitForIdle()
    }

    private fun message(number: Int) = rule.onNode(hasText("Message $number:", substring = true))

    private val thread get() = rule.onNodeWithTag("thread")

    private fun scrollTo(number: Int) = thread.performScrollToNode(hasText("Message $number:", substring = true))

    private fun top(node: SemanticsMatcher) =
        rule
            .onNode(node)
            .fetchSemanticsNode()
            .boundsInRoot.top

    private val latest = hasContentDescription("Go to the latest message")

    @Test
    fun `without anything new a thread opens at its end`() {
        showThread(Samples.longThread(30))
        message(30).assertIsDisplayed()
        message(1).assertDoesNotExist()
        rule.onAllNodes(hasText("New")).assertCountEquals(0)
        rule.onAllNodes(latest).assertCountEquals(0)
    }

    @Test
    fun `it opens at the first new message under a line that says so`() {
        showThread(Samples.longThread(30), UnreadMessages(first = 20, count = 6u))
        val line = top(hasText("New"))
        val thread = thread.fetchSemanticsNode().boundsInRoot
        assertTrue("the line is at the top: $line of $thread", line - thread.top < 40)
        assertTrue(top(hasText("Message 20:", substring = true)) > line)
        message(30).assertDoesNotExist()
    }

    @Test
    fun `new messages that all fit leave the end of the thread at the bottom`() {
        showThread(Samples.longThread(30), UnreadMessages(first = 30, count = 1u))
        rule.onNode(hasText("New")).assertIsDisplayed()
        message(30).assertIsDisplayed()
        message(29).assertIsDisplayed()
        rule.onAllNodes(latest).assertCountEquals(0)
    }

    @Test
    fun `a short thread stands below its head`() {
        showThread(Samples.longThread(1))
        val gap = top(hasText("Message 1:", substring = true)) - thread.fetchSemanticsNode().boundsInRoot.top
        assertTrue("$gap", gap < 60)
    }

    @Test
    fun `messages that arrive while the first read is shown open at the first new one as well`() {
        showThread(emptyList())
        set(Samples.longThread(30), UnreadMessages(first = 10, count = 11u))
        rule.onNode(hasText("New")).assertIsDisplayed()
        message(10).assertIsDisplayed()
    }

    @Test
    fun `the button leads to the end and counts what is new below`() {
        showThread(Samples.longThread(30), UnreadMessages(first = 10, count = 11u))
        scrollTo(4)
        rule.onNode(latest and hasStateDescription("11 new messages")).assertIsDisplayed().performClick()
        message(30).assertIsDisplayed()
        rule.onAllNodes(latest).assertCountEquals(0)
    }

    @Test
    fun `one's own new message is shown wherever one was reading`() {
        val before = Samples.longThread(30)
        showThread(before)
        scrollTo(2)
        val own = Samples.message(31, "Message 31: danke!", delivery = Delivery.Held(Samples.now + 5_000))
        set(before + own)
        message(31).assertIsDisplayed()
        rule.onNode(hasText("Undo")).assertIsDisplayed()
    }

    @Test
    fun `an answer that arrives is shown at the end and moves nobody who reads further up`() {
        val before = Samples.longThread(30)
        showThread(before)
        val answers = listOf(32L, 34L).map { Samples.message(it, "Message $it: Antwort", mine = false) }
        set(before + answers.take(1), UnreadMessages(first = 32, count = 1u))
        message(32).assertIsDisplayed()
        scrollTo(5)
        val there = top(hasText("Message 5:", substring = true))
        set(before + answers, UnreadMessages(first = 32, count = 2u))
        assertEquals(there, top(hasText("Message 5:", substring = true)), 1f)
        rule.onNode(latest and hasStateDescription("2 new messages")).assertIsDisplayed()
    }

    @Test
    fun `a message that was sent or taken back moves nobody`() {
        val before = Samples.longThread(30)
        val waiting = Samples.message(31, "Message 31: bitte", delivery = Delivery.Queued)
        showThread(before + waiting)
        scrollTo(5)
        val there = top(hasText("Message 5:", substring = true))
        set(before + waiting.copy(delivery = Delivery.Sent))
        set(before)
        assertEquals(there, top(hasText("Message 5:", substring = true)), 1f)
    }

    @Test
    fun `the message being answered stays above a reply that grows`() {
        showThread(Samples.longThread(30))
        rule.onNode(hasSetTextAction()).performTextInput("Zeile\n".repeat(12))
        rule.waitForIdle()
        val message = message(30).assertIsDisplayed().fetchSemanticsNode().boundsInRoot
        val field = rule.onNode(hasSetTextAction()).fetchSemanticsNode().boundsInRoot
        assertTrue("$message above $field", message.bottom <= field.top)
        assertTrue("the thread keeps some space: $field", field.height < 640 * 0.4f)
    }

    @Test
    fun `the head says to a screen reader that it opens`() {
        showThread(Samples.longThread(3))
        val heading = SemanticsMatcher.keyIsDefined(SemanticsProperties.Heading)
        rule.onNode(hasText(Samples.rows[1].subject) and heading).assertIsDisplayed()
    }
}
