package dev.pocketdesk.sample

import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import android.net.Uri
import android.provider.OpenableColumns
import androidx.activity.ComponentActivity
import androidx.activity.result.ActivityResultLauncher
import androidx.activity.result.contract.ActivityResultContracts.OpenDocument
import androidx.core.content.FileProvider
import dev.pocketdesk.ui.FileAccess
import dev.pocketdesk.ui.PickedFile
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.withContext
import java.io.File
import java.io.IOException
import java.nio.file.Path
import java.util.UUID

/**
 * The phone's own document picker, and whatever app shows a file. It outlives activities, as the screen does that waits for the choice: the phone
 * may be turned while the picker is open.
 *
 * @param context the application's.
 */
internal class PhoneFiles(
    private val context: Context,
) : FileAccess {
    private val chosen = Channel<Uri?>(Channel.CONFLATED)
    private var picker: ActivityResultLauncher<Array<String>>? = null

    /** Begins to pick for this activity, which is being created. */
    fun serve(activity: ComponentActivity) {
        picker = activity.registerForActivityResult(OpenDocument()) { chosen.trySend(it) }
    }

    override suspend fun pick(
        atMost: Long,
        attach: suspend (PickedFile) -> Unit,
    ) {
        // Chosen for a screen that was left meanwhile.
        chosen.tryReceive()
        try {
            picker?.launch(arrayOf("*/*")) ?: return
        } catch (_: ActivityNotFoundException) {
            return
        }
        val document = chosen.receive() ?: return
        val copy = File(context.cacheDir, "picked-${UUID.randomUUID()}")
        try {
            val name =
                withContext(Dispatchers.IO) {
                    if (orNull { fetch(document, copy, atMost + 1) } == null) copy.delete()
                    orNull { nameOf(document) } ?: document.lastPathSegment.orEmpty()
                }
            attach(PickedFile(copy.toPath(), name))
        } finally {
            copy.delete()
        }
    }

    private fun nameOf(document: Uri): String? =
        context.contentResolver.query(document, arrayOf(OpenableColumns.DISPLAY_NAME), null, null, null)?.use {
            if (it.moveToFirst()) it.getString(0) else null
        }

    /** Copies so much of what may lie in some cloud, and may be a film; null if it is nowhere. */
    private fun fetch(
        document: Uri,
        copy: File,
        most: Long,
    ): Unit? =
        context.contentResolver.openInputStream(document)?.use { from ->
            copy.outputStream().use { to ->
                val piece = ByteArray(DEFAULT_BUFFER_SIZE)
                var left = most
                while (left > 0) {
                    val count = from.read(piece, 0, minOf(left, piece.size.toLong()).toInt())
                    if (count < 0) break
                    to.write(piece, 0, count)
                    left -= count
                }
            }
        }

    /** What a document's app gives; it may throw whatever it likes. */
    private fun <T> orNull(ask: () -> T): T? =
        try {
            ask()
        } catch (_: IOException) {
            null
        } catch (_: RuntimeException) {
            null
        }

    override fun open(
        file: Path,
        contentType: String,
    ) {
        val lent = FileProvider.getUriForFile(context, "${context.packageName}.files", file.toFile())
        val view = Intent(Intent.ACTION_VIEW).setDataAndType(lent, contentType).addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION)
        // Without an app for this type Android's own chooser says so.
        context.startActivity(Intent.createChooser(view, null).addFlags(Intent.FLAG_ACTIVITY_NEW_TASK))
    }
}
