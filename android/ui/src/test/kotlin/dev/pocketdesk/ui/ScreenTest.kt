package dev.pocketdesk.ui

import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.test.junit4.createComposeRule
import androidx.compose.ui.unit.Density
import dev.pocketdesk.kit.Words
import dev.pocketdesk.ui.theme.PocketdeskTheme
import org.junit.Rule
import java.time.ZoneId
import java.util.Locale

/** A screen under test: what a user finds on it, in words and for a screen reader. */
abstract class ScreenTest {
    @get:Rule
    val rule = createComposeRule()

    protected fun wordsOf(language: String): Words = Words.of(language, Locale.forLanguageTag(language))

    protected val en: Words by lazy { wordsOf("en-GB") }

    protected fun show(
        words: Words = en,
        letters: Float = 1f,
        content: @Composable () -> Unit,
    ) {
        rule.setContent {
            CompositionLocalProvider(
                LocalWords provides words,
                LocalDates provides Dates(words.locale, ZoneId.of("Europe/Berlin")),
                LocalDensity provides Density(1f, letters),
            ) { PocketdeskTheme(dark = false, content = content) }
        }
    }
}
