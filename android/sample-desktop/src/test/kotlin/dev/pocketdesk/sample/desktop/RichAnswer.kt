package dev.pocketdesk.sample.desktop

import java.awt.Color
import java.awt.Font
import java.awt.image.BufferedImage
import java.io.ByteArrayOutputStream
import javax.imageio.ImageIO

/** An answer as an agent's editor writes it, below which stands the mail that it answers. */
internal object RichAnswer {
    const val TEXT = "Hallo Ada, bitte prüfen Sie diese Schritte."

    /** The beginning of its quoted mail. */
    const val QUOTED = "Seit Dienstag meldet der Pixel"

    const val HTML =
        "<h3>So geht es weiter</h3><p>Hallo Ada, bitte prüfen Sie <b>diese Schritte</b>:</p>" +
            "<ol><li>Öffnen Sie <i>Einstellungen → Tracking → Domains</i>.</li>" +
            "<li>Tragen Sie die neue Domain ein:<ul><li>shop.nordlicht-reisen.example</li><li>www.nordlicht-reisen.example</li></ul></li>" +
            "<li>Warten Sie 10&nbsp;Minuten und laden Sie die Seite neu, " +
            "damit auch der Zwischenspeicher des Browsers die neue Fassung kennt.</li></ol>" +
            "<p>So sieht es aus:</p><img src=\"cid:0\"><p>Mehr dazu steht in der " +
            "<a href=\"https://help.example.com/de/pixel\">Anleitung</a>, oder schreiben Sie an support@help.example.com. " +
            "Ihr Konto: <a href=\"https://login.evil.example/\">https://app.example.com</a></p>" +
            "<pre>&lt;script src=\"https://cdn.example.com/pixel.js\"\n        async&gt;&lt;/script&gt;</pre>" +
            "<blockquote>Der Pixel lädt erst nach der Zustimmung.</blockquote><p>Viele Grüße 🙏<br>Marta Feld</p>" +
            "<div class=\"gmail_quote\"><div>Am 5. März 2026 schrieb Ada Lindqvist:</div>" +
            "<blockquote>$QUOTED auf unserer Bestätigungsseite keine Verkäufe mehr.</blockquote></div>"

    /** A picture of settings. */
    fun picture(): ByteArray {
        val picture = BufferedImage(640, 300, BufferedImage.TYPE_INT_RGB)
        with(picture.createGraphics()) {
            color = Color(0xF2F4F7)
            fillRect(0, 0, 640, 300)
            color = Color(0x26, 0x4B, 0x96)
            fillRect(0, 0, 640, 56)
            color = Color.WHITE
            font = Font(Font.SANS_SERIF, Font.BOLD, 24)
            drawString("Tracking → Domains", 24, 38)
            color = Color.DARK_GRAY
            font = Font(Font.SANS_SERIF, Font.PLAIN, 22)
            listOf("nordlicht-reisen.example", "shop.nordlicht-reisen.example").forEachIndexed { row, name ->
                drawString(
                    name,
                    24,
                    110 + row * 60,
                )
            }
            dispose()
        }
        return ByteArrayOutputStream().also { ImageIO.write(picture, "png", it) }.toByteArray()
    }
}
