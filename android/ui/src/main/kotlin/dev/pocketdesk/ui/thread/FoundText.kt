package dev.pocketdesk.ui.thread

import androidx.compose.foundation.ExperimentalFoundationApi
import androidx.compose.foundation.relocation.BringIntoViewRequester
import androidx.compose.foundation.relocation.bringIntoViewRequester
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.BodyBlock
import dev.pocketdesk.bindings.Segment

/** That what was found has to come into view, once. */
internal class Reveal {
    /** Set when it has come into view, so that a user who scrolls away and back is not held there. */
    var isDone: Boolean = false
}

/**
 * What was found in a message.
 *
 * @property parts its plain text.
 * @property isCurrent whether it is the message that the user looks at.
 * @property reveal says that its first place has to come into view; null if it need not.
 */
internal class FoundInMessage(
    val parts: List<Segment>,
    val isCurrent: Boolean,
    val reveal: Reveal? = null,
)

/**
 * What was found in a block: places in its text.
 *
 * @property reveal as in [FoundInMessage], for the first of them.
 */
internal class FoundInBlock(
    val places: List<IntRange>,
    val isCurrent: Boolean,
    val reveal: Reveal?,
)

/** What was found in each of the [blocks]; null for one in which nothing was. */
internal fun FoundInMessage.inBlocks(blocks: List<BodyBlock>): List<FoundInBlock?> {
    val places = placesIn(blocks.map { block -> block.spans.joinToString("") { it.text } }, parts)
    val first = places.indexOfFirst { it.isNotEmpty() }
    return places.mapIndexed { index, found ->
        if (found.isEmpty()) null else FoundInBlock(found, isCurrent, reveal.takeIf { index == first })
    }
}

/**
 * Where the hits of a message's plain text stand in the [texts] of its blocks. The plain text has the texts in the same order, with marks of lists
 * and quotes between them, and before the lines of a quote.
 */
internal fun placesIn(
    texts: List<String>,
    parts: List<Segment>,
): List<List<IntRange>> {
    val plain = parts.joinToString("") { it.text }
    val hits = mutableListOf<IntRange>()
    var at = 0
    parts.forEach { part ->
        if (part.hit) hits += at until at + part.text.length
        at += part.text.length
    }
    var from = 0

    fun place(
        text: String,
        start: Int,
        into: MutableList<IntRange>,
    ): Boolean {
        val found = plain.indexOf(text, from).takeIf { it >= 0 && text.isNotEmpty() } ?: return false
        val end = found + text.length
        hits.forEach { hit ->
            val (first, last) = maxOf(hit.first, found) to minOf(hit.last, end - 1)
            if (first <= last) into += (first - found + start)..(last - found + start)
        }
        from = end
        return true
    }
    return texts.map { text ->
        val places = mutableListOf<IntRange>()
        if (!place(text, 0, places)) {
            var start = 0
            text.split('\n').forEach { line ->
                place(line, start, places)
                start += line.length + 1
            }
        }
        places
    }
}

/** A text of a message. If something was found in it that the user looks at, the list scrolls until its first place is seen. */
@OptIn(ExperimentalFoundationApi::class)
@Composable
internal fun FoundText(
    text: AnnotatedString,
    modifier: Modifier,
    style: TextStyle,
    found: FoundInBlock?,
    before: Int = 0,
) {
    val requester = remember { BringIntoViewRequester() }
    var layout by remember { mutableStateOf<TextLayoutResult?>(null) }
    Text(text, modifier.bringIntoViewRequester(requester), style = style, onTextLayout = { layout = it })
    val around = with(LocalDensity.current) { AROUND.toPx() }
    val place = found?.places?.firstOrNull()?.let { it.first + before }
    LaunchedEffect(found?.reveal, layout != null) {
        val (reveal, drawn) = found?.reveal to layout
        if (reveal == null || reveal.isDone || drawn == null || place == null || place > text.lastIndex) return@LaunchedEffect
        reveal.isDone = true
        val line = drawn.getBoundingBox(place)
        requester.bringIntoView(line.copy(top = line.top - around, bottom = line.bottom + around))
    }
}

/** How much of the text around a hit is shown at least. */
private val AROUND = 32.dp
