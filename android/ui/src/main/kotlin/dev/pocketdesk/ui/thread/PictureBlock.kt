package dev.pocketdesk.ui.thread

import androidx.compose.foundation.Image
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.text.selection.DisableSelection
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.produceState
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.layout.ContentScale
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.Attachment
import dev.pocketdesk.bindings.BlockKind
import dev.pocketdesk.bindings.FileState
import dev.pocketdesk.bindings.Message
import dev.pocketdesk.ui.parts.pictureIn
import dev.pocketdesk.ui.string
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.nio.file.Path

/**
 * The pictures that stand in a text.
 *
 * @property download requests one by its index.
 * @property file the path of one on this device; null if it is not here.
 * @property open shows one by itself; null if that is not offered.
 * @property thumbnail the path of the small form of one; null if it is not here, and then it is requested.
 */
internal class TextPictures(
    val files: List<Attachment>,
    val download: (Int) -> Unit,
    val file: suspend (Int) -> Path?,
    val open: ((index: Int, contentType: String) -> Unit)? = null,
    val thumbnail: suspend (Int) -> Path? = { null },
)

/** A picture in the text. It is shown once it is on this device. Until then, its line has its small form, if it has one, and offers the download. */
@Composable
internal fun PictureBlock(
    index: Int,
    id: Long,
    pictures: TextPictures,
    modifier: Modifier,
) {
    val file = pictures.files.getOrNull(index) ?: return
    val picture = picture(file, index, id, pictures)
    val open = pictures.open?.let { open -> { open(index, file.contentType) } }
    // Its name and its buttons are no part of what was written.
    DisableSelection {
        Box(modifier) {
            if (picture == null) {
                AttachmentLine(file, { pictures.download(index) }, open, "picture.show") { pictures.thumbnail(index) }
            } else {
                Image(
                    picture,
                    file.name,
                    Modifier
                        .heightIn(max = TALLEST)
                        .clip(MaterialTheme.shapes.small)
                        .then(
                            if (open ==
                                null
                            ) {
                                Modifier
                            } else {
                                Modifier.clickable(onClickLabel = string("file.open"), role = Role.Image, onClick = open)
                            },
                        ),
                    contentScale = ContentScale.Fit,
                )
            }
        }
    }
}

@Composable
private fun picture(
    file: Attachment,
    index: Int,
    id: Long,
    pictures: TextPictures,
): ImageBitmap? {
    val pixels = with(LocalDensity.current) { TALLEST.roundToPx() }
    val isShown = file.state == FileState.OnDevice && file.warningKey == null
    val picture by produceState<ImageBitmap?>(null, id, index, isShown, pixels) {
        value = if (isShown) pictures.file(index)?.let { withContext(Dispatchers.IO) { pictureIn(it, pixels) } } else null
    }
    return picture
}

private val TALLEST = 320.dp

/** The files that do not stand in the text, with their places in the message. */
internal val Message.filesBelow: List<IndexedValue<Attachment>>
    get() {
        val inText = content.blocks.mapNotNull { (it.kind as? BlockKind.Picture)?.attachment?.toInt() }.toSet()
        return attachments.withIndex().filter { it.index !in inText }
    }
