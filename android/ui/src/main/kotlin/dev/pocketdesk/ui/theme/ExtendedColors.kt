package dev.pocketdesk.ui.theme

import androidx.compose.material3.ColorScheme
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.Immutable
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.runtime.remember
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.compositeOver
import androidx.compose.ui.graphics.luminance
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.bindings.tones
import dev.pocketdesk.bindings.Tone as BindingTone

/** A background colour, and a content colour with a contrast of at least 4.5 : 1 on it. */
@Immutable
internal data class Tone(
    val container: Color,
    val content: Color,
)

private fun BindingTone.toTone() = Tone(Color(OPAQUE or background.toInt()), Color(OPAQUE or text.toInt()))

private const val OPAQUE = 0xFF shl 24

/** The colours for which Material's scheme has no role. */
@Immutable
internal data class ExtendedColors(
    /** Cards and list rows. */
    val card: Color,
    /** Messages of this user. */
    val mine: Tone,
    /** Notices that stand out from the background. */
    val raised: Tone,
    /** What was found in a text. */
    val hit: Tone,
    /** What was found in the text that the user looks at. */
    val currentHit: Tone,
    private val statuses: Map<StatusKind, Tone>,
) {
    fun of(kind: StatusKind): Tone = statuses.getValue(kind)

    companion object {
        val Light =
            ExtendedColors(
                card = Color.White,
                mine = Tone(Color(0xFFDCEEED), Color(0xFF0B2B2D)),
                raised = Tone(Color(0xFFDFE5E4), Color(0xFF171C1C)),
                hit = Tone(Color(0xFFFFDF8C), Color(0xFF2B2000)),
                currentHit = Tone(Color(0xFF14595E), Color.White),
                statuses = statusTones(dark = false),
            )
        val Dark =
            ExtendedColors(
                card = Color(0xFF1A2121),
                mine = Tone(Color(0xFF153B3E), Color(0xFFD9F0F0)),
                raised = Tone(Color(0xFF2F3636), Color(0xFFE2E7E6)),
                hit = Tone(Color(0xFF64490A), Color(0xFFFFE9BD)),
                currentHit = Tone(Color(0xFF86D0D2), Color(0xFF00292C)),
                statuses = statusTones(dark = true),
            )

        /** The colours of the statuses, the same on every platform. */
        private fun statusTones(dark: Boolean): Map<StatusKind, Tone> {
            val tones = tones(dark)
            return StatusKind.entries.associateWith { kind ->
                when (kind) {
                    StatusKind.OPEN -> tones.open
                    StatusKind.WORKING -> tones.working
                    StatusKind.AWAITING_USER -> tones.awaitingUser
                    StatusKind.SOLVED -> tones.solved
                    StatusKind.CLOSED -> tones.closed
                }.toTone()
            }
        }
    }
}

/** The colours that belong to a scheme. */
@Immutable
internal class Tones(
    val scheme: ColorScheme,
    val colors: ExtendedColors,
)

/** The colours of the theme around; null if nobody has worked them out. Those of another scheme than the present one do not count. */
internal val LocalTones = staticCompositionLocalOf<Tones?> { null }

/** The colours for which Material's scheme has no role. In a theme of the app's own they follow its scheme. */
internal val extendedColors: ExtendedColors
    @Composable @ReadOnlyComposable
    get() = tonesOf(MaterialTheme.colorScheme, LocalTones.current)

private fun tonesOf(
    scheme: ColorScheme,
    known: Tones?,
): ExtendedColors = known?.takeIf { it.scheme === scheme }?.colors ?: scheme.extended

/** Works the colours out once for everything in [content]. */
@Composable
internal fun WithTones(content: @Composable () -> Unit) {
    val given = MaterialTheme.colorScheme
    val scheme = remember(given) { given.consistent() }
    val around = LocalTones.current
    val tones = remember(scheme, around) { Tones(scheme, tonesOf(scheme, around)) }
    CompositionLocalProvider(LocalTones provides tones) { MaterialTheme(scheme, content = content) }
}

/**
 * The same scheme, with lines that do not stand out more than texts do, and with dialogs on which its texts are legible. The dark scheme of an app
 * that sets only a few colours has both as they are in the light one.
 */
internal fun ColorScheme.consistent(): ColorScheme {
    val isQuiet = contrast(outlineVariant, background) < LEAST_CONTRAST
    val lines = if (isQuiet) outlineVariant else onBackground.shaded(LINE_SHADE, background)
    val dialogs = legible(RAISED_SHADE, listOf(surfaceContainerHigh))
    return if (isQuiet && dialogs == surfaceContainerHigh) this else copy(outlineVariant = lines, surfaceContainerHigh = dialogs)
}

private fun Color.shaded(
    shade: Float,
    background: Color,
) = copy(alpha = shade).compositeOver(background)

/**
 * Cards, messages and notices take the scheme's own roles, as far as its texts are legible on them: an app that sets only a few colours of a dark
 * scheme would leave the others light. Statuses keep their hue, in the tones for a light or a dark background.
 */
internal val ColorScheme.extended: ExtendedColors
    get() {
        val isDark = background.luminance() < DARKEST_LIGHT
        val statuses = if (isDark) ExtendedColors.Dark else ExtendedColors.Light
        return statuses.copy(
            card = legible(CARD_SHADE, listOf(if (isDark) surfaceContainer else surfaceContainerLowest, surface)),
            mine = Tone(legible(MINE_SHADE, listOf(secondaryContainer, primaryContainer)), onSurface),
            raised = Tone(legible(RAISED_SHADE, listOf(surfaceContainerHighest, surfaceContainerHigh)), onSurface),
            hit = pair(tertiaryContainer, onTertiaryContainer),
            currentHit = pair(primary, onPrimary),
        )
    }

/** A container of the scheme with its own content or, where an app has set only one of them, with black or white. */
private fun pair(
    container: Color,
    content: Color,
): Tone = Tone(container, listOf(content, Color.Black, Color.White).firstOrNull { contrast(it, container) >= LEAST_CONTRAST } ?: content)

/** The first of these [roles] on which every text of the scheme is legible, or a [shade] of the background's own text. */
private fun ColorScheme.legible(
    shade: Float,
    roles: List<Color>,
): Color {
    val texts = listOf(onSurface, onSurfaceVariant, primary, error)
    return roles.firstOrNull { role -> texts.all { contrast(it, role) >= LEAST_CONTRAST } }
        ?: onBackground.shaded(shade, background)
}

/** The contrast of two colours as WCAG defines it, 1 to 21. */
internal fun contrast(
    one: Color,
    other: Color,
): Float {
    val (darker, lighter) = listOf(one.luminance(), other.luminance()).sorted()
    return (lighter + FLARE) / (darker + FLARE)
}

private const val DARKEST_LIGHT = 0.5f
private const val LEAST_CONTRAST = 4.5f
private const val FLARE = 0.05f
private const val CARD_SHADE = 0.05f
private const val LINE_SHADE = 0.2f
private const val MINE_SHADE = 0.12f
private const val RAISED_SHADE = 0.16f
