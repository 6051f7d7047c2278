package dev.pocketdesk.ui

import androidx.compose.runtime.Composable
import androidx.compose.runtime.ProvidableCompositionLocal
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.runtime.staticCompositionLocalOf
import dev.pocketdesk.kit.Strings
import java.time.Instant
import java.time.ZoneId
import java.time.format.DateTimeFormatter
import java.time.format.FormatStyle
import java.util.Locale

/** The strings of the screens below. */
public val LocalStrings: ProvidableCompositionLocal<Strings> =
    staticCompositionLocalOf { Strings(Locale.ENGLISH, emptyMap()) }

/** The date formats of the screens below. */
public val LocalDates: ProvidableCompositionLocal<Dates> = staticCompositionLocalOf { Dates() }

/** The device's clock, in milliseconds since 1970 UTC. */
internal val LocalClock: ProvidableCompositionLocal<() -> Long> = staticCompositionLocalOf { System::currentTimeMillis }

/** Formats dates in the device's time zone and the reader's locale. Times are milliseconds since 1970 UTC. */
public class Dates(
    locale: Locale = Locale.getDefault(),
    private val zone: ZoneId = ZoneId.systemDefault(),
) {
    private val days = DateTimeFormatter.ofLocalizedDate(FormatStyle.MEDIUM).withLocale(locale)
    private val moments = DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT).withLocale(locale)

    private val times = DateTimeFormatter.ofLocalizedTime(FormatStyle.SHORT).withLocale(locale)

    /** Formats the date, without the time. */
    public fun day(millis: Long): String = days.format(Instant.ofEpochMilli(millis).atZone(zone))

    /** Formats the date and the time. */
    public fun moment(millis: Long): String = moments.format(Instant.ofEpochMilli(millis).atZone(zone))

    /** Formats a time that lies ahead of [now]: the time alone if it is today, otherwise with its date. */
    public fun soon(
        millis: Long,
        now: Long,
    ): String {
        val then = Instant.ofEpochMilli(millis).atZone(zone)
        val isToday = then.toLocalDate() == Instant.ofEpochMilli(now).atZone(zone).toLocalDate()
        return (if (isToday) times else moments).format(then)
    }
}

/** The string of a key. */
@Composable
@ReadOnlyComposable
internal fun string(
    key: String,
    vararg values: Pair<String, Any>,
): String = LocalStrings.current.get(key, *values)

/** The string of a count, in the form that the language has for it. */
@Composable
@ReadOnlyComposable
internal fun counted(
    key: String,
    count: Int,
): String = LocalStrings.current.counted(key, count)
