package dev.pocketdesk.ui

import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.test.assertCountEquals
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.hasAnyAncestor
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performSemanticsAction
import androidx.compose.ui.text.TextLayoutResult
import dev.pocketdesk.bindings.ReplyAlternative
import dev.pocketdesk.bindings.ShownValue
import dev.pocketdesk.kit.Strings
import dev.pocketdesk.kit.thread.ReplyState
import dev.pocketdesk.ui.history.HistoryActions
import dev.pocketdesk.ui.history.HistoryScreen
import dev.pocketdesk.ui.thread.ThreadScreen
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test
import java.util.Locale

/** What a product with types of tickets and escalations shows beyond the others: made subjects, marks, and what is offered in place of a reply. */
class HubScreenTest : ScreenTest() {
    private val done = mutableListOf<String>()
    private val actions = recordedActions(done)
    private val nothing = HistoryActions({ }, { }, { }, { }, { }, { }, { })

    private val german =
        Strings(
            Locale.GERMANY,
            mapOf("subject.conference" to "Konferenzschaltung – {requester}", "mark.escalated" to "Eskaliert", "button.copy" to "Kopieren"),
        )

    private val call =
        Samples.row(4, "Invitation: session").copy(
            subjectKey = "subject.conference",
            requester = "Zoë Núñez",
            markKeys = listOf("mark.escalated"),
        )

    private val replyAlternatives =
        listOf(
            ReplyAlternative.Copy("Ticket-ID", "#480052"),
            ReplyAlternative.Copy("Eskalations-ID", "CP-20419"),
            ReplyAlternative.AnswerMail("Antworten Sie auf die E-Mail. Suchen Sie nach 480052."),
            ReplyAlternative.NewRequest("Technischen Support anfordern"),
        )

    @Test
    fun `a row of the history has the subject that is made and the mark over its status`() {
        show(german) { HistoryScreen(Samples.history(tickets = listOf(call)), nothing) }
        rule.onNode(hasText("Konferenzschaltung – Zoë Núñez") and hasText("Eskaliert")).assertIsDisplayed()
        rule.onAllNodesWithText("Invitation: session", substring = true).assertCountEquals(0)
    }

    @Test
    fun `a ticket has the same subject and mark on top and its own text stays as it was written`() {
        show(german) { ThreadScreen(Samples.thread(Samples.ticket(call)), actions) }
        rule.onNode(hasText("Konferenzschaltung – Zoë Núñez") and hasText("Eskaliert")).assertIsDisplayed()
        val text = rule.onNodeWithText("Hello Ada,", substring = true)
        val laid = mutableListOf<TextLayoutResult>()
        text.performSemanticsAction(SemanticsActions.GetTextLayoutResult) { it(laid) }
        assertNull(
            "nobody knows the language of a message",
            laid
                .single()
                .layoutInput.style.localeList,
        )
    }

    @Test
    fun `without a reply there are ids to copy the mail and a new request`() {
        val details = Samples.mobileDetails.copy(replyAlternatives = replyAlternatives)
        val kept = ReplyState("Noch eine Frage: מתי?", ready = true)
        show(german) { ThreadScreen(Samples.thread(Samples.ticket(call, canReply = false), reply = kept, details = details), actions) }
        rule.onNodeWithText("Antworten Sie auf die E-Mail.", substring = true).performScrollTo().assertIsDisplayed()
        rule.onNodeWithContentDescription("Kopieren: Eskalations-ID CP-20419").performScrollTo().performClick()
        rule.onNodeWithContentDescription("button.copied: Eskalations-ID CP-20419").assertIsDisplayed()
        rule.onNodeWithText("Technischen Support anfordern").performScrollTo().performClick()
        assertEquals(listOf("follow up"), done)
        rule.onAllNodesWithText("history.create").assertCountEquals(0)
    }

    @Test
    fun `a passcode of five thousand characters is hidden and fits once it is asked for`() {
        val details = Samples.details(Samples.value("passcode", "Passcode", ShownValue.Text("9".repeat(5_000)), secret = true, copy = true))
        show { ThreadScreen(Samples.thread(details = details), actions) }
        rule.onNodeWithTag("head").performClick()
        val shown = hasText("99999", substring = true) and hasAnyAncestor(hasTestTag("details"))
        rule.onAllNodes(shown).assertCountEquals(0)
        rule.onNodeWithContentDescription("Show: Passcode").performScrollTo().performClick()
        rule.onNode(shown).assertIsDisplayed()
    }
}
