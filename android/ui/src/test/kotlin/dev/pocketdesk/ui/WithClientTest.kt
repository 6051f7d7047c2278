package dev.pocketdesk.ui

import androidx.compose.material3.Text
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import dev.pocketdesk.bindings.OpenException
import dev.pocketdesk.kit.Pocketdesk
import org.junit.Assert.assertEquals
import org.junit.Test

class WithClientTest : ScreenTest() {
    private var calls = 0
    private var user by mutableStateOf("ada")

    private fun showClient(open: suspend () -> Pocketdesk?) =
        show {
            WithClient(open, en, key = user, signedOut = { Text("Nobody is signed in") }) { Text("There is a client") }
        }

    @Test
    fun `a client that cannot be opened says why and can be tried again`() {
        showClient { if (++calls == 1) throw OpenException.InUse() else null }
        rule.onNodeWithText(en["error.open.in_use"]).assertIsDisplayed()
        rule.onNodeWithText(en["button.retry"]).performClick()
        rule.onNodeWithText("Nobody is signed in").assertIsDisplayed()
        assertEquals(2, calls)
    }

    @Test
    fun `another user opens another client`() {
        showClient {
            calls++
            null
        }
        rule.onNodeWithText("Nobody is signed in").assertIsDisplayed()
        assertEquals(1, calls)
        user = "ben"
        rule.waitForIdle()
        assertEquals(2, calls)
    }
}
