package dev.pocketdesk.kit

import dev.pocketdesk.bindings.AttachException
import dev.pocketdesk.bindings.ClientException
import dev.pocketdesk.bindings.DraftFile
import dev.pocketdesk.bindings.FileState
import dev.pocketdesk.bindings.SmallerPhoto
import dev.pocketdesk.kit.client.wellFormed
import java.nio.file.Path

// The files of drafts and messages.

/**
 * Attaches the file at [path] to a draft, under [name]. The draft must be saved first. The file is copied to
 * durable storage before this returns, so the original may be deleted then.
 *
 * `Product.attachments` says which files are accepted. The extension in [name] must be one of an accepted type, and
 * the content must agree with that type.
 *
 * @throws AttachException the reason why the file was not attached; nothing of it was kept.
 */
public suspend fun Pocketdesk.attach(
    draftId: String,
    path: Path,
    name: String,
): DraftFile = onDisk { client.attach(draftId, path.toString(), name.wellFormed()) }

/**
 * Returns how a file that [attach] refused can be attached after all: as a smaller JPG, which the caller makes. Null if it is no photo, if it was
 * refused for another reason than size or type, or if the product does not offer it. Of a file that is too large, one byte more than is allowed is
 * enough.
 */
public suspend fun Pocketdesk.smallerPhoto(
    path: Path,
    name: String,
): SmallerPhoto? = onDisk { client.smallerPhoto(path.toString(), name.wellFormed()) }

/**
 * Removes a file from its draft.
 *
 * @throws ClientException.NoSuchFile no draft has this file: it was removed, or was sent with its message.
 */
public suspend fun Pocketdesk.detach(file: Long): Unit = onDisk { client.detach(file) }

/** Returns the files of a draft, in the order in which they were attached. */
public suspend fun Pocketdesk.draftFiles(draftId: String): List<DraftFile> = onDisk { client.draftFiles(draftId) }

/**
 * Returns the path of a draft's file, for the user to look at, or null if its copy is missing. Copy what is to be kept, and do not change the file:
 * it is what will be sent.
 *
 * @throws ClientException.NoSuchFile the file was removed from its draft, or its message was seen on the server.
 */
public suspend fun Pocketdesk.draftFile(file: Long): Path? = onDisk { client.draftFile(file)?.let(Path::of) }

/**
 * Requests a message's file by its [index] (from 0) in `Message.attachments`. It is downloaded when the network allows; [Pocketdesk.thread] shows
 * the progress.
 *
 * @throws ClientException.NoSuchMessage there is no such message, or no longer.
 * @throws ClientException.NoSuchFile the message has no file at [index].
 * @throws ClientException.NotPossibleNow the server has not shown this file yet, or has deleted it.
 */
public suspend fun Pocketdesk.download(
    message: Long,
    index: Int,
): FileState = onDisk { client.download(message, index.toUInt()) }

/**
 * Returns the path of a message's file if it is on this device, or null. The file is deleted when newer ones need the space or when the server
 * takes it away: copy what is to be kept, and do not change it.
 */
public suspend fun Pocketdesk.attachmentFile(
    message: Long,
    index: Int,
): Path? = onDisk { client.attachmentFile(message, index.toUInt())?.let(Path::of) }

/**
 * Returns the path of the small form of a picture that is a message's file, or null if it is not on this device. If the file has a small form, the
 * call then requests it, once, and [Pocketdesk.thread] emits when it has come
 * ([Attachment.thumbnail][dev.pocketdesk.bindings.Attachment.thumbnail]). One that could not be fetched is requested again after the next
 * [Pocketdesk.threadOpened]. Call it when the file comes on screen: nothing is fetched that nobody looks at. Do not change the file.
 */
public suspend fun Pocketdesk.thumbnail(
    message: Long,
    index: Int,
): Path? = onDisk { client.thumbnail(message, index.toUInt())?.let(Path::of) }

/** Returns the path of the photo of a message's author ([Message.authorPhoto][dev.pocketdesk.bindings.Message.authorPhoto]), as [thumbnail]. */
public suspend fun Pocketdesk.authorPhoto(message: Long): Path? = onDisk { client.authorPhoto(message)?.let(Path::of) }
