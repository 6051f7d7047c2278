package dev.pocketdesk.ui

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.input.key.Key
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.SemanticsNodeInteraction
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsEnabled
import androidx.compose.ui.test.assertIsFocused
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performKeyInput
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.pressKey
import androidx.compose.ui.test.requestFocus
import androidx.compose.ui.test.withKeyDown
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.BlockKind
import dev.pocketdesk.bindings.BodyBlock
import dev.pocketdesk.bindings.ListMarker
import dev.pocketdesk.bindings.Message
import dev.pocketdesk.bindings.MessageBody
import dev.pocketdesk.bindings.MessageHit
import dev.pocketdesk.bindings.Segment
import dev.pocketdesk.bindings.TextSpan
import dev.pocketdesk.bindings.UnreadMessages
import dev.pocketdesk.kit.thread.FindState
import dev.pocketdesk.kit.thread.ThreadState
import dev.pocketdesk.ui.thread.FindActions
import dev.pocketdesk.ui.thread.ThreadScreen
import dev.pocketdesk.ui.thread.placesIn
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

/** Finding a text in a thread, on a phone of 360 × 640 dp. */
@OptIn(ExperimentalTestApi::class)
class FindTest : ScreenTest() {
    private val done = mutableListOf<String>()
    private var state by mutableStateOf<ThreadState>(ThreadState.Loading)
    private val actions =
        recordedActions(
            done,
            find = FindActions({ done += "find $it" }, { done += "next" }, { done += "previous" }, { done += "close" }),
        )

    private fun showThread(
        messages: List<Message>,
        find: FindState?,
        unread: UnreadMessages? = null,
        width: Int = 360,
        fontScale: Float = 1f,
    ) {
        state = Samples.thread(messages = messages, unread = unread).copy(find = find)
        show(fontScale = fontScale) { Box(Modifier.requiredSize(width.dp, 640.dp)) { ThreadScreen(state, actions) } }
    }

    private fun set(find: FindState?) {
        state = (state as ThreadState.Shown).copy(find = find)
        rule.waitForIdle()
    }

    /** What the core finds: each place of [text] in a message. */
    private fun hit(
        message: Message,
        text: String,
    ): MessageHit {
        val parts = message.body.split(text)
        val segments = parts.flatMapIndexed { at, part -> listOfNotNull(Segment(text, true).takeIf { at > 0 }, Segment(part, false)) }
        return MessageHit(message.id, segments.filter { it.text.isNotEmpty() })
    }

    private fun found(
        messages: List<Message>,
        text: String,
        index: Int = 0,
        steps: Int = 0,
    ): FindState {
        val hits = messages.filter { text in it.body }.map { hit(it, text) }
        return FindState(text, hits, index.takeIf { hits.isNotEmpty() }, steps, isReady = true)
    }

    private fun message(number: Int) = rule.onNode(hasText("Message $number:", substring = true))

    private val field = hasContentDescription("Find in this ticket") and hasSetTextAction()

    /** Where a part of a text is on the screen. */
    private fun SemanticsNodeInteraction.placeOf(part: String): Rect {
        val node = fetchSemanticsNode()
        val layouts = mutableListOf<TextLayoutResult>()
        node.config[SemanticsActions.GetTextLayoutResult].action?.invoke(layouts)
        val at =
            node.config[SemanticsProperties.Text]
                .first()
                .text
                .indexOf(part)
        return layouts.single().getBoundingBox(at).translate(node.positionInRoot)
    }

    @Test
    fun `the menu of a thread opens the field and it takes the keyboard`() {
        showThread(Samples.longThread(3), find = null)
        rule.onNodeWithContentDescription("More about this ticket").performClick()
        rule.onNodeWithText("Find in this ticket").performClick()
        assertEquals(listOf("find "), done)
        set(FindState())
        rule.onNode(field).assertIsFocused().performTextInput("Grüße 🙏")
        assertEquals("find Grüße 🙏", done.last())
        rule.onNodeWithContentDescription("Next message with it").assertIsNotEnabled()
    }

