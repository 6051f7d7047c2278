package dev.pocketdesk.ui

import androidx.compose.runtime.Composable
import androidx.compose.runtime.ProvidableCompositionLocal
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.runtime.staticCompositionLocalOf
import dev.pocketdesk.kit.Words
import java.time.Instant
import java.time.ZoneId
import java.time.format.DateTimeFormatter
import java.time.format.FormatStyle
import java.util.Locale

/** The words of the screens below. */
public val LocalWords: ProvidableCompositionLocal<Words> =
    staticCompositionLocalOf { Words(Locale.ENGLISH, emptyMap()) }

/** How the screens below write dates. */
public val LocalDates: ProvidableCompositionLocal<Dates> = staticCompositionLocalOf { Dates() }

/** The time now, as the device tells it, in milliseconds since 1970 UTC. */
internal val LocalClock: ProvidableCompositionLocal<() -> Long> = staticCompositionLocalOf { System::currentTimeMillis }

/** Dates in the device's zone and the reader's locale. Times are milliseconds since 1970 UTC. */
public class Dates(
    locale: Locale = Locale.getDefault(),
    private val zone: ZoneId = ZoneId.systemDefault(),
) {
    private val days = DateTimeFormatter.ofLocalizedDate(FormatStyle.MEDIUM).withLocale(locale)
    private val moments = DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT).withLocale(locale)

    public fun day(millis: Long): String = days.format(Instant.ofEpochMilli(millis).atZone(zone))

    public fun moment(millis: Long): String = moments.format(Instant.ofEpochMilli(millis).atZone(zone))
}

/** The text of a word key. */
@Composable
@ReadOnlyComposable
internal fun word(
    key: String,
    vararg values: Pair<String, Any>,
): String = LocalWords.current.get(key, *values)
