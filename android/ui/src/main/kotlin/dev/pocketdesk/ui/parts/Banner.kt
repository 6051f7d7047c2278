package dev.pocketdesk.ui.parts

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.AccountProblem
import dev.pocketdesk.bindings.SyncStatus
import dev.pocketdesk.ui.LocalClock
import dev.pocketdesk.ui.LocalDates
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import dev.pocketdesk.ui.theme.Tone
import dev.pocketdesk.ui.theme.extendedColors

/**
 * Tells about problems of the account, the server and the file, and how far the first sync is. Empty while there is nothing to tell. What
 * stands between the device and the server is told by the [strip][ConnectionStrip] of every screen.
 */
@Composable
internal fun StatusBanner(
    status: SyncStatus,
    onSignIn: (() -> Unit)?,
    onAcknowledge: () -> Unit,
) {
    val colors = MaterialTheme.colorScheme
    Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
        status.recovered?.let {
            Banner(
                icon = Icons.Info,
                text = string(it.key),
                tone = Tone(colors.tertiaryContainer, colors.onTertiaryContainer),
                action = string("button.ok") to onAcknowledge,
            )
        }
        status.accountProblem?.let { problem ->
            ProblemBanner(string(status.problemKey.orEmpty()), onSignIn.takeIf { problem == AccountProblem.SIGNED_OUT })
        }
        status.busyUntil?.let { BusyBanner(it) }
        FirstSync(status)
    }
}

@Composable
private fun ProblemBanner(
    text: String,
    onSignIn: (() -> Unit)?,
) {
    val colors = MaterialTheme.colorScheme
    Banner(
        icon = Icons.Alert,
        text = text,
        tone = Tone(colors.errorContainer, colors.onErrorContainer),
        action = onSignIn?.let { string("button.sign_in") to it },
    )
}

/** The server has asked to be left alone until [until]. The user can still refresh by hand. */
@Composable
private fun BusyBanner(until: Long) {
    Banner(Icons.Clock, string("busy.banner", "time" to LocalDates.current.soon(until, LocalClock.current())), neutral)
}

/** How far the first sync is or, while it cannot go on, that the rest of the history is still to come. */
@Composable
private fun FirstSync(status: SyncStatus) {
    val key = status.restKey ?: return
    val progress = status.firstSync.takeIf { status.obstacle == null }
    Banner(if (progress == null) Icons.Info else Icons.Clock, string(key), neutral) {
        progress?.let { ProgressLine(it, Modifier.padding(top = 8.dp)) }
    }
}

private val neutral: Tone
    @Composable get() = extendedColors.raised

/** A banner with one message and at most one action. */
@Composable
internal fun Banner(
    icon: ImageVector,
    text: String,
    tone: Tone,
    modifier: Modifier = Modifier,
    action: Pair<String, () -> Unit>? = null,
    more: @Composable () -> Unit = {},
) {
    Surface(
        modifier.fillMaxWidth().semantics { liveRegion = LiveRegionMode.Polite },
        color = tone.container,
        contentColor = tone.content,
        shape = MaterialTheme.shapes.medium,
    ) {
        Row(
            Modifier.padding(start = 14.dp, end = 14.dp, top = 12.dp, bottom = if (action == null) 12.dp else 4.dp),
            horizontalArrangement = Arrangement.spacedBy(12.dp),
        ) {
            // With large text, the words need the space of the icon.
            if (LocalDensity.current.fontScale <= LARGEST_WITH_ICON) Icon(icon, null, Modifier.size(20.dp))
            Column(Modifier.weight(1f)) {
                Text(text, style = MaterialTheme.typography.bodyMedium)
                more()
                if (action != null) PlainButton(action.second, Modifier.align(Alignment.End)) { Text(action.first) }
            }
        }
    }
}

private const val LARGEST_WITH_ICON = 1.4f

/** An icon and a line of small text. */
@Composable
internal fun Note(
    icon: ImageVector,
    text: String,
    modifier: Modifier = Modifier,
    error: Boolean = false,
) {
    val colour = if (error) MaterialTheme.colorScheme.error else MaterialTheme.colorScheme.onSurfaceVariant
    Row(modifier, Arrangement.spacedBy(6.dp), Alignment.Top) {
        Icon(icon, null, Modifier.padding(top = 1.dp).size(16.dp.withText()), tint = colour)
        Text(text, Modifier.weight(1f, fill = false), color = colour, style = MaterialTheme.typography.bodySmall)
    }
}
