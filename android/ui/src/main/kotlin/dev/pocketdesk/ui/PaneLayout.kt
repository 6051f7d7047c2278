package dev.pocketdesk.ui

import androidx.compose.animation.AnimatedContent
import androidx.compose.animation.AnimatedContentTransitionScope
import androidx.compose.animation.ContentTransform
import androidx.compose.animation.fadeIn
import androidx.compose.animation.fadeOut
import androidx.compose.animation.slideInHorizontally
import androidx.compose.animation.slideOutHorizontally
import androidx.compose.animation.togetherWith
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.width
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.VerticalDivider
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.movableContentOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.runtime.saveable.rememberSaveableStateHolder
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp

/** From this width on a ticket stands beside the history: Material's "expanded" windows, such as a tablet's in landscape. */
internal val Wide = 840.dp

/** How wide the history is beside a ticket. */
private val BesideWidth = 360.dp

/** The current screen, and in a wide window the history beside a ticket. [screen] is called once for each of them. */
@Composable
internal fun PaneLayout(
    navigator: Navigator,
    screen: @Composable (Navigator.Entry, Panes) -> Unit,
) {
    val shown by rememberUpdatedState(screen)
    val saved = rememberSaveableStateHolder()
    // Each screen is movable content, so it keeps its state when a window of another width puts it into another pane. The map outlives the
    // navigator: after the app has replaced that, the screens of the former one stay until the transition has ended.
    val movable = remember { mutableMapOf<Long, @Composable (Navigator.Entry, Panes) -> Unit>() }
    val content: @Composable (Navigator.Entry, Panes) -> Unit = { entry, panes ->
        movable.getOrPut(entry.id) {
            movableContentOf { moved, place -> saved.SaveableStateProvider(moved.id) { shown(moved, place) } }
        }(entry, panes)
        // What a screen has saved is removed once its entry has left the back stack.
        DisposableEffect(entry.id, navigator) {
            onDispose {
                if (navigator.entries.entries.none { (id) -> id == entry.id }) {
                    movable.remove(entry.id)
                    saved.removeState(entry.id)
                }
            }
        }
    }
    BoxWithConstraints {
        val wide = maxWidth >= Wide
        // No transition leads from one width to another, because a screen cannot be in two panes at once.
        key(wide) {
            AnimatedContent(navigator.panes(wide), transitionSpec = { shift { it.place } }, contentKey = { it.place }) { panes ->
                SideBySide(panes, content)
            }
        }
    }
}

@Composable
private fun SideBySide(
    panes: Panes,
    screen: @Composable (Navigator.Entry, Panes) -> Unit,
) {
    Row(Modifier.fillMaxSize()) {
        val first = if (panes.beside == null) Modifier.weight(1f) else Modifier.width(BesideWidth)
        Box(first) { screen(panes.beside ?: panes.top, panes) }
        if (panes.beside != null) {
            VerticalDivider(color = MaterialTheme.colorScheme.outlineVariant)
            AnimatedContent(
                panes.top,
                Modifier.weight(1f),
                { fadeIn() togetherWith fadeOut() },
                contentKey = { it.id },
            ) { screen(it, panes) }
        }
    }
}

/** A later screen comes from the end of the line, an earlier one from its beginning. */
private fun <T> AnimatedContentTransitionScope<T>.shift(place: (T) -> Long): ContentTransform {
    val direction = if (place(targetState) > place(initialState)) 1 else -1
    return (slideInHorizontally { direction * it / SHIFT } + fadeIn()) togetherWith
        (slideOutHorizontally { -direction * it / SHIFT } + fadeOut())
}

private const val SHIFT = 12
