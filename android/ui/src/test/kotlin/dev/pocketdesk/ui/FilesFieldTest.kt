package dev.pocketdesk.ui

import androidx.compose.ui.graphics.toArgb
import androidx.compose.ui.graphics.toPixelMap
import androidx.compose.ui.test.assertCountEquals
import androidx.compose.ui.test.assertHeightIsAtLeast
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsEnabled
import androidx.compose.ui.test.assertIsNotEnabled
import androidx.compose.ui.test.captureToImage
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.AttachmentLimits
import dev.pocketdesk.bindings.DraftFile
import dev.pocketdesk.kit.CopyingFile
import dev.pocketdesk.kit.DraftFilesState
import dev.pocketdesk.kit.FileLimit
import dev.pocketdesk.kit.RefusedFile
import dev.pocketdesk.kit.create.NewTicketState
import dev.pocketdesk.ui.create.NewTicketScreen
import dev.pocketdesk.ui.parts.iconOf
import dev.pocketdesk.ui.parts.pictureIn
import dev.pocketdesk.ui.theme.Icons
import org.jetbrains.skia.EncodedImageFormat
import org.jetbrains.skia.Surface
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test
import java.nio.file.Files
import java.nio.file.Path

/** The files of a new ticket: what is said before one is chosen, and how each stands. */
class FilesFieldTest : ScreenTest() {
    private val done = mutableListOf<String>()
    private var picked: Path? = null
    private val actions = recordedForm(done) { picked }

    private fun limits(
        files: UInt,
        bytes: ULong,
    ) = AttachmentLimits(files, bytes, listOf("png", "jpg", "heic"), listOf("image/png", "image/jpeg", "image/heic"))

    private fun showForm(
        limits: AttachmentLimits,
        state: NewTicketState.Editing = Samples.editing(),
        language: String = "en-GB",
        hintKey: String? = null,
    ) {
        val product = Samples.product.copy(attachments = limits, attachmentsHintKey = hintKey)
        show(stringsOf(language)) { NewTicketScreen(state, product, actions) }
    }

    private fun assertShown(text: String) {
        rule.onNodeWithText(text).performScrollTo().assertIsDisplayed()
    }

    private fun files(count: Int) = (1L..count).map { DraftFile(it, "Beleg $it.png", "image/png", 900u) }

    @Test
    fun `how many files of which size and type is said before one is chosen`() {
        showForm(limits(5u, 1_500_000u))
        assertShown(en["attachment.hint"])
        assertShown("Up to 5 files, 1.5 MB each.")
        assertShown("File types: PNG, JPG, HEIC.")
        rule
            .onNodeWithText("Attach files")
            .performScrollTo()
            .assertIsEnabled()
            .performClick()
        assertEquals(listOf("attach"), done)
    }

    @Test
    fun `the limits are said in the language and with the numbers of the screen`() {
        showForm(limits(1u, 2_500_000u), language = "de-DE")
        assertShown("Eine Datei bis 2,5 MB.")
        assertShown("Dateitypen: PNG, JPG, HEIC.")
        rule.onNodeWithText("Dateien anhängen").performScrollTo().assertIsEnabled()
    }

    @Test
    fun `a product says in its own words what to attach`() {
        showForm(limits(5u, 500_000u), language = "es-ES", hintKey = "new.description.hint")
        val es = stringsOf("es-ES")
        rule.onAllNodesWithText(es["new.description.hint"]).assertCountEquals(2)
        rule.onAllNodesWithText(es["attachment.hint"]).assertCountEquals(0)
        assertShown("Hasta 5 archivos, de hasta 500 KB cada uno.")
    }

    @Test
    fun `with as many files as allowed no more can be chosen`() {
        showForm(limits(3u, 500_000u), Samples.editing().copy(files = DraftFilesState(files(2), listOf(CopyingFile(9, "Größe.png")))))
        rule.onNodeWithText(en["attachment.add"]).performScrollTo().assertIsNotEnabled()
    }

