package dev.pocketdesk.ui.theme

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.ColorScheme
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Shapes
import androidx.compose.material3.Typography
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.LineHeightStyle
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp

/**
 * Pocketdesk's Material 3 theme.
 *
 * @param dark whether the colours are dark; the default follows the system.
 * @param font the font of all text; the default is the platform's.
 */
@Composable
public fun PocketdeskTheme(
    dark: Boolean = isSystemInDarkTheme(),
    font: FontFamily = FontFamily.Default,
    content: @Composable () -> Unit,
) {
    val tones = if (dark) DarkTones else LightTones
    CompositionLocalProvider(LocalTones provides tones) {
        MaterialTheme(
            colorScheme = tones.scheme,
            shapes = PocketdeskShapes,
            typography = pocketdeskTypography(font),
            content = content,
        )
    }
}

private val LightScheme: ColorScheme =
    lightColorScheme(
        primary = Color(0xFF14595E),
        onPrimary = Color.White,
        primaryContainer = Color(0xFFD6ECEB),
        onPrimaryContainer = Color(0xFF06363A),
        inversePrimary = Color(0xFF86D0D2),
        secondary = Color(0xFF4A6264),
        onSecondary = Color.White,
        secondaryContainer = Color(0xFFE0EBEA),
        onSecondaryContainer = Color(0xFF1E3436),
        tertiary = Color(0xFF7A4A00),
        onTertiary = Color.White,
        tertiaryContainer = Color(0xFFFFEBC7),
        onTertiaryContainer = Color(0xFF5C3800),
        background = Color(0xFFF5F7F6),
        onBackground = Color(0xFF171C1C),
        surface = Color(0xFFF5F7F6),
        onSurface = Color(0xFF171C1C),
        surfaceVariant = Color(0xFFE3E9E8),
        onSurfaceVariant = Color(0xFF4A5655),
        surfaceTint = Color(0xFF14595E),
        inverseSurface = Color(0xFF2B3131),
        inverseOnSurface = Color(0xFFEDF1F0),
        error = Color(0xFFB3261E),
        onError = Color.White,
        errorContainer = Color(0xFFFBE5E2),
        onErrorContainer = Color(0xFF641510),
        outline = Color(0xFF76817F),
        outlineVariant = Color(0xFFD6DDDB),
        surfaceBright = Color.White,
        surfaceDim = Color(0xFFD9DEDD),
        surfaceContainerLowest = Color.White,
        surfaceContainerLow = Color(0xFFF0F3F2),
        surfaceContainer = Color(0xFFEBEFEE),
        surfaceContainerHigh = Color(0xFFE5EAE9),
        surfaceContainerHighest = Color(0xFFDFE5E4),
    )

private val DarkScheme: ColorScheme =
    darkColorScheme(
        primary = Color(0xFF86D0D2),
        onPrimary = Color(0xFF00363A),
        primaryContainer = Color(0xFF174448),
        onPrimaryContainer = Color(0xFFC9EEEE),
        inversePrimary = Color(0xFF14595E),
        secondary = Color(0xFFB1CCCD),
        onSecondary = Color(0xFF1C3436),
        secondaryContainer = Color(0xFF2A3B3C),
        onSecondaryContainer = Color(0xFFD3E5E5),
        tertiary = Color(0xFFFFCF85),
        onTertiary = Color(0xFF432B00),
        tertiaryContainer = Color(0xFF4A3410),
        onTertiaryContainer = Color(0xFFFFDDAB),
        background = Color(0xFF0F1414),
        onBackground = Color(0xFFE2E7E6),
        surface = Color(0xFF0F1414),
        onSurface = Color(0xFFE2E7E6),
        surfaceVariant = Color(0xFF2B3433),
        onSurfaceVariant = Color(0xFFB4C0BE),
        surfaceTint = Color(0xFF86D0D2),
        inverseSurface = Color(0xFFE2E7E6),
        inverseOnSurface = Color(0xFF2B3131),
        error = Color(0xFFFFB4AB),
        onError = Color(0xFF690005),
        errorContainer = Color(0xFF55201C),
        onErrorContainer = Color(0xFFFFDAD5),
        outline = Color(0xFF85918F),
        outlineVariant = Color(0xFF333D3C),
        surfaceBright = Color(0xFF353C3B),
        surfaceDim = Color(0xFF0F1414),
        surfaceContainerLowest = Color(0xFF0A0F0F),
        surfaceContainerLow = Color(0xFF161C1C),
        surfaceContainer = Color(0xFF1A2121),
        surfaceContainerHigh = Color(0xFF242B2B),
        surfaceContainerHighest = Color(0xFF2F3636),
    )

private val LightTones = Tones(LightScheme, ExtendedColors.Light)
private val DarkTones = Tones(DarkScheme, ExtendedColors.Dark)

private val PocketdeskShapes =
    Shapes(
        extraSmall = RoundedCornerShape(6.dp),
        small = RoundedCornerShape(10.dp),
        medium = RoundedCornerShape(14.dp),
        large = RoundedCornerShape(18.dp),
        extraLarge = RoundedCornerShape(26.dp),
    )

private fun pocketdeskTypography(font: FontFamily): Typography {
    fun style(
        size: Int,
        line: Int,
        weight: FontWeight = FontWeight.Normal,
        spacing: Double = 0.0,
    ) = TextStyle(
        fontFamily = font,
        fontSize = size.sp,
        lineHeight = line.sp,
        fontWeight = weight,
        letterSpacing = spacing.sp,
        lineHeightStyle = LineHeightStyle(LineHeightStyle.Alignment.Center, LineHeightStyle.Trim.None),
    )
    return Typography(
        displaySmall = style(32, 40, FontWeight.SemiBold, -0.4),
        headlineMedium = style(26, 32, FontWeight.SemiBold, -0.3),
        headlineSmall = style(22, 28, FontWeight.SemiBold, -0.2),
        titleLarge = style(20, 26, FontWeight.SemiBold, -0.1),
        titleMedium = style(16, 22, FontWeight.Medium),
        titleSmall = style(14, 20, FontWeight.SemiBold),
        bodyLarge = style(16, 24),
        bodyMedium = style(14, 20),
        bodySmall = style(13, 18),
        labelLarge = style(15, 20, FontWeight.SemiBold),
        labelMedium = style(13, 16, FontWeight.Medium),
        labelSmall = style(12, 16, FontWeight.Medium),
    )
}