    @Test
    fun `the thread goes to each message that has the text and says which it is`() {
        val messages = Samples.longThread(30).map { if (it.id % 10 == 2L) it.with("Message ${it.id}: die Überweisung fehlt") else it }
        showThread(messages, found(messages, "Überweisung"))
        message(2).assertIsDisplayed()
        val polite = SemanticsMatcher.expectValue(SemanticsProperties.LiveRegion, LiveRegionMode.Polite)
        rule.onNode(hasText("1 of 3") and polite).assertIsDisplayed()
        rule.onNodeWithContentDescription("Next message with it").assertIsEnabled().performClick()
        set(found(messages, "Überweisung", index = 1, steps = 1))
        message(12).assertIsDisplayed()
        set(found(messages, "Überweisung", index = 2, steps = 2))
        message(22).assertIsDisplayed()
        rule.onNodeWithContentDescription("Previous message with it").performClick()
        rule.onNodeWithContentDescription("Close the search").performClick()
        assertEquals(listOf("next", "previous", "close"), done)
    }

    private fun Message.with(text: String) = copy(body = text, content = Samples.plain(text))

    @Test
    fun `one who scrolled away returns with the next step although there is one message only`() {
        val messages = Samples.longThread(30).map { if (it.id == 4L) it.with("Message 4: Gutschein") else it }
        showThread(messages, found(messages, "Gutschein"))
        message(4).assertIsDisplayed()
        rule.onNodeWithContentDescription("Go to the latest message").performClick()
        message(30).assertIsDisplayed()
        set(found(messages, "Gutschein", steps = 1))
        message(4).assertIsDisplayed()
    }

    @Test
    fun `a thread that has something new opens at what was found`() {
        val messages = Samples.longThread(30).map { if (it.id == 3L) it.with("Message 3: Gutschein") else it }
        showThread(messages, found(messages, "Gutschein"), UnreadMessages(first = 20, count = 6u))
        message(3).assertIsDisplayed()
    }

    @Test
    fun `in a long message the place itself comes into view`() {
        val long =
            "Message 2: " + "Zeile für Zeile ein Protokoll.\n".repeat(80) + "Hier steht der Gutschein.\n" + "Und weiter.\n".repeat(40)
        val messages = Samples.longThread(12).map { if (it.id == 2L) it.with(long) else it }
        showThread(messages, found(messages, "Gutschein"))
        val place = message(2).placeOf("Gutschein")
        val thread = rule.onNodeWithTag("thread").fetchSemanticsNode().boundsInRoot
        assertTrue("$place in $thread", place.top >= thread.top && place.bottom <= thread.bottom)
    }

    @Test
    fun `what is found in the quoted part unfolds it`() {
        val content =
            MessageBody(
                listOf("Danke!", "Am 3. März schrieb Ada:", "Der Gutschein gilt nicht.").map {
                    BodyBlock(BlockKind.Paragraph, listOf(TextSpan(it)))
                },
                historyFrom = 1u,
            )
        val body = "Danke!\n\nAm 3. März schrieb Ada:\n\n> Der Gutschein gilt nicht."
        val messages = Samples.longThread(3) + Samples.message(4, body, mine = false, content = content)
        showThread(messages, find = null)
        rule.onNode(hasText("Der Gutschein gilt nicht.")).assertDoesNotExist()
        set(found(messages, "Gutschein"))
        rule.onNode(hasText("Der Gutschein gilt nicht.")).assertIsDisplayed()
        rule.onNodeWithText("Hide quoted messages").assertIsDisplayed()
    }

