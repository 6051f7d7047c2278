package dev.pocketdesk.ui

import java.nio.file.Path

/** The platform's way to files. The screens offer attachments where the host gives them one and the profile takes files. */
public interface FileAccess {
    /** Lets the user choose a file; null if none was chosen. It has to stay readable until it was attached, and no longer. */
    public suspend fun pick(): PickedFile?

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
