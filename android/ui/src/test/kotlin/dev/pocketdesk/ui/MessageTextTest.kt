package dev.pocketdesk.ui

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalUriHandler
import androidx.compose.ui.platform.UriHandler
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.hasAnyAncestor
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import dev.pocketdesk.bindings.Attachment
import dev.pocketdesk.bindings.BlockKind
import dev.pocketdesk.bindings.BodyBlock
import dev.pocketdesk.bindings.DownloadProblem
import dev.pocketdesk.bindings.FileState
import dev.pocketdesk.bindings.ListMarker
import dev.pocketdesk.bindings.Message
import dev.pocketdesk.bindings.MessageBody
import dev.pocketdesk.bindings.TextLink
import dev.pocketdesk.bindings.TextSpan
import dev.pocketdesk.ui.thread.MessageItem
import org.junit.Assert.assertEquals
import org.junit.Test
import java.nio.file.Files
import java.nio.file.Path
import java.util.Base64

/** The text of a message with its structure: what an agent wrote, or a mail. */
class MessageTextTest : ScreenTest() {
    private val done = mutableListOf<String>()
    private val opened = mutableListOf<String>()

    private fun show(
        message: Message,
        picture: suspend (Long, Int) -> Path? = { _, _ -> null },
    ) = show {
        val uris =
            object : UriHandler {
                override fun openUri(uri: String) {
                    opened += uri
                }
            }
        CompositionLocalProvider(LocalUriHandler provides uris) {
            Column(Modifier.verticalScroll(rememberScrollState())) {
                MessageItem(message, Samples.thread(messages = listOf(message)), recordedActions(done, picture))
            }
        }
    }

    /** A link in the text that contains [text]. */
    private fun link(text: String) = rule.onNode(hasClickAction() and hasAnyAncestor(hasText(text)))

    private fun message(
        vararg blocks: BodyBlock,
        historyFrom: UInt? = null,
        files: List<Attachment> = emptyList(),
    ) = Samples.message(2, "…", mine = false, attachments = files, content = MessageBody(blocks.toList(), historyFrom))

    private fun paragraph(vararg spans: TextSpan) = BodyBlock(BlockKind.Paragraph, spans.toList())

    private fun linked(
        text: String,
        address: String,
        differs: Boolean = false,
    ) = paragraph(TextSpan("Bitte "), TextSpan(text, link = TextLink(address, differs)))

    @Test
    fun `a link opens`() {
        show(message(linked("hier", "https://docs.example.com/pixel")))
        link("Bitte hier").performClick()
        assertEquals(listOf("https://docs.example.com/pixel"), opened)
    }

    @Test
    fun `a link whose text is another address shows the true one before it opens`() {
        show(message(linked("https://bank.example", "https://evil.example/login", differs = true)))
        link("Bitte https://bank.example").performClick()
        rule.onNodeWithText("https://evil.example/login").assertIsDisplayed()
        rule.onNodeWithText(en["button.cancel"]).performClick()
        assertEquals(emptyList<String>(), opened)
        link("Bitte https://bank.example").performClick()
        rule.onNodeWithText(en["link.open"]).performClick()
        assertEquals(listOf("https://evil.example/login"), opened)
        rule.onNodeWithText("https://evil.example/login").assertDoesNotExist()
    }

    @Test
    fun `a list is read with its marks`() {
        val first = BodyBlock(BlockKind.Paragraph, listOf(TextSpan("Öffnen")), lists = 1u, marker = ListMarker.Number(9u))
        val second = BodyBlock(BlockKind.Paragraph, listOf(TextSpan("Warten")), lists = 1u, marker = ListMarker.Bullet)
        show(message(first, second))
        rule.onNodeWithText("9. Öffnen").assertIsDisplayed()
        rule.onNodeWithText("•  Warten").assertIsDisplayed()
    }

    @Test
    fun `the quoted mail history is folded until it is asked for`() {
        val quoted = BodyBlock(BlockKind.Paragraph, listOf(TextSpan("Wann kommt die Abrechnung?")), quotes = 1u)
        show(message(paragraph(TextSpan("Morgen.")), quoted, historyFrom = 1u))
        rule.onNodeWithText("Wann kommt die Abrechnung?").assertDoesNotExist()
        rule.onNodeWithText(en["message.history.show"]).performClick()
        rule.onNodeWithText("Wann kommt die Abrechnung?").assertIsDisplayed()
        rule.onNodeWithText(en["message.history.hide"]).performClick()
        rule.onNodeWithText("Wann kommt die Abrechnung?").assertDoesNotExist()
    }

    @Test
    fun `a picture in the text is fetched when it is asked for, and shown in its place`() {
        val file = Attachment("Bild März.png", "image/png", 70u, FileState.OnServer, canDownload = true)
        val picture = BodyBlock(BlockKind.Picture(0u), emptyList())
        show(message(paragraph(TextSpan("Siehe Bild:")), picture, files = listOf(file)))
        rule.onNodeWithText("Bild März.png").assertIsDisplayed()
        rule.onNodeWithText(en["file.download"]).assertDoesNotExist()
        rule.onNodeWithText(en["picture.show"]).performClick()
        assertEquals(listOf("download 2 0"), done)
    }

    @Test
    fun `a picture on this device opens with a tap`() {
        val path = Files.createTempFile("bild", ".png")
        Files.write(path, Base64.getDecoder().decode(PIXEL))
        val file = Attachment("Bild März.png", "image/png", 70u, FileState.OnDevice)
        show(message(BodyBlock(BlockKind.Picture(0u), emptyList()), files = listOf(file))) { _, _ -> path }
        rule.waitUntil { rule.onAllNodes(hasClickAction()).fetchSemanticsNodes().isNotEmpty() }
        rule.onNodeWithContentDescription("Bild März.png").performClick()
        assertEquals(listOf("open 2 0 image/png"), done)
        Files.delete(path)
    }

    @Test
    fun `a file with malware is opened after a question only`() {
        val file = Attachment("Rechnung.docm", "application/zip", 9_000u, FileState.OnDevice, warningKey = "file.warning.malware")
        show(message(paragraph(TextSpan("Anbei.")), files = listOf(file)))
        rule.onNodeWithText(en["file.warning.malware"]).assertIsDisplayed()
        rule.onNodeWithText(en["file.open"]).performClick()
        assertEquals(emptyList<String>(), done)
        rule.onNode(hasText(en["file.open_anyway"]) and hasClickAction()).performClick()
        assertEquals(listOf("open 2 0 application/zip"), done)
    }

    @Test
    fun `a file that the help desk has deleted is not offered`() {
        val problem = FileState.Failed(DownloadProblem.GONE)
        val file = Attachment("Rechnung.pdf", "application/pdf", 9_000u, problem, stateKey = "download.gone")
        show(message(paragraph(TextSpan("Anbei.")), files = listOf(file)))
        rule.onNodeWithText(en["download.gone"]).assertIsDisplayed()
        rule.onNodeWithText(en["button.retry"]).assertDoesNotExist()
    }
}

/** A picture of one pixel. */
internal const val PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
