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
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isDialog
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import dev.pocketdesk.bindings.Obstacle
import dev.pocketdesk.bindings.Unsent
import dev.pocketdesk.kit.account.Connection
import dev.pocketdesk.kit.account.HelpTarget
import dev.pocketdesk.kit.account.SignOutState
import dev.pocketdesk.ui.account.AccountScreen
import dev.pocketdesk.ui.account.SignOutActions
import dev.pocketdesk.ui.account.SupportScreen
import org.junit.Assert.assertEquals
import org.junit.Test

class AccountScreenTest : ScreenTest() {
    private val done = mutableListOf<String>()
    private var state by mutableStateOf<SignOutState>(SignOutState.Idle)
    private val actions =
        SignOutActions(
            ask = { done += "ask" },
            send = { done += "send" },
            leave = { done += "leave $it" },
            cancel = { done += "cancel" },
        )

    private val ada = Person("Ada Lindqvist", "Nordlicht Reisen")

    private fun showAccount(
        signOut: SignOutActions? = actions,
        connection: Connection = Connection(),
    ) = show(connection = connection) {
        AccountScreen(ada, Samples.support, state, onBack = null, signOut) { done += "support" }
    }

    private fun choice(key: String) = rule.onNode(hasText(en[key]) and hasClickAction() and hasAnyAncestor(isDialog()))

    @Test
    fun `signing out says what it would lose and offers every choice`() {
        showAccount()
        rule.onNodeWithText(en["sign_out.title"]).performClick()
        state = SignOutState.Asking(Unsent(messages = 2u, drafts = 1u))
        rule.onNodeWithText(en["sign_out.unsent"]).assertIsDisplayed()
        rule.onNodeWithText("2 not sent yet").assertIsDisplayed()
        rule.onNodeWithText("1 draft").assertIsDisplayed()
        listOf("sign_out.send", "sign_out.keep", "sign_out.discard", "button.cancel").forEach { choice(it).performClick() }
        assertEquals(listOf("ask", "send", "leave KEEP", "leave DISCARD", "cancel"), done)
        state = SignOutState.Asking(Unsent(messages = 2u, drafts = 1u), busy = true)
        listOf("sign_out.send", "sign_out.keep", "sign_out.discard", "button.cancel").forEach { choice(it).assertIsNotEnabled() }
    }

    @Test
    fun `without a network nothing can be sent first and it says why`() {
        showAccount(connection = Connection(Obstacle.NO_NETWORK, waiting = 2, "offline.banner"))
        state = SignOutState.Asking(Unsent(messages = 2u, drafts = 0u))
        choice("sign_out.send").assertIsNotEnabled()
        rule.onNodeWithText("No connection").assertIsDisplayed()
        choice("sign_out.keep").assertIsEnabled()
    }

    @Test
    fun `where only the help desk cannot be reached sending can be tried`() {
        showAccount(connection = Connection(Obstacle.HELP_DESK_UNREACHABLE, waiting = 2, "problem.desk_unreachable"))
        state = SignOutState.Asking(Unsent(messages = 2u, drafts = 0u), failure = "problem.desk_unreachable")
        choice("sign_out.send").performClick()
        assertEquals(listOf("send"), done)
        rule.onAllNodesWithText("No connection").assertCountEquals(0)
    }

    @Test
    fun `drafts are nothing to send and nothing unsent is nothing to ask about`() {
        showAccount()
        state = SignOutState.Asking(Unsent(messages = 0u, drafts = 3u), failure = "error.storage")
        choice("sign_out.keep").assertIsDisplayed()
        rule.onNodeWithText(en["error.storage"]).assertIsDisplayed()
        rule.onAllNodesWithText(en["sign_out.send"]).assertCountEquals(0)
        state = SignOutState.Asking(Unsent(messages = 0u, drafts = 0u))
        rule.onNodeWithText(en["sign_out.question"]).assertIsDisplayed()
        rule.onAllNodesWithText(en["sign_out.keep"]).assertCountEquals(0)
        choice("sign_out.title").performClick()
        assertEquals(listOf("leave DISCARD"), done)
    }

    @Test
    fun `an app that signs out elsewhere offers it nowhere here`() {
        showAccount(signOut = null)
        rule.onAllNodesWithText(en["sign_out.title"]).assertCountEquals(0)
    }

    @Test
    fun `each entry of Help and Support leads where the product says`() {
        val opened = mutableListOf<HelpTarget>()
        show { SupportScreen(Samples.support.copy(waiting = 2), {}, opened::add) }
        rule.onNodeWithText("2 not sent yet").assertIsDisplayed()
        rule.onNodeWithText("Answers may take longer, depending on your location.").assertIsDisplayed()
        Samples.support.entries.forEach { rule.onNodeWithText(it.label).performScrollTo().performClick() }
        assertEquals(Samples.support.entries.map { it.target }, opened)
    }
}
