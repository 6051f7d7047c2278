package dev.pocketdesk.ui.parts

import android.graphics.BitmapFactory
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.asImageBitmap
import java.nio.file.Path
import kotlin.math.min

/** The picture in [file], with at least [pixels] on its shorter side where it has as many; null if this phone cannot show it. */
internal fun pictureIn(
    file: Path,
    pixels: Int,
): ImageBitmap? {
    val options = BitmapFactory.Options().apply { inJustDecodeBounds = true }
    BitmapFactory.decodeFile(file.toString(), options)
    // Reduced while it is unpacked, so that a photo needs no more memory than its preview.
    options.inSampleSize = (min(options.outWidth, options.outHeight) / pixels.coerceAtLeast(1)).coerceAtLeast(1)
    options.inJustDecodeBounds = false
    return BitmapFactory.decodeFile(file.toString(), options)?.asImageBitmap()
}
