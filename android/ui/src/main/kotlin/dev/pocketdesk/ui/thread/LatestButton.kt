package dev.pocketdesk.ui.thread

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.sizeIn
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.stateDescription
import androidx.compose.ui.unit.dp
import dev.pocketdesk.ui.counted
import dev.pocketdesk.ui.parts.withFontScaleUpTo
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** A button above the end of the thread that leads there. [count]: how many new messages are below. */
@Composable
internal fun LatestButton(
    count: Int,
    onClick: () -> Unit,
) {
    val colors = MaterialTheme.colorScheme
    val label = string("thread.latest")
    val announced = if (count > 0) counted("thread.unread", count) else ""
    Surface(
        onClick,
        Modifier.semantics {
            contentDescription = label
            if (announced.isNotEmpty()) stateDescription = announced
        },
        color = colors.primary,
        contentColor = colors.onPrimary,
        shape = CircleShape,
        shadowElevation = 3.dp,
    ) {
        Row(
            Modifier.sizeIn(minWidth = 48.dp, minHeight = 48.dp).padding(horizontal = 12.dp).clearAndSetSemantics { },
            Arrangement.spacedBy(6.dp, Alignment.CenterHorizontally),
            Alignment.CenterVertically,
        ) {
            if (count > 0) {
                val density = LocalDensity.current.withFontScaleUpTo(LARGEST_COUNT)
                CompositionLocalProvider(LocalDensity provides density) {
                    Text("$count", style = MaterialTheme.typography.labelLarge)
                }
            }
            Icon(Icons.Down, null, Modifier.size(22.dp))
        }
    }
}

private const val LARGEST_COUNT = 1.5f
