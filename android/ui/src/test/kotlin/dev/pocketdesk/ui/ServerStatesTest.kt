package dev.pocketdesk.ui

import androidx.compose.runtime.Composable
import androidx.compose.ui.test.assertCountEquals
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.hasAnyAncestor
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isDialog
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performScrollToNode
import dev.pocketdesk.bindings.Attachment
import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.bindings.FileState
import dev.pocketdesk.bindings.Message
import dev.pocketdesk.bindings.Obstacle
import dev.pocketdesk.bindings.Reason
import dev.pocketdesk.bindings.ReasonKind
import dev.pocketdesk.bindings.RefreshProblem
import dev.pocketdesk.bindings.Ticket
import dev.pocketdesk.kit.account.Connection
import dev.pocketdesk.kit.account.SignOutState
import dev.pocketdesk.ui.account.AccountScreen
import dev.pocketdesk.ui.account.SupportScreen
import dev.pocketdesk.ui.create.NewTicketScreen
import dev.pocketdesk.ui.thread.ThreadScreen
import org.junit.Assert.assertEquals
import org.junit.Test

/** What a user is told about a server that does not do what was hoped for. */
class ServerStatesTest : ScreenTest() {
    private val done = mutableListOf<String>()
    private val actions = recordedActions(done)

    private fun showThread(
        ticket: Ticket = Samples.ticket(),
        messages: List<Message> = Samples.messages.take(2),
        language: String = "en-GB",
    ) = show(stringsOf(language)) { ThreadScreen(Samples.thread(ticket, messages), actions) }

    private fun tap(text: String) =
        rule
            .onAllNodes(hasText(text) and hasClickAction())
            .onFirst()
            .performScrollTo()
            .performClick()

    private fun scrollTo(text: String) = rule.onNodeWithTag("thread").performScrollToNode(hasText(text, substring = true))

    @Test
    fun `a thread that could not be refreshed says so keeps what is shown and can be asked for again`() {
        showThread(Samples.ticket().copy(refreshProblem = RefreshProblem(nextAttempt = 0)))
        rule.onNodeWithText("This ticket could not be refreshed. What is shown may be old.").assertIsDisplayed()
        rule.onNodeWithText("Try again").performClick()
        assertEquals(listOf("retry thread"), done)
        scrollTo("thank you for the details")
        rule.onNodeWithText("thank you for the details", substring = true).assertIsDisplayed()
    }

    @Test
    fun `a thread that was refreshed says nothing about it`() {
        showThread()
        rule.onAllNodesWithText(en["ticket.refresh_failed"]).assertCountEquals(0)
        rule.onAllNodesWithText("could not be read", substring = true).assertCountEquals(0)
    }

    @Test
    fun `messages that could not be read are counted`() {
        showThread(Samples.ticket().copy(leftOut = 3u))
        scrollTo("3 messages could not be read.")
    }

    @Test
    fun `one message that could not be read is one in German too`() {
        showThread(Samples.ticket().copy(leftOut = 1u), language = "de-DE")
        scrollTo("1 Nachricht konnte nicht gelesen werden.")
    }

    @Test
    fun `a message that is shown in part says so`() {
        showThread(messages = listOf(Samples.message(1, "Wed Nov 25 10:15:02 GET /pixel 200", mine = false, shortened = true)))
        scrollTo(en["message.shortened"])
    }

    @Test
    fun `a message that the help desk does not show can be written again or removed`() {
        showThread(messages = listOf(Samples.message(1, "Mein Passwort ist …", delivery = Delivery.NotShown)))
        scrollTo("The help desk has your message but does not show it.")
        listOf("Discard", "Edit", "Try again", "Not sent").forEach { rule.onAllNodesWithText(it).assertCountEquals(0) }
        tap("Use text in a new reply")
        tap("Remove")
        rule.onNodeWithText(en["button.remove.question"]).assertIsDisplayed()
        assertEquals(listOf("discard 1"), done)
        rule.onNode(hasText("Remove") and hasClickAction() and hasAnyAncestor(isDialog())).performClick()
        assertEquals(listOf("discard 1", "remove 1"), done)
    }

