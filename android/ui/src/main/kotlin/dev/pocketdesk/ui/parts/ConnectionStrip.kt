package dev.pocketdesk.ui.parts

import androidx.compose.animation.animateContentSize
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.ProvidableCompositionLocal
import androidx.compose.runtime.compositionLocalOf
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.Obstacle
import dev.pocketdesk.kit.account.Connection
import dev.pocketdesk.ui.counted
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import dev.pocketdesk.ui.theme.extendedColors

/** The connection, for the strip of the screens below. */
internal val LocalConnection: ProvidableCompositionLocal<Connection> = compositionLocalOf { Connection() }

/**
 * A slim strip below the title of every screen: why nothing can be sent or read at the moment, and how much waits. Empty while nothing stands
 * in the way.
 */
@Composable
internal fun ConnectionStrip(connection: Connection) {
    Box(Modifier.fillMaxWidth().animateContentSize().semantics { liveRegion = LiveRegionMode.Polite }) {
        // The strip stays slim: it is on every screen, and the content needs the space.
        CompositionLocalProvider(LocalDensity provides LocalDensity.current.withFontScaleUpTo(LARGEST_STRIP)) {
            connection.obstacle?.let { Strip(it, connection.obstacleKey.orEmpty(), connection.waiting) }
        }
    }
}

@Composable
private fun Strip(
    obstacle: Obstacle,
    key: String,
    waiting: Int,
) {
    val tone = extendedColors.raised
    Box(
        Modifier
            .fillMaxWidth()
            .background(tone.container)
            .windowInsetsPadding(WindowInsets.safeDrawing.only(WindowInsetsSides.Horizontal)),
        Alignment.TopCenter,
    ) {
        Row(
            Modifier.widthIn(max = WidestContent).fillMaxWidth().padding(horizontal = Margin + 4.dp, vertical = 7.dp),
            Arrangement.spacedBy(10.dp),
            Alignment.CenterVertically,
        ) {
            Icon(obstacle.icon, null, Modifier.size(16.dp), tint = tone.content)
            Text(string(key), Modifier.weight(1f), color = tone.content, style = MaterialTheme.typography.bodySmall)
            if (waiting > 0) Waiting(waiting)
        }
    }
}

/** How much waits to be sent: a clock and a number, which a screen reader reads out as a sentence. */
@Composable
private fun Waiting(count: Int) {
    val colour = extendedColors.raised.content
    val announced = counted("offline.unsent", count)
    Row(
        Modifier.clearAndSetSemantics { contentDescription = announced },
        Arrangement.spacedBy(4.dp),
        Alignment.CenterVertically,
    ) {
        Icon(Icons.Clock, null, Modifier.size(14.dp), tint = colour)
        Text("$count", color = colour, style = MaterialTheme.typography.labelMedium)
    }
}

private val Obstacle.icon
    get() =
        when (this) {
            Obstacle.NO_NETWORK -> Icons.CloudOff
            Obstacle.HELP_DESK_UNREACHABLE -> Icons.Alert
        }

private const val LARGEST_STRIP = 1.5f
