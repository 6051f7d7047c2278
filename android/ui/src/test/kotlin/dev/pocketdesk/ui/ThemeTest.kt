package dev.pocketdesk.ui

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.luminance
import androidx.compose.ui.graphics.toPixelMap
import androidx.compose.ui.test.captureToImage
import androidx.compose.ui.test.junit4.createComposeRule
import androidx.compose.ui.test.onNodeWithTag
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.kit.Strings
import dev.pocketdesk.ui.history.HistoryActions
import dev.pocketdesk.ui.history.HistoryScreen
import dev.pocketdesk.ui.theme.ExtendedColors
import dev.pocketdesk.ui.theme.PocketdeskTheme
import dev.pocketdesk.ui.theme.consistent
import dev.pocketdesk.ui.theme.contrast
import dev.pocketdesk.ui.theme.extended
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import java.util.Locale

/** The colours in a theme of the app's own. */
class ThemeTest {
    @get:Rule
    val rule = createComposeRule()

    /** A theme that its app made dark by a few colours, so that every other role stayed light. */
    private val halfDark =
        lightColorScheme(
            primary = Color(0xFF80CBC4),
            background = Color.Black,
            onBackground = Color.White,
            surface = Color(0xFF101010),
            onSurface = Color.White,
            onSurfaceVariant = Color(0xFFCCCCCC),
            error = Color(0xFFFF8A80),
        )

    private val schemes =
        mapOf(
            "Material's light" to lightColorScheme(),
            "Material's dark" to darkColorScheme(),
            "a red one" to lightColorScheme(primary = Color(0xFF8C0009), surfaceContainerLowest = Color(0xFFFFF8F7)),
            "half dark" to halfDark,
            "amber on black" to darkColorScheme(primary = Color(0xFFFFB300), background = Color.Black, surface = Color.Black),
        )

    @Test
    fun `every text is legible in every theme`() {
        schemes.forEach { (name, scheme) ->
            val colors = scheme.extended
            val dark = scheme.background.luminance() < 0.5f
            listOf(colors.card, colors.mine.container, colors.raised.container).forEach { container ->
                assertTrue("$name: $container is dark", (container.luminance() < 0.4f) == dark)
                listOf(scheme.onSurface, scheme.onSurfaceVariant).forEach {
                    assertTrue("$name: ${contrast(it, container)}", contrast(it, container) >= 4.5f)
                }
            }
            listOf(colors, ExtendedColors.Light, ExtendedColors.Dark).flatMap { listOf(it.hit, it.currentHit) }.forEach { mark ->
                assertTrue("$name: what was found", contrast(mark.content, mark.container) >= 4.5f)
            }
            listOf(ExtendedColors.Light, ExtendedColors.Dark).forEach { own ->
                StatusKind.entries.forEach { assertTrue(contrast(own.of(it).content, own.of(it).container) >= 4.5f) }
            }
        }
    }

    @Test
    fun `dialogs are legible and lines are no louder than texts in any theme and a scheme that is so already stays as it is`() {
        schemes.forEach { (name, scheme) ->
            val mended = scheme.consistent()
            listOf(mended.onSurface, mended.onSurfaceVariant, mended.primary, mended.error).forEach {
                assertTrue("$name: a dialog", contrast(it, mended.surfaceContainerHigh) >= 4.5f)
            }
            assertTrue("$name: lines", contrast(mended.outlineVariant, mended.background) in 1.15f..4.5f)
            assertEquals(name, name == "half dark", mended !== scheme)
        }
    }

    @Test
    fun `cards are dark in a dark theme even inside of Pocketdesk's light one`() {
        rule.setContent {
            PocketdeskTheme(dark = false) { MaterialTheme(halfDark) { History() } }
        }
        val list = rule.onNodeWithTag("tickets").captureToImage().toPixelMap()
        var light = 0
        for (x in 0 until list.width step 7) for (y in 0 until list.height step 7) if (list[x, y].luminance() > 0.5f) light++
        val share = light.toFloat() / ((list.width / 7) * (list.height / 7))
        assertTrue("$share of the list is light", share < 0.1f)
    }

    @Composable
    private fun History() {
        CompositionLocalProvider(LocalStrings provides Strings.of("en-GB", Locale.UK)) {
            HistoryScreen(Samples.history(), HistoryActions({}, {}, {}, {}, {}, null, {}))
        }
    }
}
