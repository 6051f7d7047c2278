package dev.pocketdesk.kit

import java.nio.file.Path

/**
 * The platform's access to files. The screens offer attachments if the app provides a `FileAccess` and the product allows files.
 * On Android, use `PhoneFiles` of kit-android.
 */
public interface FileAccess {
    /**
     * Lets the user choose a file, and calls [attach] with it. [attach] copies the file, so the file has to be readable only
     * until [attach] returns. If the file cannot be read, pass it on all the same, and the user is told. If the user chose no
     * file, do nothing.
     *
     * @param atMost how many bytes a file may have. Of a larger file, it is enough to pass on one byte more, because such a file
     *   is refused.
     */
    public suspend fun pick(
        atMost: Long,
        attach: suspend (PickedFile) -> Unit,
    )

    /** Shows a message's file in whatever app shows files of this type. Called on the main thread. */
    public fun open(
        file: Path,
        contentType: String,
    )
}

/** A file to be attached, under the name that the user knows. */
public data class PickedFile(
    val path: Path,
    val name: String,
)
