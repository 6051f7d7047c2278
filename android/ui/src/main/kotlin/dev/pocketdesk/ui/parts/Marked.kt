package dev.pocketdesk.ui.parts

import androidx.compose.runtime.Composable
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.SpanStyle
import androidx.compose.ui.text.buildAnnotatedString
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.withStyle
import dev.pocketdesk.bindings.Segment
import dev.pocketdesk.ui.theme.Tone
import dev.pocketdesk.ui.theme.extendedColors

/** How a part of a text looks that was found. It is bold as well, so that it is told without its colours. A screen reader reads the plain text. */
internal fun Tone.asMark() = SpanStyle(color = content, background = container, fontWeight = FontWeight.Bold)

/** A text with what was found in it. */
@Composable
@ReadOnlyComposable
internal fun marked(segments: List<Segment>): AnnotatedString {
    val mark = extendedColors.hit.asMark()
    return buildAnnotatedString {
        segments.forEach { if (it.hit) withStyle(mark) { append(it.text) } else append(it.text) }
    }
}

/** The plain text of these parts. */
internal val List<Segment>.plain: String get() = joinToString("") { it.text }
