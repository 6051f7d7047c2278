package dev.pocketdesk.kit

import dev.pocketdesk.bindings.AttachException

/** A limit that a file did not keep. */
public sealed interface FileLimit {
    public data class Files(
        val count: Int,
    ) : FileLimit

    public data class Bytes(
        val count: Long,
    ) : FileLimit
}

/** A file that was chosen and not attached. Nothing of it was kept. */
public data class RefusedFile(
    val name: String,
    /** Why, for [Words]. */
    val wordKey: String,
    /** What a file may have at most, for those words: files, or bytes. */
    val limit: FileLimit? = null,
)

internal val AttachException.limit: FileLimit?
    get() =
        when (this) {
            is AttachException.TooMany -> FileLimit.Files(limit.toInt())
            is AttachException.TooLarge -> FileLimit.Bytes(limit.toLong())
            else -> null
        }
