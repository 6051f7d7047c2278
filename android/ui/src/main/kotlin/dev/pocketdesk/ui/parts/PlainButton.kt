package dev.pocketdesk.ui.parts

import androidx.compose.foundation.layout.RowScope
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier

/** A button that is only a text. Its corners are less round than a `TextButton`'s, which would cut the lines of a long text that is shown large. */
@Composable
internal fun PlainButton(
    onClick: () -> Unit,
    modifier: Modifier = Modifier,
    enabled: Boolean = true,
    content: @Composable RowScope.() -> Unit,
) = TextButton(onClick, modifier, enabled, shape = MaterialTheme.shapes.small, content = content)
