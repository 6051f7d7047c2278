package dev.pocketdesk.sample.desktop

import dev.pocketdesk.kit.FileAccess
import dev.pocketdesk.kit.PickedFile
import kotlinx.coroutines.awaitCancellation
import java.awt.Color
import java.awt.image.BufferedImage
import java.io.ByteArrayOutputStream
import java.nio.file.Path
import javax.imageio.ImageIO

/** A user who chooses these files, all at once. */
internal class Chosen(
    private val files: List<PickedFile>,
) : FileAccess {
    override suspend fun pick() = files

    override fun open(
        file: Path,
        contentType: String,
    ) = Unit
}

/** A screenshot of a report, as a PNG. */
internal fun pictureOfAReport(): ByteArray {
    val picture = BufferedImage(WIDE, HIGH, BufferedImage.TYPE_INT_RGB)
    val graphics = picture.createGraphics()
    graphics.color = Color.WHITE
    graphics.fillRect(0, 0, WIDE, HIGH)
    listOf(0.3f, 0.6f, 0.45f, 0.9f, 0.2f).forEachIndexed { month, part ->
        graphics.color = if (part < 0.25f) Color(0xC62828) else Color(0x00695C)
        val top = (HIGH * (1 - part)).toInt()
        graphics.fillRect(WIDE / 5 * month + WIDE / 20, top, WIDE / 10, HIGH - top)
    }
    graphics.dispose()
    return ByteArrayOutputStream().also { ImageIO.write(picture, "png", it) }.toByteArray()
}

private const val WIDE = 600
private const val HIGH = 400

/** A file in a cloud that does not answer. */
internal class NeverThere(
    override val name: String,
) : PickedFile {
    override suspend fun read(
        atMost: Long,
        use: suspend (Path) -> Unit,
    ): Unit = awaitCancellation()
}
