package dev.pocketdesk.ui.theme

import androidx.compose.material3.ColorScheme
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.luminance
import dev.pocketdesk.bindings.Status

/** A background colour, and a content colour with a contrast of at least 4.5 : 1 on it. */
@Immutable
internal data class Tone(
    val container: Color,
    val content: Color,
)

/** The colours for which Material's scheme has no role. */
@Immutable
internal data class ExtendedColors(
    /** Cards and list rows. */
    val card: Color,
    /** Messages of this user. */
    val mine: Tone,
    private val open: Tone,
    private val pending: Tone,
    private val awaiting: Tone,
    private val solved: Tone,
    private val closed: Tone,
) {
    fun of(status: Status): Tone =
        when (status) {
            Status.OPEN -> open
            Status.PENDING -> pending
            Status.AWAITING_REPLY -> awaiting
            Status.SOLVED -> solved
            Status.CLOSED, Status.UNKNOWN -> closed
        }

    companion object {
        val Light =
            ExtendedColors(
                card = Color.White,
                mine = Tone(Color(0xFFDCEEED), Color(0xFF0B2B2D)),
                open = Tone(Color(0xFFE2EDFB), Color(0xFF1B4B85)),
                pending = Tone(Color(0xFFEDE7F8), Color(0xFF573A94)),
                awaiting = Tone(Color(0xFFFFE9C2), Color(0xFF6E4200)),
                solved = Tone(Color(0xFFDDF1E2), Color(0xFF1B5C33)),
                closed = Tone(Color(0xFFE6EAE9), Color(0xFF47514F)),
            )
        val Dark =
            ExtendedColors(
                card = Color(0xFF1A2121),
                mine = Tone(Color(0xFF153B3E), Color(0xFFD9F0F0)),
                open = Tone(Color(0xFF1C3352), Color(0xFFAFCFF6)),
                pending = Tone(Color(0xFF362B53), Color(0xFFD2C2F6)),
                awaiting = Tone(Color(0xFF4B350F), Color(0xFFFFD28B)),
                solved = Tone(Color(0xFF173B25), Color(0xFF9EDDB3)),
                closed = Tone(Color(0xFF2E3635), Color(0xFFC0CAC8)),
            )
    }
}

/** The colours of [PocketdeskTheme]; null in a theme of the app's own. */
internal val LocalExtendedColors = staticCompositionLocalOf<ExtendedColors?> { null }

/** The colours for which Material's scheme has no role. In a theme of the app's own they follow its scheme. */
internal val extendedColors: ExtendedColors
    @Composable @ReadOnlyComposable
    get() = LocalExtendedColors.current ?: MaterialTheme.colorScheme.extended

/** Cards and messages take roles of the scheme. Statuses keep their hue, in the tones for a light or a dark background. */
private val ColorScheme.extended: ExtendedColors
    get() {
        val isDark = background.luminance() < DARKEST_LIGHT
        val statuses = if (isDark) ExtendedColors.Dark else ExtendedColors.Light
        val card = if (isDark) surfaceContainer else surfaceContainerLowest
        return statuses.copy(card = card, mine = Tone(secondaryContainer, onSecondaryContainer))
    }

private const val DARKEST_LIGHT = 0.5f
