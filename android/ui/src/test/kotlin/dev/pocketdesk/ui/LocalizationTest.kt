package dev.pocketdesk.ui

import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.test.junit4.createComposeRule
import androidx.compose.ui.unit.LayoutDirection
import dev.pocketdesk.kit.Strings
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.Assert.assertEquals
import org.junit.Rule
import org.junit.Test
import java.time.Instant
import java.time.ZoneId
import java.util.Locale
import java.util.TimeZone
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Language, direction, dates and times. */
class LocalizationTest {
    @get:Rule
    val rule = createComposeRule()

    private val afternoon = Instant.parse("2026-03-12T14:05:00Z").toEpochMilli()

    private fun dates(
        tag: String,
        hours24: Boolean? = null,
        zone: String = "Europe/Berlin",
    ) = Dates(Locale.forLanguageTag(tag), ZoneId.of(zone), hours24)

    private fun String.plain() = replace('\u202F', ' ').replace('\u00A0', ' ')

    @Test
    fun `times follow the device's choice of 24 or 12 hours in every language`() {
        assertEquals("15:05", dates("en-US", hours24 = true).time(afternoon).plain())
        assertEquals("3:05 PM", dates("en-US").time(afternoon).plain())
        assertEquals("15:05", dates("de-DE").time(afternoon).plain())
        assertEquals("3:05 PM", dates("de-DE", hours24 = false).time(afternoon).plain())
        assertEquals("12.03.2026, 15:05", dates("de-DE", hours24 = true).moment(afternoon).plain())
        assertEquals("Mar 12, 2026, 15:05", dates("en-US", hours24 = true).moment(afternoon).plain())
        listOf("de-AT", "de-CH", "en-GB", "en-AU", "en-IN", "es-MX", "es-CO", "es-US").forEach { tag ->
            assertEquals(tag, "15:05", dates(tag, hours24 = true).time(afternoon).plain())
        }
    }

    @Test
    fun `dates follow the time zone of the moment`() {
        val zones = MutableStateFlow(ZoneId.of("Asia/Tokyo"))
        var written = ""
        rule.setContent { Localized(Strings.of("de-DE", Locale.GERMANY), null, zones) { written = LocalDates.current.time(afternoon) } }
        rule.waitForIdle()
        assertEquals("23:05", written)
        zones.value = ZoneId.of("America/New_York")
        rule.waitForIdle()
        assertEquals("10:05", written)
    }

    @Test
    fun `a time zone that the user changes is noticed`() {
        val before = TimeZone.getDefault()
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"))
            runBlocking {
                withTimeout(30.seconds) {
                    timeZones(every = 1.milliseconds).first { zone ->
                        if (zone.id == "Asia/Tokyo") TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"))
                        zone.id == "America/New_York"
                    }
                }
            }
        } finally {
            TimeZone.setDefault(before)
        }
    }

    @Test
    fun `the layout follows the language that is shown and not the device`() {
        val shown = mutableListOf<LayoutDirection>()
        val arabic = Strings(Locale.forLanguageTag("ar-EG"), emptyMap())
        rule.setContent {
            CompositionLocalProvider(LocalLayoutDirection provides LayoutDirection.Rtl) {
                Localized(Strings.of("de-DE", Locale.forLanguageTag("ar-EG")), hours24 = null) { shown += LocalLayoutDirection.current }
            }
            CompositionLocalProvider(LocalLayoutDirection provides LayoutDirection.Ltr) {
                Localized(arabic, hours24 = null) { shown += LocalLayoutDirection.current }
            }
        }
        rule.waitForIdle()
        assertEquals(listOf(LayoutDirection.Ltr, LayoutDirection.Rtl), shown)
    }
}
