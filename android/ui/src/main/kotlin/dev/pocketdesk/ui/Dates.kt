package dev.pocketdesk.ui

import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import java.time.chrono.IsoChronology
import java.time.format.DateTimeFormatter
import java.time.format.DateTimeFormatterBuilder
import java.time.format.DateTimeParseException
import java.time.format.FormatStyle
import java.util.Locale

/**
 * Formats dates in a time zone and the reader's locale. Times are milliseconds since 1970 UTC.
 *
 * @param hours24 whether times are written with 24 hours; null: as the locale does.
 */
public class Dates(
    private val locale: Locale = Locale.getDefault(),
    private val zone: ZoneId = ZoneId.systemDefault(),
    private val hours24: Boolean? = null,
) {
    private val days = format(FormatStyle.MEDIUM, null)
    private val times = format(null, FormatStyle.SHORT)
    private val moments = format(FormatStyle.MEDIUM, FormatStyle.SHORT)

    /** Formats the date, without the time. */
    public fun day(millis: Long): String = days.format(Instant.ofEpochMilli(millis).atZone(zone))

    /** Formats a day that has no time, such as `2026-03-05`: it is the same day in every zone. Anything else stays as it is. */
    public fun calendarDay(day: String): String =
        try {
            days.format(LocalDate.parse(day))
        } catch (_: DateTimeParseException) {
            day
        }

    /** Formats the time, without the date. */
    public fun time(millis: Long): String = times.format(Instant.ofEpochMilli(millis).atZone(zone))

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

    private fun format(
        date: FormatStyle?,
        time: FormatStyle?,
    ): DateTimeFormatter {
        val pattern = DateTimeFormatterBuilder.getLocalizedDateTimePattern(date, time, IsoChronology.INSTANCE, locale)
        return DateTimeFormatter.ofPattern(if (time == null) pattern else pattern.withHours(hours24), locale)
    }
}

/** A pattern of a locale with 24 or 12 hours. The hours are the only letters `h` or `H` outside of quoted text. */
private fun String.withHours(hours24: Boolean?): String {
    // Every second part is quoted, such as the “um” of a German date.
    val parts = split('\'')

    fun rewritten(part: String): String =
        when (hours24) {
            null -> part
            true -> part.replace(HalfDay, "").replace(Hours12, "HH")
            false -> if (HalfDay.containsMatchIn(part)) part else part.replace(Hours24) { "h${it.groupValues[1]} a" }
        }
    return parts.mapIndexed { index, part -> if (index % 2 == 0) rewritten(part) else part }.joinToString("'")
}

private val HalfDay = Regex("[\\s\\u00A0\\u202F]*[aB]+[\\s\\u00A0\\u202F]*(?=$|[^a-zA-Z])")
private val Hours12 = Regex("[hK]+")
private val Hours24 = Regex("[Hk]+(.mm)")
