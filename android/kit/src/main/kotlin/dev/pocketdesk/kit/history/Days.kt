package dev.pocketdesk.kit.history

import dev.pocketdesk.bindings.LocalDays
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import java.time.Instant
import java.time.ZoneId

/**
 * The present moment and the days around it, for [placeRows][dev.pocketdesk.bindings.placeRows].
 *
 * @param now in milliseconds since 1970 UTC.
 * @param zone the device's time zone, which the user may change while the app runs.
 */
public fun localDays(
    now: Long = System.currentTimeMillis(),
    zone: ZoneId = ZoneId.systemDefault(),
): LocalDays {
    val today = Instant.ofEpochMilli(now).atZone(zone).toLocalDate()
    val (start, yesterday) = listOf(today, today.minusDays(1)).map { it.atStartOfDay(zone).toInstant().toEpochMilli() }
    return LocalDays(now, start, yesterday)
}

/** Emits the days now and whenever a minute of the device's clock is over. */
internal fun everyMinute(): Flow<LocalDays> =
    flow {
        while (true) {
            val days = localDays()
            emit(days)
            delay(MINUTE - Math.floorMod(days.now, MINUTE))
        }
    }

private const val MINUTE = 60_000L
