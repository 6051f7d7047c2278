package dev.pocketdesk.kit

import java.nio.file.Path

/**
 * The platform's access to files. The screens offer attachments if the app gives them one and the product allows files. On Android, `PhoneFiles` of
 * kit-android is one.
 */
public interface FileAccess {
    /**
     * Lets the user choose a file, and calls [attach] with it. The file has to be readable until [attach] returns, and no longer: it was copied then.
     * A file that cannot be read is passed on all the same, and the user is told. Does nothing if the user chose none.
     *
     * @param atMost how many bytes a file may have. Of a larger one, one byte more is enough: it is refused.
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
