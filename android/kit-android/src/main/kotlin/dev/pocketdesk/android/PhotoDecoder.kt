package dev.pocketdesk.android

import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.graphics.Canvas
import android.graphics.Color
import android.graphics.ImageDecoder
import android.graphics.Matrix
import android.media.ExifInterface
import android.os.Build
import androidx.annotation.RequiresApi
import dev.pocketdesk.bindings.SmallerPhoto
import java.io.File
import java.io.FileInputStream
import java.io.IOException
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import kotlin.math.roundToInt

/**
 * Makes smaller JPGs of photos with Android's decoders, which read HEIC from Android 9 on. A new JPG has none of the photo's metadata, so it does not
 * tell where the photo was taken.
 */
internal object PhotoDecoder {
    /**
     * Writes a JPG of [photo] to [target] that is small enough for [wanted]. Blocks.
     *
     * @return false if the photo cannot be read, or none of the attempts is small enough.
     */
    fun writeJpeg(
        photo: File,
        wanted: SmallerPhoto,
        target: File,
    ): Boolean {
        val largest = wanted.attempts.maxOfOrNull { it.longestEdge.toInt() } ?: return false
        val decoded = decoded(photo, largest) ?: return false
        return wanted.attempts.any { attempt ->
            val picture = onWhite(decoded, attempt.longestEdge.toInt())
            target.outputStream().use { picture.compress(Bitmap.CompressFormat.JPEG, attempt.quality.toInt(), it) } &&
                target.length().toULong() <= wanted.maxBytes
        }
    }

    /** The photo, upright, its longest edge at most [longestEdge] pixels; null if it cannot be read. */
    private fun decoded(
        photo: File,
        longestEdge: Int,
    ): Bitmap? =
        try {
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) decodedUpright(photo, longestEdge) else decodedAndTurned(photo, longestEdge)
        } catch (_: IOException) {
            null
        }

    @RequiresApi(Build.VERSION_CODES.P)
    private fun decodedUpright(
        photo: File,
        longestEdge: Int,
    ): Bitmap =
        ImageDecoder.decodeBitmap(ImageDecoder.createSource(mapped(photo))) { decoder, info, _ ->
            // A picture in the memory of the graphics processor could not be drawn on white.
            decoder.allocator = ImageDecoder.ALLOCATOR_SOFTWARE
            val (width, height) = info.size.run { sizeWithin(width, height, longestEdge) }
            decoder.setTargetSize(width, height)
        }

    /** The file in memory, without a copy on the heap. */
    private fun mapped(file: File): ByteBuffer = FileInputStream(file).channel.use { it.map(FileChannel.MapMode.READ_ONLY, 0, it.size()) }

    private fun decodedAndTurned(
        photo: File,
        longestEdge: Int,
    ): Bitmap? {
        val options = BitmapFactory.Options().apply { inJustDecodeBounds = true }
        BitmapFactory.decodeFile(photo.path, options)
        if (options.outWidth <= 0 || options.outHeight <= 0) return null
        options.inJustDecodeBounds = false
        // Halves the size as it reads. The last step is exact.
        options.inSampleSize = Integer.highestOneBit(maxOf(1, maxOf(options.outWidth, options.outHeight) / longestEdge))
        val lying = BitmapFactory.decodeFile(photo.path, options) ?: return null
        val degrees =
            when (ExifInterface(photo.path).getAttributeInt(ExifInterface.TAG_ORIENTATION, ExifInterface.ORIENTATION_NORMAL)) {
                ExifInterface.ORIENTATION_ROTATE_90 -> 90f
                ExifInterface.ORIENTATION_ROTATE_180 -> 180f
                ExifInterface.ORIENTATION_ROTATE_270 -> 270f
                else -> return lying
            }
        return Bitmap.createBitmap(lying, 0, 0, lying.width, lying.height, Matrix().apply { postRotate(degrees) }, true)
    }

    private fun onWhite(
        picture: Bitmap,
        longestEdge: Int,
    ): Bitmap {
        val (width, height) = sizeWithin(picture.width, picture.height, longestEdge)
        val scaled = Bitmap.createScaledBitmap(picture, width, height, true)
        return Bitmap.createBitmap(width, height, Bitmap.Config.ARGB_8888).also {
            Canvas(it).apply {
                drawColor(Color.WHITE)
                drawBitmap(scaled, 0f, 0f, null)
            }
        }
    }

    private fun sizeWithin(
        width: Int,
        height: Int,
        longestEdge: Int,
    ): Pair<Int, Int> {
        val scale = minOf(1.0, longestEdge.toDouble() / maxOf(width, height))
        return maxOf(1, (width * scale).roundToInt()) to maxOf(1, (height * scale).roundToInt())
    }
}
