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
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** The side margin of every screen. */
internal val Margin = 16.dp

/** How wide a screen's content becomes. */
internal val WidestContent = 640.dp

/**
 * The frame of a screen: a bar with the title on top, the strip about the connection, the content, and a bar at the bottom. All of them have a
 * maximum width, to stay readable, and the same edges. The bar at the bottom stands on the keyboard while that is open.
 *
 * @param onBack null if back leads nowhere.
 * @param widest how wide it becomes.
 * @param beside whether it stands beside the screen to which back leads. Then the button does not point to one that is not seen.
 * @param search what stands in the bar in place of the title while something is searched for.
 */
@Composable
internal fun Page(
    title: String,
    onBack: (() -> Unit)?,
    widest: Dp = WidestContent,
    beside: Boolean = false,
    search: (@Composable RowScope.() -> Unit)? = null,
    actions: @Composable RowScope.() -> Unit = {},
    bottom: @Composable () -> Unit = {},
    content: @Composable (PaddingValues) -> Unit,
) {
    Scaffold(
        topBar = {
            Column {
                TopBar(widest) {
                    if (search != null) {
                        CompositionLocalProvider(LocalDensity provides LocalDensity.current.withFontScaleUpTo(LARGEST_TITLE)) { search() }
                    } else {
                        Title(title, onBack, if (beside) Icons.Close else Icons.Back)
                        actions()
                    }
                }
                ConnectionStrip(LocalConnection.current)
            }
        },
        bottomBar = {
            Box(
                Modifier.fillMaxWidth().windowInsetsPadding(
                    WindowInsets.safeDrawing.only(WindowInsetsSides.Horizontal + WindowInsetsSides.Bottom),
                ),
                Alignment.Center,
            ) { Column(Modifier.widthIn(max = widest).fillMaxWidth()) { bottom() } }
        },
        contentWindowInsets = WindowInsets.safeDrawing.only(WindowInsetsSides.Horizontal),
    ) { padding ->
        Box(Modifier.fillMaxSize(), Alignment.TopCenter) { Box(Modifier.widthIn(max = widest).fillMaxSize()) { content(padding) } }
    }
}

@Composable
private fun TopBar(
    widest: Dp,
    content: @Composable RowScope.() -> Unit,
) {
    val insets = WindowInsets.safeDrawing.only(WindowInsetsSides.Horizontal + WindowInsetsSides.Top)
    Box(Modifier.fillMaxWidth().windowInsetsPadding(insets), Alignment.Center) {
        Row(
            Modifier
                .widthIn(max = widest)
                .fillMaxWidth()
                .heightIn(min = 60.dp)
                .padding(horizontal = 4.dp, vertical = 4.dp),
            verticalAlignment = Alignment.CenterVertically,
            content = content,
        )
    }
}

@Composable
private fun RowScope.Title(
    title: String,
    onBack: (() -> Unit)?,
    backIcon: ImageVector,
) {
    if (onBack != null) BarButton(backIcon, string("button.back"), onBack)
    CompositionLocalProvider(LocalDensity provides LocalDensity.current.withFontScaleUpTo(LARGEST_TITLE)) {
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
}

// A title is large already. Doubled, it would leave a small phone no space for the content.
internal fun Density.withFontScaleUpTo(scale: Float) = Density(density, fontScale.coerceAtMost(scale))

private const val LARGEST_TITLE = 1.3f

/** The size of a mark beside a text, which grows with the text up to half as much again. */
@Composable
@ReadOnlyComposable
internal fun Dp.withText(): Dp = this * LocalDensity.current.fontScale.coerceIn(1f, LARGEST_MARK)

private const val LARGEST_MARK = 1.5f

/** An icon button of 48 dp. */
@Composable
internal fun BarButton(
    icon: ImageVector,
    label: String,
    onClick: () -> Unit,
    enabled: Boolean = true,
) {
    IconButton(onClick, enabled = enabled) { Icon(icon, label) }
}
