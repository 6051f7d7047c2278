package dev.pocketdesk.embedding

import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.createAndroidComposeRule
import androidx.compose.ui.test.performClick
import androidx.test.core.app.ApplicationProvider
import androidx.test.ext.junit.runners.AndroidJUnit4
import dev.pocketdesk.kit.Strings
import org.junit.After
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.annotation.Config

/** Runs README's sample. Its server does not exist, which is what the screens say. */
@RunWith(AndroidJUnit4::class)
@Config(application = ShopApplication::class)
class EmbeddingSampleTest {
    @get:Rule
    val rule = createAndroidComposeRule<SupportActivity>()

    private val strings = Strings.of("de")

    @After
    fun close() {
        ApplicationProvider.getApplicationContext<ShopApplication>().support.close()
    }

    private fun await(text: String) {
        rule.waitUntil("“$text”", PATIENCE) { rule.onAllNodes(hasText(text)).fetchSemanticsNodes().isNotEmpty() }
    }

    @Test
    fun `the sample opens the client and finds its screen again after a configuration change`() {
        await(strings["entry.new_ticket"])
        rule.onNode(hasText(strings["entry.new_ticket"]) and hasClickAction()).performClick()
        await(strings["history.title"])
        rule.activityRule.scenario.recreate()
        await(strings["history.title"])
        rule.activityRule.scenario.onActivity { it.onBackPressedDispatcher.onBackPressed() }
        await(strings["support.title"])
    }

    @Test
    fun `a push message about a ticket is taken and another one is left to the app`() {
        val application = ApplicationProvider.getApplicationContext<ShopApplication>()
        assertFalse(application.receivePush(mapOf("order" to "4711")))
        assertTrue(application.receivePush(mapOf("pocketdesk_ticket" to "120337")))
    }

    private companion object {
        const val PATIENCE = 30_000L
    }
}
