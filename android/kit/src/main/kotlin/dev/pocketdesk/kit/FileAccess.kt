package dev.pocketdesk.kit

import java.nio.file.Path

/** The platform's way to files. The screens offer attachments where the host gives them one and the profile takes files. */
public interface FileAccess {
    /**
     * Lets the user choose a file, and hands it to [attach], which returns when it was copied: it has to be readable until then, and no longer.
     * One that cannot be read is handed over all the same, and its user is told. Does nothing if none was chosen.
     *
     * @param atMost the bytes that a file may have. Of a larger one no more than one byte beyond has to be there: it is refused.
     */
    public suspend fun pick(
        atMost: Long,
        attach: suspend (PickedFile) -> Unit,
    )

    /** Shows a file of a message in whatever shows files of its type. */
    public fun open(
        file: Path,
        contentType: String,
    )
}

/** A file to be attached, under the name that its user knows. */
public data class PickedFile(
    val path: Path,
    val name: String,
)
