package dev.pocketdesk.kit

import dev.pocketdesk.bindings.SmallerPhoto
import java.nio.file.Path

/**
 * The platform's access to files. The screens offer attachments if the app provides a `FileAccess` and the product allows files.
 * On Android, use `PhoneFiles` of kit-android.
 */
public interface FileAccess {
    /**
     * Lets the user choose files, as many at once as the platform's picker can. Returns them in the order of the choice, and none if the user chose
     * none. Returns before a file is copied: each is read when its turn comes, and the screen says so meanwhile.
     */
    public suspend fun pick(): List<PickedFile>

    /** Shows a message's file in whatever app shows files of this type. Called on the main thread. */
    public fun open(
        file: Path,
        contentType: String,
    )
}

/** A file that the user chose. */
public interface PickedFile {
    /** The name that the user knows. */
    public val name: String

    /**
     * Calls [use] with a path at which the file can be read until [use] returns. It is copied in that time. If the file cannot be read, call [use]
     * all the same, with a path where nothing is, and the user is told. Stop if the caller is cancelled: the user changed their mind.
     *
     * @param atMost how many bytes a file may have. Of a larger file, it is enough to provide one byte more, because such a file is refused.
     */
    public suspend fun read(
        atMost: Long,
        use: suspend (Path) -> Unit,
    )

    /** Whether [readSmaller] can make a JPG of a photo. Only then are users offered one. */
    public val makesSmaller: Boolean get() = false

    /**
     * Makes a JPG of this photo that has at most [SmallerPhoto.maxBytes] bytes, and calls [use] with a path at which it can be read until [use]
     * returns. Tries [SmallerPhoto.attempts] in their order until one is small enough. The JPG stands upright, shows a transparent photo on white,
     * and has none of the photo's metadata. Called only if [makesSmaller] is true.
     *
     * @return false if the photo cannot be read, or no attempt is small enough. [use] was not called then.
     */
    public suspend fun readSmaller(
        photo: SmallerPhoto,
        use: suspend (Path) -> Unit,
    ): Boolean = false
}

/** A chosen file that this process can read where it is. */
public class LocalFile(
    private val path: Path,
    override val name: String = path.fileName.toString(),
) : PickedFile {
    override suspend fun read(
        atMost: Long,
        use: suspend (Path) -> Unit,
    ): Unit = use(path)
}
