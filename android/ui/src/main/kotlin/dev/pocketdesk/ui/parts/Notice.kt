package dev.pocketdesk.ui.parts

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.CircularProgressIndicator
import androidx.compose.material3.Icon
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.SyncProgress
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** A notice in place of content: there is none, or it cannot be loaded. */
@Composable
internal fun Notice(
    icon: ImageVector,
    title: String,
    text: String? = null,
    modifier: Modifier = Modifier,
    action: Pair<String, () -> Unit>? = null,
) {
    Column(
        modifier
            .fillMaxWidth()
            .padding(horizontal = 32.dp, vertical = 24.dp),
        Arrangement.Center,
        Alignment.CenterHorizontally,
    ) {
        Box(
            Modifier.size(72.dp).background(MaterialTheme.colorScheme.secondaryContainer, CircleShape),
            Alignment.Center,
        ) { Icon(icon, null, Modifier.size(32.dp), tint = MaterialTheme.colorScheme.onSecondaryContainer) }
        Text(
            title,
            Modifier.padding(top = 20.dp),
            style = MaterialTheme.typography.titleLarge,
            textAlign = TextAlign.Center,
        )
        if (text != null) {
            Text(
                text,
                Modifier.padding(top = 8.dp),
                color = MaterialTheme.colorScheme.onSurfaceVariant,
                style = MaterialTheme.typography.bodyLarge,
                textAlign = TextAlign.Center,
            )
        }
        if (action != null) {
            OutlinedButton(action.second, Modifier.padding(top = 20.dp).heightIn(min = 48.dp)) { Text(action.first) }
        }
    }
}

/** The content of a screen could not be read from this device. */
@Composable
internal fun Failure(
    stringKey: String,
    modifier: Modifier = Modifier,
    onRetry: () -> Unit,
) {
    Column(modifier.fillMaxSize().verticalScroll(rememberScrollState()), Arrangement.Center) {
        Notice(Icons.Alert, string("history.failed.title"), string(stringKey), action = string("button.retry") to onRetry)
    }
}

/** The content of a screen is loaded for the first time. */
@Composable
internal fun Loading(
    text: String?,
    modifier: Modifier = Modifier,
    progress: SyncProgress? = null,
) {
    Column(modifier.fillMaxSize().padding(32.dp), Arrangement.Center, Alignment.CenterHorizontally) {
        CircularProgressIndicator(Modifier.size(36.dp), strokeWidth = 3.dp)
        if (text != null) {
            Text(
                text,
                Modifier.padding(top = 16.dp),
                color = MaterialTheme.colorScheme.onSurfaceVariant,
                textAlign = TextAlign.Center,
            )
        }
        progress?.let { ProgressLine(it, Modifier.padding(top = 16.dp).widthIn(max = 240.dp)) }
    }
}

/** The progress of the first sync, if the server says how much there is. */
@Composable
internal fun ProgressLine(
    progress: SyncProgress,
    modifier: Modifier = Modifier,
) {
    val percent = progress.percent?.toInt() ?: return
    Column(modifier, Arrangement.spacedBy(6.dp)) {
        LinearProgressIndicator({ percent / 100f }, Modifier.fillMaxWidth(), drawStopIndicator = {})
        Text(string("history.first_sync.of", "percent" to percent), style = MaterialTheme.typography.bodySmall)
    }
}
