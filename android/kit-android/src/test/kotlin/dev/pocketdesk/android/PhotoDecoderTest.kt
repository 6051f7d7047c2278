package dev.pocketdesk.android

import android.app.Application
import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.graphics.Color
import android.media.ExifInterface
import androidx.test.ext.junit.runners.AndroidJUnit4
import dev.pocketdesk.bindings.PhotoAttempt
import dev.pocketdesk.bindings.SmallerPhoto
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.annotation.Config
import java.io.File
import kotlin.random.Random

/** Photos become smaller JPGs with Android's own decoders and encoders. */
@RunWith(AndroidJUnit4::class)
@Config(application = Application::class)
class PhotoDecoderTest {
    @get:Rule
    val folder = TemporaryFolder()

    private val attempts =
        listOf(
            2_560 to 85,
            1_280 to 70,
            512 to 50,
        ).map { (edge, quality) -> PhotoAttempt(edge.toUInt(), quality.toUByte()) }

    private fun wanted(maxBytes: Int) = SmallerPhoto("IMG_0042.jpg", maxBytes.toULong(), attempts)

    /** A picture in which no pixel resembles its neighbour: no format makes it small. */
    private fun noise(
        width: Int,
        height: Int,
    ): Bitmap {
        val random = Random(7)
        val pixels = IntArray(width * height) { random.nextInt() or Color.BLACK }
        return Bitmap.createBitmap(pixels, width, height, Bitmap.Config.ARGB_8888)
    }

    private fun saved(
        picture: Bitmap,
        format: Bitmap.CompressFormat,
    ): File = folder.newFile().apply { outputStream().use { picture.compress(format, 100, it) } }

    private fun jpegOf(
        photo: File,
        maxBytes: Int = 500_000,
    ): File? = folder.newFile().takeIf { PhotoDecoder.writeJpeg(photo, wanted(maxBytes), it) }

    private fun sizeOf(file: File) = BitmapFactory.decodeFile(file.path).run { width to height }

    @Test
    fun `a large photo becomes a JPG that is as large as it may be`() {
        val photo = saved(noise(3_000, 1_500), Bitmap.CompressFormat.JPEG)
        val jpeg = checkNotNull(jpegOf(photo, 900_000))
        assertTrue("${photo.length()}, ${jpeg.length()}", photo.length() > 900_000 && jpeg.length() <= 900_000)
        assertEquals("the second attempt was small enough", 1_280 to 640, sizeOf(jpeg))
        assertEquals(listOf(0xFF, 0xD8), jpeg.readBytes().take(2).map { it.toInt() and 0xFF })
    }

    @Test
    fun `a small picture of another type keeps its size`() {
        val jpeg = checkNotNull(jpegOf(saved(noise(300, 40), Bitmap.CompressFormat.WEBP)))
        assertEquals(300 to 40, sizeOf(jpeg))
    }

    @Test
    fun `a photo that the phone took upright stands upright and does not tell where it was taken`() {
        val photo = saved(noise(400, 300), Bitmap.CompressFormat.JPEG)
        ExifInterface(photo.path).run {
            setAttribute(ExifInterface.TAG_ORIENTATION, ExifInterface.ORIENTATION_ROTATE_90.toString())
            setAttribute(ExifInterface.TAG_GPS_LATITUDE, "48/1,8/1,0/1")
            setAttribute(ExifInterface.TAG_GPS_LATITUDE_REF, "N")
            saveAttributes()
        }
        assertEquals("48/1,8/1,0/1", ExifInterface(photo.path).getAttribute(ExifInterface.TAG_GPS_LATITUDE))
        val jpeg = checkNotNull(jpegOf(photo))
        assertEquals(300 to 400, sizeOf(jpeg))
        assertNull(ExifInterface(jpeg.path).getAttribute(ExifInterface.TAG_GPS_LATITUDE))
    }

    @Test
    fun `what is transparent becomes white`() {
        val jpeg = checkNotNull(jpegOf(saved(Bitmap.createBitmap(64, 64, Bitmap.Config.ARGB_8888), Bitmap.CompressFormat.PNG)))
        assertEquals(Color.WHITE, BitmapFactory.decodeFile(jpeg.path).getPixel(32, 32))
    }

    @Test
    fun `what is no photo or cannot be made small enough becomes none`() {
        assertNull(jpegOf(folder.newFile().apply { writeText("Kein Bild, nur ein Text. 🖼️") }))
        assertNull(jpegOf(saved(noise(2_000, 2_000), Bitmap.CompressFormat.PNG), maxBytes = 2_000))
        assertFalse(PhotoDecoder.writeJpeg(File(folder.root, "weg.jpg"), wanted(500_000), folder.newFile()))
    }
}
