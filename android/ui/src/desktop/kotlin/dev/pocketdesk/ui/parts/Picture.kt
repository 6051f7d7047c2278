package dev.pocketdesk.ui.parts

import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.toComposeImageBitmap
import org.jetbrains.skia.Codec
import org.jetbrains.skia.Data
import org.jetbrains.skia.Image
import org.jetbrains.skia.Rect
import org.jetbrains.skia.SamplingMode
import org.jetbrains.skia.Surface
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import kotlin.math.min

/** A larger picture is not unpacked for a preview: it would need more memory than a preview is worth. */
private const val MOST_PIXELS = 50_000_000L

/** The picture in [file], with at least [pixels] on its shorter side where it has as many; null if this machine cannot show it. */
internal fun pictureIn(
    file: Path,
    pixels: Int,
): ImageBitmap? =
    try {
        Data.makeFromBytes(Files.readAllBytes(file)).use { data ->
            val size = Codec.makeFromData(data).use { it.size }
            if (size.x.toLong() * size.y > MOST_PIXELS) null else Image.makeFromEncoded(data.bytes).use { it.reduced(pixels) }
        }
    } catch (_: IOException) {
        null
    } catch (_: RuntimeException) {
        // The file is not what its type says, or of a kind that Skia does not know.
        null
    }

private fun Image.reduced(pixels: Int): ImageBitmap {
    val scale = min(1f, pixels.toFloat() / min(width, height).coerceAtLeast(1))
    val (wide, high) = listOf(width, height).map { (it * scale).toInt().coerceAtLeast(1) }
    return Surface.makeRasterN32Premul(wide, high).use { surface ->
        val whole = Rect.makeWH(width.toFloat(), height.toFloat())
        surface.canvas.drawImageRect(this, whole, Rect.makeWH(wide.toFloat(), high.toFloat()), SamplingMode.MITCHELL, null, true)
        surface.makeImageSnapshot().use { it.toComposeImageBitmap() }
    }
}
