package dev.pocketdesk.android

import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import android.net.Uri
import android.provider.OpenableColumns
import androidx.activity.ComponentActivity
import androidx.activity.result.ActivityResultLauncher
import androidx.activity.result.contract.ActivityResultContracts.OpenMultipleDocuments
import androidx.core.content.FileProvider
import dev.pocketdesk.bindings.SmallerPhoto
import dev.pocketdesk.kit.FileAccess
import dev.pocketdesk.kit.PickedFile
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.isActive
import kotlinx.coroutines.withContext
import java.io.File
import java.io.IOException
import java.nio.file.Path
import java.util.UUID

/**
 * Lets the user pick files with Android's document picker, and opens a file in whatever app shows its type.
 *
 * Keep it longer than an activity, in a view model or in the application: the screen that waits for a choice survives a configuration change that
 * happens while the picker is open. Each activity that shows the screens calls [registerWith] when it is created.
 *
 * Opening a file needs [PocketdeskFileProvider], which this library's manifest declares.
 *
 * @param context the application's context.
 */
public class PhoneFiles(
    private val context: Context,
) : FileAccess {
    private val chosen = Channel<List<Uri>>(Channel.CONFLATED)
    private var picker: ActivityResultLauncher<Array<String>>? = null

    /** Opens the picker from [activity] from now on. Call it on the main thread in every activity's `onCreate`. */
    public fun registerWith(activity: ComponentActivity) {
        picker = activity.registerForActivityResult(OpenMultipleDocuments()) { chosen.trySend(it) }
    }

    override suspend fun pick(): List<PickedFile> {
        // Drops a choice that was made for a screen that has been left since.
        chosen.tryReceive()
        try {
            picker?.launch(arrayOf("*/*")) ?: return emptyList()
        } catch (_: ActivityNotFoundException) {
            return emptyList()
        }
        val documents = chosen.receive()
        return withContext(Dispatchers.IO) {
            documents.map { Document(it, orNull { nameOf(it) } ?: it.lastPathSegment.orEmpty()) }
        }
    }

    /** A document of another app. It may be in a cloud, and is copied for as long as it is read. */
    private inner class Document(
        private val uri: Uri,
        override val name: String,
    ) : PickedFile {
        override suspend fun read(
            atMost: Long,
            use: suspend (Path) -> Unit,
        ) {
            val copy = newFile()
            try {
                copyTo(copy, atMost + 1)
                use(copy.toPath())
            } finally {
                copy.delete()
            }
        }

        override val makesSmaller get() = true

        override suspend fun readSmaller(
            photo: SmallerPhoto,
            use: suspend (Path) -> Unit,
        ): Boolean {
            val (copy, jpeg) = newFile() to newFile()
            return try {
                copyTo(copy, LARGEST_PHOTO)
                val made = withContext(Dispatchers.IO) { PhotoDecoder.writeJpeg(copy, photo, jpeg) }
                if (made) use(jpeg.toPath())
                made
            } finally {
                copy.delete()
                jpeg.delete()
            }
        }

        private fun newFile() = File(context.cacheDir, "picked-${UUID.randomUUID()}")

        /** Copies at most [limit] bytes. If the document cannot be read, there is no copy. */
        private suspend fun copyTo(
            copy: File,
            limit: Long,
        ) = withContext(Dispatchers.IO) {
            if (orNull { copy(uri, copy, limit) { isActive } } == null) copy.delete()
        }
    }

    private fun nameOf(document: Uri): String? =
        context.contentResolver.query(document, arrayOf(OpenableColumns.DISPLAY_NAME), null, null, null)?.use {
            if (it.moveToFirst()) it.getString(0) else null
        }

    /**
     * Copies at most [limit] bytes, because a document may be a long film in a cloud. When [isAwaited] returns false it stops, and leaves an
     * incomplete copy. Returns null if the document's app gives no stream. Throws if the document is gone or cannot be read.
     */
    private fun copy(
        document: Uri,
        copy: File,
        limit: Long,
        isAwaited: () -> Boolean,
    ): Unit? =
        context.contentResolver.openInputStream(document)?.use { from ->
            copy.outputStream().use { to ->
                val buffer = ByteArray(DEFAULT_BUFFER_SIZE)
                var left = limit
                while (left > 0 && isAwaited()) {
                    val count = from.read(buffer, 0, minOf(left, buffer.size.toLong()).toInt())
                    if (count < 0) break
                    to.write(buffer, 0, count)
                    left -= count
                }
            }
        }

    /** Returns null if the document's app fails. It may throw any exception. */
    private fun <T> orNull(read: () -> T): T? =
        try {
            read()
        } catch (_: IOException) {
            null
        } catch (_: RuntimeException) {
            null
        }

    override fun open(
        file: Path,
        contentType: String,
    ) {
        val shared = FileProvider.getUriForFile(context, "${context.packageName}.pocketdesk.files", file.toFile())
        val view = Intent(Intent.ACTION_VIEW).setDataAndType(shared, contentType).addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION)
        // If no app shows this type, Android's chooser says so.
        context.startActivity(Intent.createChooser(view, null).addFlags(Intent.FLAG_ACTIVITY_NEW_TASK))
    }

    private companion object {
        /** More bytes than the photos of any phone have. */
        const val LARGEST_PHOTO = 256L * 1024 * 1024
    }
}

/** Shares a message's file with the one app that shows it. A class of its own, so that an app may declare a `FileProvider` too. */
public class PocketdeskFileProvider : FileProvider()
