package dev.pocketdesk.ui

import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.onAllNodesWithTag
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onNodeWithText
import dev.pocketdesk.bindings.Attachment
import dev.pocketdesk.bindings.FileState
import dev.pocketdesk.bindings.Message
import dev.pocketdesk.bindings.SmallPicture
import dev.pocketdesk.ui.thread.MessageItem
import org.junit.Assert.assertEquals
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.nio.file.Files
import java.nio.file.Path
import java.util.Base64

/** The small forms of attached pictures, and the photos of agents. */
class SmallPicturesTest : ScreenTest() {
    @get:Rule
    val temporary = TemporaryFolder()

    private val asked = mutableListOf<String>()
    private val copy: Path by lazy { Files.write(temporary.root.toPath().resolve("0e.png"), Base64.getDecoder().decode(PIXEL)) }

    /** What the screen shows, and where the copies of its small pictures are. */
    private var message by mutableStateOf(Samples.message(2, "Anbei.", mine = false))
    private var here: Path? = null

    private fun show(first: Message) {
        message = first
        val actions =
            recordedActions(
                thumbnail = { message, index -> here.also { asked += "thumbnail $message $index" } },
                authorPhoto = { message -> here.also { asked += "photo $message" } },
            )
        show { MessageItem(message, Samples.thread(messages = listOf(message)), actions) }
        rule.waitForIdle()
    }

    private fun picture(thumbnail: SmallPicture?) =
        Samples.message(
            2,
            "Anbei.",
            mine = false,
            attachments = listOf(Attachment("Beleg März.png", "image/png", 48_211u, FileState.OnServer, thumbnail = thumbnail)),
        )

    private fun isShown(tag: String) = rule.onAllNodesWithTag(tag, useUnmergedTree = true).fetchSemanticsNodes().isNotEmpty()

    @Test
    fun `a picture shows its small form once that is here and its type until then`() {
        show(picture(SmallPicture.ON_SERVER))
        rule.onNodeWithText("Beleg März.png", substring = true).assertIsDisplayed()
        assertEquals(false, isShown("small picture"))
        here = copy
        message = picture(SmallPicture.ON_DEVICE)
        rule.waitUntil { isShown("small picture") }
        assertEquals(listOf("thumbnail 2 0", "thumbnail 2 0"), asked)
    }

    @Test
    fun `a file without a small form asks for none`() {
        show(picture(null))
        rule.onNodeWithText("Beleg März.png", substring = true).assertIsDisplayed()
        assertEquals(emptyList<String>(), asked)
    }

    @Test
    fun `an agent has a photo once it is here and initials until then`() {
        show(Samples.message(2, "Anbei.", mine = false).copy(authorPhoto = SmallPicture.ON_SERVER))
        rule.onNodeWithTag("initials", useUnmergedTree = true).assertIsDisplayed()
        here = copy
        message = message.copy(authorPhoto = SmallPicture.ON_DEVICE)
        rule.waitUntil { isShown("photo") }
        assertEquals(listOf("photo 2", "photo 2"), asked)
        rule.onNodeWithText("Marta Feld").assertIsDisplayed()
    }

    @Test
    fun `a copy that is no picture leaves the initials`() {
        here = Files.writeString(temporary.root.toPath().resolve("0f.png"), "<html>Bitte anmelden</html>")
        show(Samples.message(2, "Anbei.", mine = false).copy(authorPhoto = SmallPicture.ON_DEVICE))
        rule.onNodeWithTag("initials", useUnmergedTree = true).assertIsDisplayed()
    }

    @Test
    fun `who has no photo has no initials either`() {
        show(Samples.message(2, "Anbei.", mine = false))
        assertEquals(false, isShown("initials"))
        assertEquals(emptyList<String>(), asked)
    }
}
