package dev.pocketdesk.sample.desktop

import androidx.compose.material3.ColorScheme
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.ui.graphics.Color

/** Material themes as other apps have them. */
internal object HostThemes {
    val terracotta = lightColorScheme(primary = Color(0xFF9C3F00), background = Color(0xFFFFF8F4), surface = Color(0xFFFFF8F4))
    val terracottaDark = darkColorScheme(primary = Color(0xFFFFB68F), background = Color(0xFF1A120D), surface = Color(0xFF1A120D))

    /** Of an app that knows blue, white and black only, and leaves every other role as it comes. */
    val blue = lightColorScheme(primary = Color(0xFF0B5CAD), secondary = Color(0xFF0B5CAD), background = Color.White, surface = Color.White)

    /** The same app after dark: it has changed the colours that it noticed in its light theme. */
    val blueDark =
        blue.copy(
            primary = Color(0xFF8AB8F0),
            onPrimary = Color(0xFF00315B),
            background = Color.Black,
            onBackground = Color.White,
            surface = Color(0xFF0E0E0E),
            onSurface = Color.White,
            onSurfaceVariant = Color(0xFFCACACA),
            error = Color(0xFFFFB4AB),
        )

    val all: Map<String, ColorScheme> =
        mapOf("Terracotta" to terracotta, "Terracotta dark" to terracottaDark, "Blue" to blue, "Blue dark" to blueDark)
}
