package dev.pocketdesk.ui

import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
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
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performScrollToNode
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.performTextReplacement
import dev.pocketdesk.bindings.Attachment
import dev.pocketdesk.bindings.ChangeKind
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.DownloadProblem
import dev.pocketdesk.bindings.DraftFile
import dev.pocketdesk.bindings.FileState
import dev.pocketdesk.bindings.Message
import dev.pocketdesk.bindings.PendingChange
import dev.pocketdesk.bindings.Reason
import dev.pocketdesk.bindings.ReasonKind
import dev.pocketdesk.bindings.ShownValue
import dev.pocketdesk.bindings.Ticket
import dev.pocketdesk.kit.CopyingFile
import dev.pocketdesk.kit.DraftFilesState
import dev.pocketdesk.kit.FileLimit
import dev.pocketdesk.kit.RefusedFile
import dev.pocketdesk.kit.thread.CcState
import dev.pocketdesk.kit.thread.EditState
import dev.pocketdesk.kit.thread.ReplyState
import dev.pocketdesk.kit.thread.ThreadState
import dev.pocketdesk.ui.thread.ThreadScreen
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

class ThreadScreenTest : ScreenTest() {
    private val done = mutableListOf<String>()
    private val actions = recordedActions(done)

    private fun showThread(
        state: ThreadState,
        language: String = "en-GB",
        fontScale: Float = 1f,
    ) = show(stringsOf(language), fontScale) { ThreadScreen(state, actions) }

    private fun thread(vararg messages: Message) = Samples.thread(messages = messages.toList())

    /** Taps what has this text, of several the one in the newest message. */
    private fun tap(text: String) =
        rule
            .onAllNodes(hasText(text) and hasClickAction())
            .onFirst()
            .performScrollTo()
            .performClick()

    /** Opens the details of the ticket. */
    private fun openDetails(subject: String = Samples.rows[1].subject) =
        rule.onNode(hasText(subject, substring = true) and hasClickAction()).performClick()

    private fun scrollTo(text: String) = rule.onNodeWithTag("thread").performScrollToNode(hasText(text, substring = true))

    @Test
    fun `the head tells subject and whose turn it is and opens to the details`() {
        showThread(Samples.thread())
        rule.onNodeWithText(Samples.rows[1].subject).assertIsDisplayed()
        rule.onNodeWithText("Awaiting your reply", substring = true).assertIsDisplayed()
        rule.onNodeWithText("Your turn", substring = true).assertIsDisplayed()
        rule.onAllNodesWithText("Technical setup").assertCountEquals(0)
        openDetails()
        rule.onAllNodesWithText("#480126").onFirst().assertIsDisplayed()
        rule.onNodeWithText("6 Mar 2026, 15:05").assertIsDisplayed()
        rule.onNodeWithText("Technical setup").assertIsDisplayed()
        rule.onNodeWithText("accounting@nordlicht-reisen.example", substring = true).assertIsDisplayed()
        rule.onNodeWithText(en["ticket.access.on"]).assertIsDisplayed()
        rule.onNodeWithText(en["status.awaiting_reply.explanation"]).assertIsDisplayed()
        openDetails()
        rule.onAllNodesWithText("Technical setup").assertCountEquals(0)
    }

    @Test
    fun `a message that needs the user says why in the server's words and what can be done`() {
        showThread(Samples.thread())
        scrollTo("the same happens with our Spanish shop")
        rule.onNodeWithText(en["reason.refused"]).assertIsDisplayed()
        rule.onNodeWithText("Comment: is too long", substring = true).assertIsDisplayed()
        rule.onNodeWithText("Not sent").assertIsDisplayed()
        tap("Try again")
        tap("Edit")
        tap("Discard")
        rule.onNodeWithText(en["button.discard.question"]).assertIsDisplayed()
        rule.onNode(hasText("Discard") and hasClickAction() and hasAnyAncestor(isDialog())).performClick()
        assertEquals(listOf("retry 5", "edit 5", "discard 5"), done)
    }

