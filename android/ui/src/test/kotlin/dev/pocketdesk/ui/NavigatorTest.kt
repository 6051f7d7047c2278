package dev.pocketdesk.ui

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.LocalSaveableStateRegistry
import androidx.compose.runtime.saveable.SaveableStateRegistry
import androidx.compose.runtime.saveable.rememberSaveableStateHolder
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.junit4.createComposeRule
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performScrollToIndex
import androidx.compose.ui.unit.dp
import dev.pocketdesk.kit.thread.FindRequest
import kotlinx.coroutines.Dispatchers
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test

/** The back stack over the end of the process. */
class NavigatorTest {
    @get:Rule
    val rule = createComposeRule()

    private val context = Dispatchers.Unconfined

    @Test
    fun `a screen that comes back is the same one and a new one is another`() {
        val navigator = Navigator(listOf(Screen.Account, Screen.Support), context)
        navigator.open(Screen.Thread(7))
        navigator.back()
        navigator.open(Screen.History)
        navigator.open(Screen.Thread(9))
        val ids = navigator.entries.entries.map { (id) -> id }

        val restored = Navigator.restore(navigator.saved, context)
        assertEquals(navigator.screens, restored.screens)
        assertEquals(ids, restored.entries.entries.map { (id) -> id })
        restored.open(Screen.NewTicket())
        assertTrue("its id was never given before", restored.top.id > ids.max())
    }

    @Test
    fun `a ticket that was opened from a search looks for the same text after the end of the process`() {
        val texts = listOf("Währung 💱 / 合同?", "100 %", "a+b \"c\"")
        val screens = texts.mapIndexed { at, text -> Screen.Thread(7, FindRequest(text, 12L.takeIf { at == 0 })) }
        screens.forEach { assertEquals(it, Screen.of(it.path)) }
        assertEquals(Screen.Thread(7), Screen.of("thread/7"))
        assertEquals("a text that cannot be read costs the text", Screen.Thread(7), Screen.of("thread/7/0/%zz"))
        assertEquals(null, Screen.of("thread/seven/0/a"))
    }

    @Test
    fun `in a wide window a ticket stands beside its history and another one takes its place`() {
        val navigator = Navigator(listOf(Screen.Support, Screen.History), context)
        val history = navigator.top
        assertEquals(Panes(null, history), navigator.panes(wide = true))
        navigator.open(Screen.Thread(7), history)
        val first = navigator.top
        assertEquals(Panes(history, first), navigator.panes(wide = true))
        assertEquals("a narrow window shows one screen", Panes(null, first), navigator.panes(wide = false))

        navigator.open(Screen.Thread(7), history)
        assertEquals("the same ticket stays as it is", first, navigator.top)
        navigator.open(Screen.Thread(9), history)
        assertEquals(listOf(Screen.Support, Screen.History, Screen.Thread(9)), navigator.screens)
        assertEquals(9L, navigator.panes(wide = true).ticket)

        navigator.open(Screen.EditTicket(9))
        assertEquals("a form takes the whole window", null, navigator.panes(wide = true).beside)
        navigator.back()
        assertTrue(navigator.back(history))
        assertEquals("back in the history leaves it, with the ticket beside it", listOf<Screen>(Screen.Support), navigator.screens)
        // Taps on a screen that is on its way out.
        assertTrue(navigator.back(history))
        navigator.open(Screen.Thread(7), history)
        assertEquals(listOf<Screen>(Screen.Support), navigator.screens)
    }

    @Test
    fun `on the first screen back closes a search and then leaves it to the app`() {
        val navigator = Navigator(listOf(Screen.History), context)
        assertFalse(navigator.canGoBack || navigator.back())
        var search by mutableStateOf(true)
        navigator.top.holdsBack = true
        navigator.top.staysOnBack = {
            search.also {
                search = false
                navigator.top.holdsBack = false
            }
        }
        assertTrue("the app's gesture has to be passed on", navigator.canGoBack)
        assertTrue(navigator.back())
        assertFalse(search || navigator.canGoBack || navigator.back())
    }

    @Test
    fun `a ticket that was opened from elsewhere stands alone`() {
        val navigator = Navigator(listOf(Screen.Support, Screen.Thread(7)), context)
        assertEquals(null, navigator.panes(wide = true).beside)
    }

    @Test
    fun `a form comes back with the text that an entry brought`() {
        val form = Screen.NewTicket("Termin: 50% größer / später?\nDanke 🙏")
        val navigator = Navigator(listOf(Screen.Support, form), context)
        assertEquals(listOf(Screen.Support, form), Navigator.restore(navigator.saved, context).screens)
        assertEquals(form, Screen.of(form.path))
        assertEquals(Screen.NewTicket(), Screen.of("new"))
        for (screen in listOf(Screen.Articles, Screen.ArticleSection(3), Screen.Article(7))) assertEquals(screen, Screen.of(screen.path))
        assertEquals(null, Screen.of("new/%zz"))
    }

    @Test
    fun `what cannot be read is left out`() {
        assertEquals(listOf(Screen.Account), Navigator.restore(emptyList(), context).screens)
        assertEquals(listOf(Screen.Account), Navigator.restore(listOf("", "7", "x thread/1", "3 nowhere"), context).screens)
        assertEquals(listOf(Screen.History), Navigator.restore(listOf("5 history", "6 thread/zwei"), context).screens)
    }

    @Test
    fun `after the end of the process each screen is where it was`() {
        var current by mutableStateOf<Navigator?>(null)
        var process by mutableStateOf<SaveableStateRegistry?>(SaveableStateRegistry(null) { true })
        rule.setContent {
            val registry = process ?: return@setContent
            CompositionLocalProvider(LocalSaveableStateRegistry provides registry) {
                val navigator = rememberNavigator(Screen.History)
                current = navigator
                rememberSaveableStateHolder().SaveableStateProvider(navigator.top.id) { Numbers(navigator.top.screen.path) }
            }
        }

        fun navigate(step: (Navigator) -> Unit) {
            rule.runOnIdle { step(checkNotNull(current)) }
            rule.waitForIdle()
        }
        navigate { it.open(Screen.Thread(1)) }
        navigate { it.back() }
        rule.onNodeWithTag("history").performScrollToIndex(150)
        navigate { it.open(Screen.Thread(2)) }
        rule.onNodeWithTag("thread/2").performScrollToIndex(80)
        val saved = rule.runOnIdle { checkNotNull(process).performSave().also { process = null } }
        rule.waitForIdle()
        process = SaveableStateRegistry(saved) { true }
        rule.waitForIdle()
        rule.onNodeWithText("thread/2 80").assertIsDisplayed()
        navigate { it.back() }
        rule.onNodeWithText("history 150").assertIsDisplayed()
        navigate { it.open(Screen.Thread(3)) }
        rule.onNodeWithText("thread/3 0").assertIsDisplayed()
    }

    /** A list that keeps its place, as those of the screens do. */
    @Composable
    private fun Numbers(name: String) {
        Box(Modifier.requiredSize(200.dp, 300.dp)) {
            LazyColumn(Modifier.testTag(name)) { items(200) { Text("$name $it") } }
        }
    }
}