    @Test
    fun `a file that is being attached says so and can be left out and the ticket waits for it`() {
        showForm(limits(5u, 500_000u), Samples.editing().copy(files = DraftFilesState(files(1), listOf(CopyingFile(9, "תמונה.jpg")))))
        assertShown(en["file.copying"])
        rule.onNodeWithText("Create").assertIsNotEnabled()
        rule.onNodeWithContentDescription("Remove תמונה.jpg").performScrollTo().performClick()
        assertEquals(listOf("stop תמונה.jpg"), done)
    }

    @Test
    fun `a photo that was refused is offered as a smaller JPG and another file is not`() {
        val refused =
            listOf(
                RefusedFile("IMG_0042.HEIC", "attachment.wrong_type", canBeSmaller = true),
                RefusedFile("Film März.mov", "attachment.too_large", FileLimit.Bytes(500_000)),
            )
        showForm(limits(5u, 500_000u), Samples.editing().copy(files = DraftFilesState(refused = refused)), language = "de-DE")
        assertShown("Dateien dieses Typs können nicht angehängt werden.")
        rule
            .onNodeWithText("Kleineres JPG anhängen")
            .performScrollTo()
            .assertIsDisplayed()
            .assertHeightIsAtLeast(48.dp)
            .performClick()
        assertEquals(listOf("smaller IMG_0042.HEIC"), done)
    }

    @Test
    fun `a picture is shown as what it is and one that is none keeps the icon of its type`() {
        val file = Files.createTempFile("pocketdesk", ".png")
        assertNull("nothing is no picture", pictureIn(file, 40))
        Files.write(file, "kein Bild".toByteArray())
        assertNull("a text is no picture", pictureIn(file, 40))
        Surface.makeRasterN32Premul(800, 300).use { surface ->
            surface.canvas.clear(VIVID)
            surface.makeImageSnapshot().use { Files.write(file, checkNotNull(it.encodeToData(EncodedImageFormat.PNG)).bytes) }
        }
        val preview = checkNotNull(pictureIn(file, 40))
        assertEquals(106 to 40, preview.run { width to height })
        picked = file
        showForm(limits(5u, 500_000u), Samples.editing().copy(files = DraftFilesState(files(1))))
        rule.onNodeWithText("Beleg 1.png").performScrollTo()
        rule.waitUntil(10_000) {
            val shown = rule.onNodeWithText("Beleg 1.png").captureToImage().toPixelMap()
            (0 until shown.width).any { x -> shown[x, shown.height / 2].toArgb() == VIVID }
        }
    }

    @Test
    fun `each type of file has its icon`() {
        val expected =
            mapOf(
                "image/heic" to Icons.Picture,
                "video/quicktime" to Icons.Film,
                "text/csv; charset=utf-8" to Icons.Table,
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" to Icons.Table,
                "application/vnd.ms-excel" to Icons.Table,
                "application/msword" to Icons.Text,
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document" to Icons.Text,
                "application/pdf" to Icons.Text,
                "Text/Plain" to Icons.Text,
                "application/json" to Icons.Text,
                "application/zip" to Icons.Archive,
                "application/octet-stream" to Icons.Clip,
                "" to Icons.Clip,
            )
        assertEquals(
            expected.mapValues { it.value.name to it.value },
            expected.mapValues { (type, _) ->
                iconOf(type).let { it.name to it }
            },
        )
    }

    @Test
    fun `sizes are written as file managers write them`() {
        val sizes = listOf(0L, 900, 999, 1_000, 184_320, 999_499, 999_500, 1_843_200, 9_960_000, 12_400_000, 50_000_000)
        val written = listOf("0 B", "900 B", "999 B", "1 KB", "184 KB", "999 KB", "1 MB", "1.8 MB", "10 MB", "12 MB", "50 MB")
        assertEquals(written, sizes.map { en.size(it) })
        assertEquals(listOf("1,8 MB", "500 KB"), listOf(1_843_200L, 500_000).map { stringsOf("de-DE").size(it) })
        assertEquals("1,8 MB", stringsOf("es-ES").size(1_843_200))
    }

    private companion object {
        const val VIVID = 0xFFD81B60.toInt()
    }
}
