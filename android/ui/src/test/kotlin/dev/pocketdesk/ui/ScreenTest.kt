package dev.pocketdesk.ui

import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.test.junit4.createComposeRule
import androidx.compose.ui.unit.Density
import dev.pocketdesk.kit.Strings
import dev.pocketdesk.kit.account.Connection
import dev.pocketdesk.ui.parts.LocalConnection
import dev.pocketdesk.ui.theme.PocketdeskTheme
import org.junit.Rule
import java.time.ZoneId
import java.util.Locale

/** Tests of a screen: what a user sees on it, and what a screen reader reads out. */
abstract class ScreenTest {
    @get:Rule
    val rule = createComposeRule()

    protected fun stringsOf(language: String): Strings = Strings.of(language, Locale.forLanguageTag(language))

    protected val en: Strings by lazy { stringsOf("en-GB") }

    protected fun show(
        strings: Strings = en,
        fontScale: Float = 1f,
        connection: Connection = Connection(),
        content: @Composable () -> Unit,
    ) {
        rule.setContent {
            CompositionLocalProvider(
                LocalStrings provides strings,
                LocalDates provides Dates(strings.locale, ZoneId.of("Europe/Berlin")),
                LocalClock provides { Samples.now },
                LocalConnection provides connection,
                LocalDensity provides Density(1f, fontScale),
            ) { PocketdeskTheme(dark = false, content = content) }
        }
    }
}
