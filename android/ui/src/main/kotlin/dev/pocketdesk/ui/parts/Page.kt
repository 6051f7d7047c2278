package dev.pocketdesk.ui.parts

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Scaffold
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import dev.pocketdesk.ui.theme.DeskIcons
import dev.pocketdesk.ui.word

/** The side margin of every screen. */
internal val Margin = 16.dp

private val WidestContent = 640.dp

/**
 * A screen: a bar with its title on top, its content, and what stays at the bottom. Content is no wider than is good to read.
 *
 * @param onBack null on the first screen.
 */
@Composable
internal fun Page(
    title: String,
    onBack: (() -> Unit)?,
    actions: @Composable RowScope.() -> Unit = {},
    bottom: @Composable () -> Unit = {},
    content: @Composable (PaddingValues) -> Unit,
) {
    Scaffold(
        topBar = { TopBar(title, onBack, actions) },
        bottomBar = {
            Box(
                Modifier.fillMaxWidth().windowInsetsPadding(
                    WindowInsets.safeDrawing.only(WindowInsetsSides.Horizontal + WindowInsetsSides.Bottom),
                ),
                Alignment.Center,
            ) { Column(Modifier.widthIn(max = WidestContent).fillMaxWidth()) { bottom() } }
        },
        contentWindowInsets = WindowInsets.safeDrawing.only(WindowInsetsSides.Horizontal),
    ) { padding ->
        Box(Modifier.fillMaxSize(), Alignment.TopCenter) { Box(Modifier.widthIn(max = WidestContent).fillMaxSize()) { content(padding) } }
    }
}

@Composable
private fun TopBar(
    title: String,
    onBack: (() -> Unit)?,
    actions: @Composable RowScope.() -> Unit,
) {
    Row(
        Modifier
            .fillMaxWidth()
            .windowInsetsPadding(WindowInsets.safeDrawing.only(WindowInsetsSides.Horizontal + WindowInsetsSides.Top))
            .heightIn(min = 60.dp)
            .padding(horizontal = 4.dp, vertical = 4.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        if (onBack != null) BarButton(DeskIcons.Back, word("action.back"), onBack)
        CompositionLocalProvider(LocalDensity provides LocalDensity.current.withLettersUpTo(LARGEST_TITLE)) {
            Text(
                title,
                Modifier
                    .weight(1f)
                    .padding(horizontal = if (onBack == null) 12.dp else 4.dp)
                    .semantics { heading() },
                style = MaterialTheme.typography.titleLarge,
                maxLines = 2,
                overflow = TextOverflow.Ellipsis,
            )
        }
        actions()
    }
}

// A title is large already: doubled, it would leave a small phone no room for what it is the title of.
private fun Density.withLettersUpTo(scale: Float) = Density(density, fontScale.coerceAtMost(scale))

private const val LARGEST_TITLE = 1.3f

/** An icon to tap, 48 dp in each direction. */
@Composable
internal fun BarButton(
    icon: ImageVector,
    label: String,
    onClick: () -> Unit,
    enabled: Boolean = true,
) {
    IconButton(onClick, enabled = enabled) { Icon(icon, label) }
}
