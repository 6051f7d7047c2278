package dev.pocketdesk.sandbox.android

import android.content.ContentProvider
import android.content.ContentValues
import android.database.Cursor
import android.database.MatrixCursor
import android.net.Uri
import android.os.ParcelFileDescriptor
import android.provider.OpenableColumns
import org.robolectric.Robolectric
import java.io.File

/** Another app that provides documents. */
public class Documents : ContentProvider() {
    private val names = mutableMapOf<Uri, String>()

    /** Adds a document. Its address does not contain its name. */
    public fun put(
        name: String,
        bytes: ByteArray,
    ): Uri {
        val document = Uri.parse("content://$AUTHORITY/document/${names.size}")
        fileOf(document).writeBytes(bytes)
        names[document] = name
        return document
    }

    private fun fileOf(document: Uri) = File(checkNotNull(context).cacheDir, "document-${document.lastPathSegment}")

    override fun onCreate(): Boolean = true

    override fun query(
        uri: Uri,
        projection: Array<String>?,
        selection: String?,
        selectionArgs: Array<String>?,
        sortOrder: String?,
    ): Cursor = MatrixCursor(arrayOf(OpenableColumns.DISPLAY_NAME)).apply { names[uri]?.let { addRow(arrayOf(it)) } }

    override fun openFile(
        uri: Uri,
        mode: String,
    ): ParcelFileDescriptor = ParcelFileDescriptor.open(fileOf(uri), ParcelFileDescriptor.MODE_READ_ONLY)

    override fun getType(uri: Uri): String? = null

    override fun insert(
        uri: Uri,
        values: ContentValues?,
    ): Uri? = null

    override fun delete(
        uri: Uri,
        selection: String?,
        selectionArgs: Array<String>?,
    ): Int = 0

    override fun update(
        uri: Uri,
        values: ContentValues?,
        selection: String?,
        selectionArgs: Array<String>?,
    ): Int = 0

    public companion object {
        private const val AUTHORITY = "documents.example"

        /** Installs the app on the phone under test. */
        public fun install(): Documents = Robolectric.buildContentProvider(Documents::class.java).create(AUTHORITY).get()
    }
}
