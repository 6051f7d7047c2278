package dev.pocketdesk.ui

import androidx.compose.ui.test.assertCountEquals
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsEnabled
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.hasAnyAncestor
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isDialog
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollToNode
import androidx.compose.ui.test.performTextInput
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.Status
import dev.pocketdesk.kit.ReplyState
import dev.pocketdesk.kit.ThreadState
import dev.pocketdesk.ui.thread.ThreadActions
import dev.pocketdesk.ui.thread.ThreadScreen
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

class ThreadScreenTest : ScreenTest() {
    private val done = mutableListOf<String>()
    private val actions =
        ThreadActions(
            back = { done += "back" },
            reply = { done += "reply $it" },
            send = { done += "send" },
            retry = { done += "retry $it" },
            discard = { done += "discard $it" },
            edit = { done += "edit $it" },
            editText = { done += "text $it" },
            saveEdit = { done += "save" },
            cancelEdit = { done += "cancel" },
            editTicket = { done += "edit ticket" },
            retryChange = { done += "retry change $it" },
            discardChange = { done += "discard change $it" },
            reload = { done += "reload" },
        )

    private fun showThread(
        state: ThreadState,
        language: String = "en-GB",
        letters: Float = 1f,
    ) = show(wordsOf(language), letters) { ThreadScreen(state, Samples.profile, actions) }

    private fun scrollTo(text: String) = rule.onNodeWithTag("thread").performScrollToNode(hasText(text, substring = true))

    @Test
    fun `the head tells subject number author date type addresses access and whose turn it is`() {
        showThread(Samples.thread())
        rule.onNodeWithText(Samples.rows[1].subject).assertIsDisplayed()
        rule.onAllNodesWithText("#480126").onFirst().assertIsDisplayed()
        rule.onNodeWithText("6 Mar 2026, 15:05").assertIsDisplayed()
        rule.onNodeWithText("Technical setup").assertIsDisplayed()
        rule.onNodeWithText("accounting@nordlicht-reisen.example", substring = true).assertIsDisplayed()
        rule.onNodeWithText(en["ticket.access.on"]).assertIsDisplayed()
        rule.onNodeWithText("Awaiting your reply").assertIsDisplayed()
        rule.onNodeWithText("Your turn").assertIsDisplayed()
        rule.onNodeWithText(en["status.awaiting_reply.explanation"]).assertIsDisplayed()
    }

    @Test
    fun `a message that needs the user says why in the desk's words and what can be done`() {
        showThread(Samples.thread())
        scrollTo("the same happens with our Spanish shop")
        rule.onNodeWithText(en["reason.refused"]).assertIsDisplayed()
        rule.onNodeWithText("Comment: is too long", substring = true).assertIsDisplayed()
        rule.onNodeWithText("Try again").performClick()
        rule.onNodeWithText("Discard").performClick()
        rule.onNodeWithText(en["action.discard.question"]).assertIsDisplayed()
        rule.onNode(hasText("Discard") and hasClickAction() and hasAnyAncestor(isDialog())).performClick()
        assertEquals(listOf("retry 5", "discard 5"), done)
    }

    @Test
    fun `each stage of a delivery has its words`() {
        val stages =
            mapOf(
                Delivery.Queued to "delivery.queued",
                Delivery.Sending to "delivery.sending",
                Delivery.Waiting(0) to "delivery.waiting",
                Delivery.Checking to "delivery.checking",
                Delivery.MayHaveBeenSent to "delivery.may_have_been_sent",
            )
        val messages = stages.keys.mapIndexed { index, delivery -> Samples.message(index + 1L, "Message $index", delivery = delivery) }
        showThread(Samples.thread(messages = messages))
        stages.values.forEach {
            scrollTo(en[it])
            rule.onAllNodesWithText(en[it]).onFirst().assertIsDisplayed()
        }
    }

    @Test
    fun `an unsent ticket says that it waits and that its number follows`() {
        val unsent = Samples.ticket(Samples.rows[0], Delivery.Queued)
        showThread(Samples.thread(unsent, listOf(Samples.message(1, "Please check.", description = true, delivery = Delivery.Queued))))
        rule.onNodeWithText(en["ticket.unsent_number"]).assertIsDisplayed()
        rule.onAllNodesWithText(en["delivery.queued"]).onFirst().assertIsDisplayed()
        rule.onAllNodesWithText(en["turn.desk"]).assertCountEquals(0)
    }

    @Test
    fun `only a reply with text can be sent`() {
        showThread(Samples.thread())
        rule.onNodeWithContentDescription("Send").assertIsNotEnabled()
        rule.onNode(hasSetTextAction()).performTextInput("Danke!")
        rule.onNodeWithContentDescription("Send").assertIsEnabled().performClick()
        assertEquals(listOf("reply Danke!", "send"), done)
    }

    @Test
    fun `a kept reply stands in the field`() {
        showThread(Samples.thread(reply = ReplyState("Half a sent", revision = 1, ready = true)))
        rule.onNodeWithText("Half a sent").assertIsDisplayed()
    }

    @Test
    fun `a solved ticket says that a reply reopens it`() {
        val solved = Samples.ticket(Samples.rows[5].copy(waiting = 0u, needsYou = false), reopens = true)
        showThread(Samples.thread(solved))
        rule.onNodeWithText(en["ticket.reopens"]).assertIsDisplayed()
        rule.onNode(hasSetTextAction()).assertIsDisplayed()
    }

    @Test
    fun `a closed ticket says why there is no reply`() {
        showThread(Samples.thread(Samples.ticket(Samples.rows[7], canReply = false)))
        rule.onNodeWithText(en["ticket.closed"]).assertIsDisplayed()
        rule.onAllNodes(hasSetTextAction()).assertCountEquals(0)
    }

    @Test
    fun `a ticket that is not visible any more keeps its number and no subject`() {
        val gone = Samples.ticket(Samples.rows[6].copy(status = Status.OPEN), canReply = false)
        showThread(Samples.thread(gone, emptyList()))
        rule.onNodeWithText(en["history.no_longer_visible"]).assertIsDisplayed()
        rule.onNodeWithText(en["reason.no_longer_visible"]).assertIsDisplayed()
    }

    @Test
    fun `an unreadable thread can be tried again`() {
        showThread(ThreadState.Failed("error.damaged"))
        rule.onNodeWithText(en["error.damaged"]).assertIsDisplayed()
        rule.onNodeWithText("Try again").performClick()
        assertTrue("reload" in done)
    }

    @Test
    fun `with doubled Spanish letters thread and reply stay within reach`() {
        showThread(Samples.thread(), "es-ES", letters = 2f)
        scrollTo("where-to-look.png")
        rule.onNodeWithText("where-to-look.png").assertIsDisplayed()
        rule.onNodeWithText("Escribir una respuesta").assertIsDisplayed()
    }
}
