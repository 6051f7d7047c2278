package dev.pocketdesk.ui

import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.input.key.Key
import androidx.compose.ui.platform.ClipboardManager
import androidx.compose.ui.platform.LocalClipboardManager
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.assertCountEquals
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsOff
import androidx.compose.ui.test.assertIsOn
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.isFocused
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performKeyInput
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.performTextInputSelection
import androidx.compose.ui.test.performTextReplacement
import androidx.compose.ui.test.pressKey
import androidx.compose.ui.test.withKeyDown
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.TextRange
import dev.pocketdesk.bindings.FormattedText
import dev.pocketdesk.bindings.TextFormat
import dev.pocketdesk.bindings.TextPlace
import dev.pocketdesk.kit.thread.ReplyState
import dev.pocketdesk.ui.thread.LocalCopiedPage
import dev.pocketdesk.ui.thread.ThreadScreen
import org.junit.Assert.assertEquals
import org.junit.Test

@OptIn(ExperimentalTestApi::class)
class ReplyEditorTest : ScreenTest() {
    private var written = FormattedText("")

    private fun showReply(reply: ReplyState = ReplyState(ready = true)) =
        show(stringsOf("en-GB")) { ThreadScreen(Samples.thread(reply = reply), recordedActions(reply = { written = it })) }

    private fun field() = rule.onNodeWithContentDescription(en["reply.write"])

    private fun tap(key: String) = rule.onNodeWithContentDescription(en[key]).performClick()

    private fun bold(
        from: Int,
        to: Int,
    ) = TextFormat(TextPlace(from.toUInt(), to.toUInt()), bold = true, italic = false, link = null)

    @Test
    fun `what is typed after a tap on Bold is bold and the buttons say so`() {
        showReply()
        rule.onAllNodes(hasSetTextAction()).assertCountEquals(1)
        field().performTextInput("Bitte ")
        tap("format.bold")
        rule.onNodeWithContentDescription(en["format.bold"]).assertIsOn()
        field().performTextInput("heute 🙏")
        assertEquals(FormattedText("Bitte heute 🙏", listOf(bold(6, 14))), written)
        tap("format.bold")
        field().performTextInput(", danke")
        rule.onNodeWithContentDescription(en["format.bold"]).assertIsOff()
        assertEquals(listOf(bold(6, 14)), written.formats)
    }

    @Test
    fun `half an emoji that a keyboard sends does not end the app`() {
        showReply()
        field().performTextInput("Danke \uD83D")
        field().performTextInput("!")
        assertEquals("Danke \uFFFD!", written.text)
    }

    @Test
    fun `the buttons are there while the user writes and leave the cursor in the field`() {
        showReply()
        rule.onNodeWithContentDescription(en["format.bold"]).assertDoesNotExist()
        field().performClick()
        tap("format.italic")
        rule.onNode(isFocused() and hasSetTextAction()).assertIsDisplayed()
    }

    @Test
    fun `a selection is changed with the shortcuts of a keyboard`() {
        showReply(ReplyState("Bitte heute", revision = 1, ready = true))
        field().performClick()
        field().performTextInputSelection(TextRange(6, 11))
        field().performKeyInput { withKeyDown(Key.CtrlLeft) { pressKey(Key.B) } }
        assertEquals(FormattedText("Bitte heute", listOf(bold(6, 11))), written)
        field().performKeyInput { withKeyDown(Key.MetaLeft) { pressKey(Key.B) } }
        assertEquals(FormattedText("Bitte heute"), written)
    }

    @Test
    fun `a list goes on with the next line and ends with an empty one`() {
        showReply()
        field().performTextInput("März")
        tap("format.numbers")
        rule.onNodeWithContentDescription(en["format.numbers"]).assertIsOn()
        field().performTextInput("\n")
        field().performTextInput("April")
        assertEquals("1. März\n2. April", written.text)
        field().performTextInput("\n")
        field().performTextInput("\n")
        field().performTextInput("Danke!")
        assertEquals("1. März\n2. April\nDanke!", written.text)
    }

    @Test
    fun `a link asks for its address and says when nothing can lead there`() {
        showReply(ReplyState("Siehe hier", revision = 1, ready = true))
        field().performClick()
        field().performTextInputSelection(TextRange(6, 10))
        tap("format.link")
        val address = rule.onNodeWithContentDescription(en["format.link.address"])
        address.performTextInput("javascript:alert(1)")
        rule.onNodeWithText(en["format.link.set"]).performClick()
        rule.onNodeWithText(en["format.link.wrong"]).assertIsDisplayed()
        address.performTextReplacement("desk.example/hilfe")
        rule.onNodeWithText(en["format.link.set"]).performClick()
        assertEquals("https://desk.example/hilfe", written.formats.single().link)
        tap("format.link")
        rule.onNodeWithText(en["format.link.remove"]).performClick()
        assertEquals(FormattedText("Siehe hier"), written)
    }

    @Test
    fun `a kept reply has its formats and keeps them while the user types on`() {
        showReply(ReplyState("Bitte heute", revision = 1, ready = true, formats = listOf(bold(6, 11))))
        field().performTextInputSelection(TextRange(0))
        field().performTextInput("Hallo, ")
        assertEquals(FormattedText("Hallo, Bitte heute", listOf(bold(13, 18))), written)
    }

    /** A clipboard with a text and, perhaps, the page that it was copied from. */
    private class Copied(
        private val text: String,
        val page: String?,
    ) : ClipboardManager {
        override fun getText() = AnnotatedString(text)

        override fun setText(annotatedString: AnnotatedString) = error("nothing is copied here")
    }

    private fun showReply(
        copied: Copied,
        reply: ReplyState,
    ) = show(stringsOf("en-GB")) {
        val page: (ClipboardManager) -> String? = { copied.page }
        CompositionLocalProvider(LocalClipboardManager provides copied, LocalCopiedPage provides page) {
            ThreadScreen(Samples.thread(reply = reply), recordedActions(reply = { written = it }))
        }
    }

    private fun paste() = field().performKeyInput { withKeyDown(Key.CtrlLeft) { pressKey(Key.V) } }

    @Test
    fun `what is pasted from a page keeps what a reply can have`() {
        val page =
            "<style>b { color: red }</style><p>Siehe <b>Rechnung</b></p><ul><li>März<li><img src=x onerror=alert(1)>April</ul>" +
                "<a href=\"javascript:alert(1)\">hier</a>"
        showReply(Copied("Siehe Rechnung\nMärz\nApril\nhier", page), ReplyState("Alt", revision = 1, ready = true))
        field().performClick()
        field().performTextInputSelection(TextRange(0, 3))
        paste()
        assertEquals(FormattedText("Siehe Rechnung\n\n- März\n- April\n\nhier", listOf(bold(6, 14))), written)
        field().performTextInput("!")
        assertEquals("Siehe Rechnung\n\n- März\n- April\n\nhier!", written.text)
    }

    @Test
    fun `plain text is pasted as it is`() {
        showReply(Copied("5 < 6 & <b>", page = null), ReplyState(ready = true))
        field().performClick()
        paste()
        assertEquals(FormattedText("5 < 6 & <b>"), written)
    }
}
