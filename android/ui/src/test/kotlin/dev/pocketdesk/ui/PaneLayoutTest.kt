package dev.pocketdesk.ui

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableIntStateOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.LocalSaveableStateRegistry
import androidx.compose.runtime.saveable.SaveableStateRegistry
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.junit4.createComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.unit.dp
import kotlinx.coroutines.Dispatchers
import org.junit.Rule
import org.junit.Test

/** A ticket beside its history, while the width of the window changes. */
class PaneLayoutTest {
    @get:Rule
    val rule = createComposeRule()

    private var navigator by mutableStateOf(start())

    private fun start() = Navigator(listOf(Screen.Support, Screen.History, Screen.Thread(7)), Dispatchers.Unconfined)

    private var width by mutableStateOf(600)

    @Composable
    private fun Counted(entry: Navigator.Entry) {
        var taps by rememberSaveable { mutableIntStateOf(0) }
        Text("${entry.screen.path}: $taps", Modifier.clickable { taps++ })
    }

    private fun show() =
        rule.setContent {
            Box(Modifier.requiredSize(width.dp, 400.dp)) { PaneLayout(navigator) { entry, _ -> Counted(entry) } }
        }

    @Test
    fun `a window that becomes wide and narrow again loses nothing of what its screens have saved`() {
        show()
        rule.onNodeWithText("history: 0").assertDoesNotExist()
        rule.onNodeWithText("thread/7: 0").performClick()
        width = 1000
        rule.onNodeWithText("thread/7: 1").assertIsDisplayed().performClick()
        rule.onNodeWithText("history: 0").assertIsDisplayed().performClick()
        width = 600
        rule.onNodeWithText("thread/7: 2").assertIsDisplayed()
        rule.onNodeWithText("history: 1").assertDoesNotExist()
        width = 1000
        rule.onNodeWithText("history: 1").assertIsDisplayed()
    }

    @Test
    fun `a window that is made anew in another width finds what its screens had saved`() {
        var registry by mutableStateOf<SaveableStateRegistry?>(SaveableStateRegistry(null) { true })
        rule.setContent {
            registry?.let {
                CompositionLocalProvider(LocalSaveableStateRegistry provides it) {
                    Box(Modifier.requiredSize(width.dp, 400.dp)) { PaneLayout(navigator) { entry, _ -> Counted(entry) } }
                }
            }
        }
        rule.onNodeWithText("thread/7: 0").performClick()
        rule.onNodeWithText("thread/7: 1").assertIsDisplayed()
        // A tablet is rotated: its activity ends, and is made anew in the other width.
        val saved = rule.runOnIdle { registry?.performSave().also { registry = null } }
        rule.onNodeWithText("thread/7: 1").assertDoesNotExist()
        rule.runOnIdle {
            width = 1000
            registry = SaveableStateRegistry(saved) { true }
        }
        rule.onNodeWithText("thread/7: 1").assertIsDisplayed()
        rule.onNodeWithText("history: 0").assertIsDisplayed()
    }

    @Test
    fun `the history stays as it is when another ticket opens beside it and when that is closed`() {
        width = 1000
        show()
        rule.onNodeWithText("history: 0").performClick()
        rule.runOnIdle { navigator.open(Screen.Thread(9)) }
        rule.onNodeWithText("thread/9: 0").assertIsDisplayed()
        rule.runOnIdle {
            navigator.back()
            navigator.back()
        }
        rule.onNodeWithText("history: 1").assertIsDisplayed()
        rule.onNodeWithText("thread/7: 0").assertDoesNotExist()
    }

    @Test
    fun `an app that shows another back stack sees its screens`() {
        show()
        rule.onNodeWithText("thread/7: 0").performClick()
        rule.runOnIdle { navigator = Navigator.restore(navigator.saved.dropLast(1), Dispatchers.Unconfined) }
        rule.onNodeWithText("history: 0").assertIsDisplayed().performClick()
        rule.onNodeWithText("thread/7: 1").assertDoesNotExist()
        rule.runOnIdle { navigator.open(Screen.Thread(9)) }
        rule.onNodeWithText("thread/9: 0").assertIsDisplayed()
        rule.runOnIdle { navigator.back() }
        rule.onNodeWithText("history: 1").assertIsDisplayed()
    }
}
