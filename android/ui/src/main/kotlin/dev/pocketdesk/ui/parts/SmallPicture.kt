package dev.pocketdesk.ui.parts

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.produceState
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.unit.Dp
import dev.pocketdesk.bindings.SmallPicture
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.nio.file.Path

/**
 * A small picture once it is on this device; null until then. What is on the screen is asked for, and asked for again when it has come.
 *
 * @param picture where it is; null if there is none.
 * @param key tells it from others in the same place.
 * @param file where its copy is.
 */
@Composable
internal fun smallPicture(
    picture: SmallPicture?,
    key: Any,
    size: Dp,
    file: suspend () -> Path?,
): ImageBitmap? {
    val pixels = with(LocalDensity.current) { size.roundToPx() }
    val shown by produceState<ImageBitmap?>(null, key, picture, pixels) {
        value = if (picture == null) null else file()?.let { withContext(Dispatchers.IO) { pictureIn(it, pixels) } }
    }
    return shown
}
