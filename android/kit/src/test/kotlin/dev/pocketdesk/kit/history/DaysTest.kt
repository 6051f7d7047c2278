package dev.pocketdesk.kit.history

import dev.pocketdesk.bindings.HistorySection
import dev.pocketdesk.bindings.LocalDays
import dev.pocketdesk.bindings.RowPlace
import dev.pocketdesk.bindings.RowTime
import dev.pocketdesk.bindings.WrittenTime
import dev.pocketdesk.bindings.placeRows
import org.junit.Assert.assertEquals
import org.junit.Test
import java.time.Instant
import java.time.ZoneId

/** Days in the device's time zone, and what the core makes of them. */
class DaysTest {
    private fun at(text: String) = Instant.parse(text).toEpochMilli()

    @Test
    fun `days begin at midnight where the device is`() {
        val now = at("2026-03-12T22:30:00Z")
        val berlin = LocalDays(now, at("2026-03-11T23:00:00Z"), at("2026-03-10T23:00:00Z"))
        assertEquals(berlin, localDays(now, ZoneId.of("Europe/Berlin")))
        val tokyo = LocalDays(now, at("2026-03-12T15:00:00Z"), at("2026-03-11T15:00:00Z"))
        assertEquals(tokyo, localDays(now, ZoneId.of("Asia/Tokyo")))
    }

    @Test
    fun `a day on which the clocks change has 23 or 25 hours`() {
        val berlin = ZoneId.of("Europe/Berlin")
        val spring = localDays(at("2026-03-30T10:00:00Z"), berlin)
        assertEquals(23, (spring.today - spring.yesterday) / 3_600_000)
        val autumn = localDays(at("2026-10-26T10:00:00Z"), berlin)
        assertEquals(25, (autumn.today - autumn.yesterday) / 3_600_000)
    }

    @Test
    fun `the core says where a row stands and how its time is written`() {
        val now = at("2026-03-12T14:05:00Z")
        val days = localDays(now, ZoneId.of("Europe/Berlin"))
        val rows =
            listOf(
                RowTime(now, unsent = true),
                RowTime(now - 5 * 60_000, unsent = false),
                RowTime(at("2026-03-11T23:00:00Z"), unsent = false),
                RowTime(at("2026-03-11T22:59:59Z"), unsent = false),
                RowTime(at("2026-03-01T08:00:00Z"), unsent = false),
            )
        val expected =
            listOf(
                RowPlace(HistorySection.UNSENT, WrittenTime.Now, "history.section.unsent", "time.now"),
                RowPlace(HistorySection.TODAY, WrittenTime.Minutes(5u), "history.section.today", "time.minutes"),
                RowPlace(HistorySection.TODAY, WrittenTime.TimeOfDay, "history.section.today", null),
                RowPlace(HistorySection.EARLIER, WrittenTime.Yesterday, "history.section.earlier", "time.yesterday"),
                RowPlace(HistorySection.EARLIER, WrittenTime.Date, "history.section.earlier", null),
            )
        assertEquals(expected, placeRows(days, rows))
    }
}
