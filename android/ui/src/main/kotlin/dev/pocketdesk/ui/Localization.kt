package dev.pocketdesk.ui

import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.ProvidableCompositionLocal
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.unit.LayoutDirection
import dev.pocketdesk.bindings.RowPlace
import dev.pocketdesk.bindings.WrittenTime
import dev.pocketdesk.kit.Strings
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import java.time.ZoneId
import java.util.Locale
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes

/** The strings of the screens below. */
public val LocalStrings: ProvidableCompositionLocal<Strings> =
    staticCompositionLocalOf { Strings(Locale.ENGLISH, emptyMap()) }

/** The date formats of the screens below. */
public val LocalDates: ProvidableCompositionLocal<Dates> = staticCompositionLocalOf { Dates() }

/** The device's clock, in milliseconds since 1970 UTC. */
internal val LocalClock: ProvidableCompositionLocal<() -> Long> = staticCompositionLocalOf { System::currentTimeMillis }

/** The device's time zone. The user may change it, or travel, while the screens are shown. So it is looked up again after each time of [every]. */
internal fun timeZones(every: Duration = 1.minutes): Flow<ZoneId> =
    flow {
        while (true) {
            emit(ZoneId.systemDefault())
            delay(every)
        }
    }.distinctUntilChanged().flowOn(Dispatchers.Default)

/**
 * Shows [content] in the language of [strings], with dates in the device's time zone.
 *
 * @param hours24 whether times are written with 24 hours; null: as the language does.
 * @param zones the device's time zone, now and whenever it changes.
 */
@Composable
internal fun Localized(
    strings: Strings,
    hours24: Boolean?,
    zones: Flow<ZoneId> = remember { timeZones() },
    content: @Composable () -> Unit,
) {
    val zone by zones.collectAsState(ZoneId.systemDefault())
    CompositionLocalProvider(
        LocalStrings provides strings,
        LocalDates provides remember(strings, zone, hours24) { Dates(strings.locale, zone, hours24) },
        // A device whose language is written in the other direction does not turn around what is shown in this one.
        LocalLayoutDirection provides if (strings.isRightToLeft) LayoutDirection.Rtl else LayoutDirection.Ltr,
        content = content,
    )
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
    vararg values: Pair<String, Any>,
): String = LocalStrings.current.counted(key, count, *values)

/** How a list writes the time [at] of a row. */
@Composable
@ReadOnlyComposable
internal fun timeText(
    place: RowPlace,
    at: Long,
): String =
    when (val written = place.written) {
        is WrittenTime.Minutes -> counted(place.timeKey.orEmpty(), written.count.toInt())
        WrittenTime.Now, WrittenTime.Yesterday -> string(place.timeKey.orEmpty())
        WrittenTime.TimeOfDay -> LocalDates.current.time(at)
        WrittenTime.Date -> LocalDates.current.day(at)
    }