    @Test
    fun `each delivery state has its string`() {
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
            rule.onNodeWithTag("thread").performScrollToNode(hasText(en[it]))
            rule.onAllNodesWithText(en[it]).onFirst().assertIsDisplayed()
        }
    }

    @Test
    fun `what is held is counted down for the eye and undone without a question`() {
        showThread(thread(Samples.message(1, "Too early", delivery = Delivery.Held(Samples.now + 4_500))))
        rule.onNodeWithContentDescription(en["delivery.held"]).assertIsDisplayed()
        tap("Undo")
        assertEquals(listOf("discard 1"), done)
    }

    @Test
    fun `what is on its way or being looked for can neither be edited nor taken back`() {
        val leaving = Samples.message(1, "On its way", delivery = Delivery.Sending)
        val ambiguous = Samples.message(2, "Being looked for", delivery = Delivery.Checking)
        showThread(thread(leaving, ambiguous))
        rule.onNodeWithText(en["delivery.checking"]).performScrollTo().assertIsDisplayed()
        listOf("Edit", "Discard", "Try again", "Undo").forEach { rule.onAllNodesWithText(it).assertCountEquals(0) }
    }

    @Test
    fun `what may have been sent says so and that discarding cannot call it back`() {
        showThread(thread(Samples.message(1, "Who knows", delivery = Delivery.MayHaveBeenSent)))
        rule.onNodeWithText(en["delivery.may_have_been_sent"]).performScrollTo().assertIsDisplayed()
        rule.onAllNodesWithText("Not sent").assertCountEquals(0)
        tap("Discard")
        rule.onNodeWithText(en["button.discard.maybe.question"]).assertIsDisplayed()
    }

    @Test
    fun `a message from another device's backup offers to send it`() {
        showThread(thread(Samples.message(1, "From the old phone", delivery = Delivery.NeedsUser(Reason(ReasonKind.RESTORED, null)))))
        rule.onNodeWithText(en["reason.restored"]).performScrollTo().assertIsDisplayed()
        tap("Send")
        assertEquals(listOf("retry 1"), done)
    }

    @Test
    fun `a reply is edited in place and a blank one cannot be saved`() {
        val waiting = Samples.message(1, "It happens on Mondey.", delivery = Delivery.Queued)
        var edit by mutableStateOf<EditState?>(null)
        show { ThreadScreen(thread(waiting).copy(edit = edit), actions) }
        tap("Edit")
        assertEquals(listOf("edit 1"), done)
        edit = EditState(1, "It happens on Mondey.")
        rule.onNode(hasSetTextAction() and hasAnyAncestor(isDialog())).performTextReplacement("It happens on Monday.")
        rule.onNodeWithText("Save").performClick()
        assertEquals(listOf("edit 1", "text It happens on Monday.", "save"), done)
        edit = EditState(1, "It happens on Mondey.", text = " ")
        rule.onNodeWithText("Save").assertIsNotEnabled()
    }

    @Test
    fun `an unsent ticket is edited in its form`() {
        val description = Samples.message(1, "Please check.", description = true, delivery = Delivery.Queued)
        showThread(Samples.thread(Samples.ticket(Samples.rows[0], Delivery.Queued), listOf(description)))
        tap("Edit")
        assertEquals(listOf("edit ticket"), done)
    }

    @Test
    fun `changes of a ticket that wait are told and can be taken back`() {
        val addresses = listOf("clara@nordlicht-reisen.example", "ben@nordlicht-reisen.example")
        val changes =
            listOf(
                PendingChange(7, ChangeKind.ADD_CC, addresses, Delivery.Queued, canRetry = false, canDiscard = true),
                PendingChange(8, ChangeKind.SOLVE, emptyList(), Delivery.NeedsUser(Reason(ReasonKind.NOT_ALLOWED, null)), true, false),
            )
        showThread(Samples.thread(Samples.ticket(changes = changes), emptyList()))
        scrollTo("clara@nordlicht-reisen.example, ben@nordlicht-reisen.example")
        tap("Discard")
        rule.onNodeWithText(en["change.discard.question"]).assertIsDisplayed()
        rule.onNode(hasText("Discard") and hasClickAction() and hasAnyAncestor(isDialog())).performClick()
        scrollTo(en["change.solve"])
        tap("Try again")
        assertEquals(listOf("discard change 7", "retry change 8"), done)
    }

    @Test
    fun `each file says where it is and offers what is possible`() {
        val gone = FileState.Failed(DownloadProblem.GONE)
        val states = listOf(FileState.OnServer, FileState.Sending(92_160u), FileState.Downloading(46_080u), gone, FileState.OnDevice)
        val files =
            states.mapIndexed { index, state ->
                val canDownload = state == FileState.OnServer || state is FileState.Failed
                Attachment("file-$index.png", "image/png", 184_320u, state, canDownload = canDownload)
            }
        showThread(thread(Samples.message(1, "With files", attachments = files)))
        tap("Download")
        rule.onNodeWithText("Uploading… 50%").performScrollTo().assertIsDisplayed()
        rule.onNodeWithText("Downloading… 25%").performScrollTo().assertIsDisplayed()
        rule.onNodeWithText(en["download.gone"]).performScrollTo().assertIsDisplayed()
        tap("Open")
        assertEquals(listOf("download 1 0", "open 1 4 image/png"), done)
    }

    @Test
    fun `files of a reply are told and can be removed`() {
        val file = DraftFile(9, "Größen.csv", "text/csv", 412_000u)
        val refused = RefusedFile("Foto vom Gerät.png", "attachment.too_large", FileLimit.Bytes(500_000), canBeSmaller = true)
        val files = DraftFilesState(listOf(file), listOf(CopyingFile(3, "צילום מסך.png")), listOf(refused))
        showThread(Samples.thread(reply = ReplyState("Anbei die Größen.", ready = true, files = files)))
        rule.onNodeWithText("Größen.csv", substring = true).assertIsDisplayed()
        rule.onNodeWithText(en["file.copying"]).performScrollTo().assertIsDisplayed()
        rule.onNodeWithContentDescription(en["reply.send"]).assertIsNotEnabled()
        rule.onNodeWithText("Too large: a file can have at most 500 KB.").performScrollTo().assertIsDisplayed()
        rule.onNodeWithText(en["attachment.smaller"]).performScrollTo().performClick()
        rule.onNodeWithContentDescription("Remove צילום מסך.png").performScrollTo().performClick()
        rule.onNodeWithContentDescription("Remove Größen.csv").performScrollTo().performClick()
        rule.onNodeWithContentDescription(en["attachment.add"]).performClick()
        assertEquals(listOf("smaller Foto vom Gerät.png", "stop צילום מסך.png", "detach 9", "attach"), done)
    }

    @Test
    fun `an unsent ticket says that it waits and that its number follows`() {
        val unsent = Samples.ticket(Samples.rows[0], Delivery.Queued)
        val number = Samples.value("number", "Ticket number", ShownValue.Text(en["ticket.unsent_number"]))
        val description = Samples.message(1, "Please check.", description = true, delivery = Delivery.Queued)
        showThread(Samples.thread(unsent, listOf(description), details = Samples.details(number)))
        openDetails(Samples.rows[0].subject)
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
    fun `a saved reply is in the field`() {
        showThread(Samples.thread(reply = ReplyState("Half a sent", revision = 1, ready = true)))
        rule.onNodeWithText("Half a sent").assertIsDisplayed()
    }

    @Test
    fun `a solved ticket says that a reply reopens it`() {
        val solved = Samples.ticket(Samples.rows[5].copy(waiting = 0u, needsUser = false), reopens = true)
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
    fun `a ticket that is no longer visible keeps its number and no subject`() {
        val revoked = Samples.ticket(Samples.rows[6].copy(status = Samples.open), canReply = false)
        showThread(Samples.thread(revoked, emptyList()))
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
        showThread(Samples.thread(), "es-ES", fontScale = 2f)
        scrollTo("where-to-look.png")
        rule.onNodeWithText("where-to-look.png").assertIsDisplayed()
        rule.onNodeWithText("Escribir una respuesta").assertIsDisplayed()
    }

    @Test
    fun `several addresses are typed at once and a wrong one says so`() {
        var state by mutableStateOf(Samples.thread().copy(cc = CcState(Samples.addCc)))
        show { ThreadScreen(state, actions) }
        rule.onNodeWithText("Add email addresses").assertIsDisplayed()
        rule.onNodeWithText(en["new.cc.several"]).assertIsDisplayed()
        rule.onNode(hasText(en["button.add"]) and hasClickAction()).assertIsNotEnabled()
        rule.onNode(hasSetTextAction() and hasAnyAncestor(isDialog())).performTextInput("bücher@reisen.example, kasse@")
        state = state.copy(cc = CcState(Samples.addCc, "bücher@reisen.example, kasse@", failure = "field.cc.malformed"))
        rule.onNodeWithText(en["field.cc.malformed"]).assertIsDisplayed()
        rule.onNode(hasText(en["button.add"]) and hasClickAction()).assertIsEnabled().performClick()
        rule.onNode(hasText(en["button.cancel"]) and hasClickAction()).performClick()
        assertEquals(listOf("cc bücher@reisen.example, kasse@", "save cc", "close cc"), done)
    }

    @Test
    fun `what was written for a ticket that was closed is there to be copied taken along or deleted`() {
        val file = DraftFile(7, "Beleg März.pdf", "application/pdf", 48_213u)
        val reply = ReplyState("Bitte noch die Rechnung für März – תודה", ready = true, files = DraftFilesState(listOf(file)))
        showThread(Samples.thread(Samples.ticket(Samples.rows[7], canReply = false), Samples.messages.take(3), reply))
        rule.onNodeWithText(en["ticket.closed"]).assertIsDisplayed()
        rule.onNodeWithText(en["reply.kept"]).assertIsDisplayed()
        rule.onNodeWithText(reply.text).assertIsDisplayed()
        rule.onNodeWithText("Beleg März.pdf").assertIsDisplayed()
        rule.onNodeWithText(en["button.copy"]).performClick()
        rule.onNodeWithText(en["button.copied"]).assertIsDisplayed()
        rule.onNodeWithText(en["history.create"]).performClick()
        rule.onNodeWithText(en["button.discard"]).performClick()
        rule.onNodeWithText(en["reply.kept.question"]).assertIsDisplayed()
        rule.onNode(hasText(en["button.discard"]) and hasClickAction() and hasAnyAncestor(isDialog())).performClick()
        assertEquals(listOf("follow up", "discard reply"), done)
    }

    @Test
    fun `a closed ticket leads to a new one where the product offers that`() {
        val kept = ReplyState("Noch eine Frage: מתי?", ready = true)
        val details = Samples.mobileDetails.copy(actions = listOf(Samples.followUp))
        showThread(Samples.thread(Samples.ticket(Samples.rows[7], canReply = false), reply = kept, details = details))
        rule.onNodeWithText(en["ticket.closed"]).assertIsDisplayed()
        rule.onAllNodesWithText(en["history.create"]).assertCountEquals(0)
        rule.onNodeWithText("Create a follow-up").assertIsDisplayed().performClick()
        assertEquals(listOf("act follow_up"), done)
    }

    @Test
    fun `why a closed ticket led nowhere is said although nothing was written`() {
        val failed = ReplyState(failure = "error.no_space", ready = true)
        showThread(Samples.thread(Samples.ticket(Samples.rows[7], canReply = false), reply = failed))
        rule.onNodeWithText(en["error.no_space"]).assertIsDisplayed()
    }

    @Test
    fun `a closed ticket for which nothing was written says only that`() {
        showThread(Samples.thread(Samples.ticket(Samples.rows[7], canReply = false)))
        rule.onNodeWithText(en["ticket.closed"]).assertIsDisplayed()
        rule.onAllNodesWithText(en["reply.kept"]).assertCountEquals(0)
    }

    @Test
    fun `a ticket that is no longer visible has no status and nothing to load`() {
        val stuck = Samples.message(1, "Is the refund on its way?", delivery = Delivery.MayHaveBeenSent)
        val revoked = Samples.ticket(Samples.rows[6].copy(status = Samples.unknown, needsUser = true, waiting = 1u), canReply = false)
        showThread(Samples.thread(revoked.copy(threadComplete = false), listOf(stuck)))
        rule.onNodeWithText(en["history.no_longer_visible"]).assertIsDisplayed()
        rule.onNodeWithText(en["history.needs_you"]).assertIsDisplayed()
        rule.onNodeWithText(en["delivery.may_have_been_sent"]).assertIsDisplayed()
        listOf("status.unknown", "status.unknown.explanation", "ticket.not_fetched").forEach {
            rule.onAllNodesWithText(en[it]).assertCountEquals(0)
        }
    }
}
