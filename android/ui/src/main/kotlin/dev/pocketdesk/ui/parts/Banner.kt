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
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.AccountProblem
import dev.pocketdesk.bindings.SyncStatus
import dev.pocketdesk.kit.strings.stringKey
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import dev.pocketdesk.ui.theme.Tone

/** Tells about problems of the connection, the account and the file. Empty while there are none. */
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
                text = string(it.stringKey),
                tone = Tone(colors.tertiaryContainer, colors.onTertiaryContainer),
                action = string("action.ok") to onAcknowledge,
            )
        }
        Connection(status, onSignIn)
    }
}

@Composable
private fun Connection(
    status: SyncStatus,
    onSignIn: (() -> Unit)?,
) {
    val problem = status.problem
    val waiting = status.waiting.toInt()
    val colors = MaterialTheme.colorScheme
    val neutral = Tone(colors.surfaceContainerHighest, colors.onSurface)
    val progress = status.firstSync
    when {
        problem != null && !(problem == AccountProblem.SERVER_UNREACHABLE && !status.online) ->
            Banner(
                icon = Icons.Alert,
                text = string(problem.stringKey),
                tone = Tone(colors.errorContainer, colors.onErrorContainer),
                action = onSignIn?.takeIf { problem == AccountProblem.SIGNED_OUT }?.let { string("action.sign_in") to it },
            )
        !status.online ->
            Banner(
                icon = Icons.CloudOff,
                text = string("offline.banner"),
                tone = neutral,
                detail = if (waiting > 0) string("offline.waiting", "count" to waiting) else null,
            )
        progress != null ->
            Banner(Icons.Clock, string("history.first_sync"), neutral) {
                ProgressLine(progress, Modifier.padding(top = 8.dp))
            }
    }
}

/** A banner with one message and at most one action. */
@Composable
internal fun Banner(
    icon: ImageVector,
    text: String,
    tone: Tone,
    modifier: Modifier = Modifier,
    detail: String? = null,
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
            Icon(icon, null, Modifier.size(20.dp))
            Column(Modifier.weight(1f)) {
                Text(text, style = MaterialTheme.typography.bodyMedium)
                if (detail != null) Text(detail, Modifier.padding(top = 2.dp), style = MaterialTheme.typography.titleSmall)
                more()
                if (action != null) TextButton(action.second, Modifier.align(Alignment.End)) { Text(action.first) }
            }
        }
    }
}

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
        Icon(icon, null, Modifier.padding(top = 1.dp).size(16.dp), tint = colour)
        Text(text, Modifier.weight(1f, fill = false), color = colour, style = MaterialTheme.typography.bodySmall)
    }
}