    @Test
    fun `a refused message has the server's words and every way on`() {
        val refused = Delivery.NeedsUser(Reason(ReasonKind.REFUSED, "Comment: is too long (maximum is 65,536 characters)"))
        showThread(messages = listOf(Samples.message(1, "Wed Nov 25 10:15:02", delivery = refused)))
        scrollTo(en["reason.refused"])
        scrollTo("Comment: is too long (maximum is 65,536 characters)")
        tap("Try again")
        tap("Edit")
        tap("Discard")
        rule.onNode(hasText("Discard") and hasClickAction() and hasAnyAncestor(isDialog())).performClick()
        assertEquals(listOf("retry 1", "edit 1", "discard 1"), done)
    }

    @Test
    fun `a file that the server does not take says it itself and its neighbour waits`() {
        val log = Attachment("Protokoll März.txt", "text/plain", 48_000_000u, FileState.Waiting, ReasonKind.ATTACHMENT_TOO_LARGE)
        val picture = Attachment("checkout.png", "image/png", 184_320u, FileState.Waiting)
        val refused = Delivery.NeedsUser(Reason(ReasonKind.ATTACHMENT_TOO_LARGE, null))
        showThread(messages = listOf(Samples.message(1, "siehe Anhang", delivery = refused, attachments = listOf(log, picture))))
        scrollTo("The help desk does not accept a file of this size.")
        rule.onAllNodesWithText("The help desk does not accept a file of this size.").assertCountEquals(1)
        rule.onAllNodesWithText(en["file.waiting"]).assertCountEquals(1)
        rule.onAllNodesWithText(en["reason.attachment_too_large"]).assertCountEquals(0)
        rule.onNodeWithText("Not sent").assertIsDisplayed()
    }

    @Test
    fun `a file of a type that the server does not take says so`() {
        val file = Attachment("tracking.har", "application/json", 12_000u, FileState.Waiting, ReasonKind.ATTACHMENT_TYPE)
        val refused = Delivery.NeedsUser(Reason(ReasonKind.ATTACHMENT_TYPE, null))
        showThread(messages = listOf(Samples.message(1, "siehe Anhang", delivery = refused, attachments = listOf(file))))
        scrollTo("The help desk does not accept a file of this type.")
    }

    @Test
    fun `a reason that no file can say stands at the message`() {
        val files = listOf("eins.csv", "zwei.csv").map { Attachment(it, "text/csv", 12_000u, FileState.Waiting) }
        val refused = Delivery.NeedsUser(Reason(ReasonKind.ATTACHMENT_TOO_LARGE, null))
        showThread(messages = listOf(Samples.message(1, "siehe Anhang", delivery = refused, attachments = files)))
        scrollTo(en["reason.attachment_too_large"])
    }

    /** A screen on which people read or write. */
    @Composable
    private fun Shown(screen: String) =
        when (screen) {
            "account" -> AccountScreen(Person("Ada Lindqvist"), Samples.support, SignOutState.Idle, {}, null) {}
            "support" -> SupportScreen(Samples.support, {}, onOpen = {})
            "thread" -> ThreadScreen(Samples.thread(), actions)
            else -> NewTicketScreen(Samples.editing(), Samples.product, form)
        }

    private val form = recordedForm()

    private fun assertStripOn(screen: String) {
        show(connection = Connection(Obstacle.NO_NETWORK, waiting = 2, "offline.banner")) { Shown(screen) }
        rule.onNodeWithText("You are offline", substring = true).assertIsDisplayed()
        rule.onAllNodesWithText(en["problem.desk_unreachable"]).assertCountEquals(0)
    }

    @Test
    fun `the account says that there is no network`() = assertStripOn("account")

    @Test
    fun `help and support says that there is no network`() = assertStripOn("support")

    @Test
    fun `a thread says that there is no network`() = assertStripOn("thread")

    @Test
    fun `the form says that there is no network`() = assertStripOn("new ticket")

    @Test
    fun `a help desk that cannot be reached is not the device's network`() {
        show(connection = Connection(Obstacle.HELP_DESK_UNREACHABLE, obstacleKey = "problem.desk_unreachable")) { Shown("thread") }
        rule.onNodeWithText("The help desk cannot be reached", substring = true).assertIsDisplayed()
        rule.onAllNodesWithText(en["offline.banner"]).assertCountEquals(0)
        rule.onNode(hasSetTextAction()).assertIsDisplayed()
    }

    @Test
    fun `while nothing stands in the way there is no strip`() {
        show(connection = Connection(waiting = 2)) { Shown("thread") }
        listOf("offline.banner", "problem.desk_unreachable").forEach { rule.onAllNodesWithText(en[it]).assertCountEquals(0) }
    }
}
