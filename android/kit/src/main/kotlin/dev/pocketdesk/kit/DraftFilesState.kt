package dev.pocketdesk.kit

import dev.pocketdesk.bindings.AttachException
import dev.pocketdesk.bindings.DraftFile

/** The files of a draft as its screen shows them. */
public data class DraftFilesState(
    /** The attached files, in the order in which they were attached. */
    val attached: List<DraftFile> = emptyList(),
    /** The files that were chosen and are being attached, in their order. */
    val copying: List<CopyingFile> = emptyList(),
    /** The files that were chosen and not attached, each with its reason. */
    val refused: List<RefusedFile> = emptyList(),
) {
    /** Whether there is nothing to show. */
    val isEmpty: Boolean get() = attached.isEmpty() && copying.isEmpty() && refused.isEmpty()
}

/** A limit that a file exceeded. */
public sealed interface FileLimit {
    /** How many files a message may have. */
    public data class Files(
        val count: Int,
    ) : FileLimit

    /** How many bytes a file may have. */
    public data class Bytes(
        val count: Long,
    ) : FileLimit
}

/** A file that the user chose and that was not attached. Nothing of it was kept. */
public data class RefusedFile(
    val name: String,
    /** The reason, a key of [Strings]. */
    val stringKey: String,
    /** The limit that the file exceeded, for the placeholder of that string. */
    val limit: FileLimit? = null,
    /** Whether the file is a photo that can be attached as a smaller JPG: offer that. */
    val canBeSmaller: Boolean = false,
)

/** A file that the user chose and that is being attached, or waits for its turn. */
public data class CopyingFile(
    /** Tells files of the same name apart. */
    val id: Long,
    /** The name that the user knows. */
    val name: String,
)

internal val AttachException.limit: FileLimit?
    get() =
        when (this) {
            is AttachException.TooMany -> FileLimit.Files(limit.toInt())
            is AttachException.TooLarge -> FileLimit.Bytes(limit.toLong())
            else -> null
        }