    @Test
    fun `the message that one looks at is marked more strongly than the others`() {
        val messages = listOf(1L, 2L).map { Samples.message(it, "Message $it: Gutschein, Gutschein", mine = it == 1L) }
        showThread(messages, found(messages, "Gutschein", index = 1))
        val grounds =
            listOf(1, 2).map { number ->
                val text = message(number).fetchSemanticsNode().config[SemanticsProperties.Text].first()
                assertEquals(
                    listOf("Gutschein", "Gutschein"),
                    text.spanStyles
                        .filter {
                            it.item.fontWeight != null
                        }.map { text.substring(it.start, it.end) },
                )
                text.spanStyles
                    .first { it.item.fontWeight != null }
                    .item.background
            }
        assertEquals(2, grounds.toSet().size)
    }

    @Test
    fun `a text that the thread does not have is said and nothing leads on`() {
        showThread(Samples.longThread(3), found(Samples.longThread(3), "Gutschein"))
        rule.onNodeWithText("Not in this ticket").assertIsDisplayed()
        rule.onNodeWithContentDescription("Previous message with it").assertIsNotEnabled()
    }

    @Test
    fun `a keyboard goes on with Enter back with Shift and closes with Escape`() {
        showThread(Samples.longThread(3), found(Samples.longThread(3), "export"))
        rule.onNode(field).requestFocus().performKeyInput {
            pressKey(Key.Enter)
            withKeyDown(Key.ShiftLeft) { pressKey(Key.Enter) }
            pressKey(Key.Escape)
        }
        assertEquals(listOf("next", "previous", "close"), done)
    }

    @Test
    fun `where the product has no search the menu does not offer it`() {
        state = Samples.thread()
        show { ThreadScreen(state, recordedActions()) }
        rule.onNodeWithContentDescription("More about this ticket").performClick()
        rule.onNodeWithText("Find in this ticket").assertDoesNotExist()
    }

    @Test
    fun `on a small phone with doubled letters the field and the way to the next message are there`() {
        val messages = Samples.longThread(30)
        showThread(messages, found(messages, "export", index = 11), width = 320, fontScale = 2f)
        rule.onNode(field).assertIsDisplayed()
        rule.onNodeWithText("12 of 30").assertIsDisplayed()
        listOf("Next message with it", "Previous message with it", "Close the search", "Clear the search").forEach {
            rule.onNodeWithContentDescription(it).assertIsDisplayed()
        }
        message(12).assertIsDisplayed()
    }

    @Test
    fun `hits are placed in the blocks of a message whatever stands between them`() {
        val texts = listOf("Bitte prüfen 🔎", "1 Gutschein", "Zeile eins\nZeile zwei", "", "Gutschein")
        val parts =
            listOf(
                Segment("Bitte ", false),
                Segment("prüfen", true),
                Segment(" 🔎\n\n1. 1 ", false),
                Segment("Gutschein", true),
                Segment("\n\n> Zeile eins\n> Zeile ", false),
                Segment("zwei", true),
                Segment("\n\n", false),
                Segment("Gutschein", true),
            )
        val found = placesIn(texts, parts).mapIndexed { index, places -> places.map { texts[index].substring(it) } }
        assertEquals(listOf(listOf("prüfen"), listOf("Gutschein"), listOf("zwei"), emptyList(), listOf("Gutschein")), found)
    }

    @Test
    fun `an item of a list has its hits behind its mark`() {
        val spans = listOf(TextSpan("den "), TextSpan("Gut", bold = true), TextSpan("schein"))
        val item = BodyBlock(BlockKind.Paragraph, spans, lists = 1u, marker = ListMarker.Number(12u))
        val message = Samples.message(1, "12. den Gutschein", content = MessageBody(listOf(item)))
        showThread(listOf(message), found(listOf(message), "Gutschein"))
        val text =
            rule
                .onNode(hasText("12. den Gutschein"))
                .fetchSemanticsNode()
                .config[SemanticsProperties.Text]
                .first()
        val mark = text.spanStyles.last { it.item.background != Color.Unspecified }
        assertEquals("Gutschein", text.substring(mark.start, mark.end))
    }
}
