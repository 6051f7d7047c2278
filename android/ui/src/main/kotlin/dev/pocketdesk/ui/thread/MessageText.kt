package dev.pocketdesk.ui.thread

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.text.selection.SelectionContainer
import androidx.compose.material3.LocalContentColor
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.draw.drawBehind
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.LocalUriHandler
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.LinkAnnotation
import androidx.compose.ui.text.SpanStyle
import androidx.compose.ui.text.TextLinkStyles
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.buildAnnotatedString
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontStyle
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.rememberTextMeasurer
import androidx.compose.ui.text.style.TextDecoration
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.text.style.TextIndent
import androidx.compose.ui.text.withLink
import androidx.compose.ui.text.withStyle
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.BlockKind
import dev.pocketdesk.bindings.BodyBlock
import dev.pocketdesk.bindings.ListMarker
import dev.pocketdesk.bindings.Message
import dev.pocketdesk.bindings.MessageBody
import dev.pocketdesk.bindings.TextLink
import dev.pocketdesk.bindings.TextSpan
import dev.pocketdesk.ui.parts.PlainButton
import dev.pocketdesk.ui.parts.asMark
import dev.pocketdesk.ui.parts.openQuietly
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.extendedColors

/** The text of a message with its structure. */
@Composable
internal fun MessageText(
    message: Message,
    actions: ThreadActions,
    found: FoundInMessage? = null,
) {
    val pictures =
        TextPictures(
            message.attachments,
            download = { actions.download(message.id, it) },
            file = { actions.picture(message.id, it) },
            open = actions.open?.let { open -> { index, type -> open(message.id, index, type) } },
            thumbnail = { actions.thumbnail(message.id, it) },
        )
    BodyText(message.content, message.id, pictures, Modifier.padding(top = 6.dp), found = found)
}

/**
 * A text with its structure, of a message or of a help article. The quoted mail history is folded until the user asks for it, or looks at what was
 * found in it.
 *
 * @param id tells this text from others in the same place.
 * @param wide whether it takes the whole width, so that what is written from right to left begins at the right of the page.
 */
@Composable
internal fun BodyText(
    body: MessageBody,
    id: Long,
    pictures: TextPictures,
    modifier: Modifier = Modifier,
    wide: Boolean = false,
    found: FoundInMessage? = null,
) {
    val uris = LocalUriHandler.current
    var asked by remember { mutableStateOf<String?>(null) }
    var unfolded by rememberSaveable(id) { mutableStateOf(false) }
    val open: (TextLink) -> Unit = { if (it.differs) asked = it.address else uris.openQuietly(it.address) }
    val blocks = body.blocks
    val folded = body.historyFrom?.toInt() ?: blocks.size
    val places = remember(blocks, found) { found?.inBlocks(blocks).orEmpty() }
    val isFoundBelow = found?.isCurrent == true && places.drop(folded).any { it != null }
    LaunchedEffect(isFoundBelow) { if (isFoundBelow) unfolded = true }
    Column(modifier) {
        Blocks(blocks.take(folded), id, pictures, open, wide, places)
        if (folded < blocks.size) {
            PlainButton({ unfolded = !unfolded }, Modifier.heightIn(min = 48.dp)) {
                Text(string(if (unfolded) "message.history.hide" else "message.history.show"))
            }
            if (unfolded) Blocks(blocks.drop(folded), id, pictures, open, wide, places.drop(folded))
        }
    }
    asked?.let { address ->
        ConfirmDialog(string("link.differs"), address, string("link.open"), { asked = null }) { uris.openQuietly(address) }
    }
}

@Composable
private fun Blocks(
    blocks: List<BodyBlock>,
    id: Long,
    pictures: TextPictures,
    open: (TextLink) -> Unit,
    wide: Boolean,
    places: List<FoundInBlock?>,
) {
    SelectionContainer {
        Column {
            blocks.forEachIndexed { index, block ->
                // The items of a list stand closer together.
                val space =
                    if (index == 0) {
                        0.dp
                    } else if (block.marker != null && blocks[index - 1].lists > 0u) {
                        4.dp
                    } else {
                        10.dp
                    }
                val width = if (wide && block.kind == BlockKind.Paragraph) Modifier.fillMaxWidth() else Modifier
                Block(block, id, pictures, open, width.padding(top = space), places.getOrNull(index))
            }
        }
    }
}

@Composable
private fun Block(
    block: BodyBlock,
    id: Long,
    pictures: TextPictures,
    open: (TextLink) -> Unit,
    modifier: Modifier,
    found: FoundInBlock?,
) {
    val place = modifier.quoted(block.quotes.toInt(), LocalContentColor.current.copy(alpha = 0.4f))
    val style = MaterialTheme.typography.bodyLarge.copy(textDirection = TextDirection.Content)
    when (val kind = block.kind) {
        is BlockKind.Picture -> PictureBlock(kind.attachment.toInt(), id, pictures, place)
        BlockKind.Code -> {
            FoundText(
                text(block.spans, open, found),
                place
                    .fillMaxWidth()
                    .clip(MaterialTheme.shapes.small)
                    .background(LocalContentColor.current.copy(alpha = 0.08f))
                    .padding(8.dp),
                MaterialTheme.typography.bodyMedium.copy(fontFamily = FontFamily.Monospace, textDirection = TextDirection.Content),
                found,
            )
        }
        BlockKind.Paragraph -> {
            val marker = block.marker
            val deep = Indent * (block.lists.toInt() - 1).coerceAtLeast(0)
            if (marker == null) {
                val start = if (block.lists > 0u) deep + Indent else 0.dp
                FoundText(text(block.spans, open, found), place.padding(start = start), style, found)
            } else {
                val mark = marker.text
                FoundText(item(mark, text(block.spans, open, found), style), place.padding(start = deep), style, found, mark.length)
            }
        }
    }
}

/** How far an item of a list stands inside the text around the list. */
private val Indent: Dp = 20.dp

/** Lines at the start of what stands in quotes. */
private fun Modifier.quoted(
    quotes: Int,
    color: Color,
): Modifier {
    if (quotes == 0) return this
    return drawBehind {
        repeat(quotes) {
            val x = (it * QUOTE_INDENT).dp.toPx() + 1.dp.toPx()
            val start = if (layoutDirection == LayoutDirection.Rtl) size.width - x else x
            drawLine(color, Offset(start, 0f), Offset(start, size.height), 2.dp.toPx())
        }
    }.padding(start = (quotes * QUOTE_INDENT).dp)
}

private const val QUOTE_INDENT = 12

private val ListMarker.text: String
    get() =
        when (this) {
            ListMarker.Bullet -> "•  "
            is ListMarker.Number -> "$number. "
        }

/** An item of a list. Its mark is part of the text, so a screen reader reads it and it is copied; later lines begin where the first does. */
@Composable
private fun item(
    mark: String,
    content: AnnotatedString,
    style: TextStyle,
): AnnotatedString {
    val width = rememberTextMeasurer().measure(mark, style).size.width
    val indent = with(LocalDensity.current) { width.toSp() }
    return buildAnnotatedString {
        pushStyle(style.copy(textIndent = TextIndent(restLine = indent)).toParagraphStyle())
        append(mark)
        append(content)
    }
}

@Composable
@ReadOnlyComposable
private fun text(
    spans: List<TextSpan>,
    open: (TextLink) -> Unit,
    found: FoundInBlock?,
): AnnotatedString {
    val mark = extendedColors.run { if (found?.isCurrent == true) currentHit else hit }.asMark()
    return buildAnnotatedString {
        spans.forEach { span ->
            val link = span.link
            if (link == null) {
                append(span)
            } else {
                withLink(LinkAnnotation.Clickable(link.address, LINK) { open(link) }) { append(span) }
            }
        }
        found?.places?.forEach { addStyle(mark, it.first, it.last + 1) }
    }
}

private fun AnnotatedString.Builder.append(span: TextSpan) {
    val style =
        SpanStyle(
            fontWeight = if (span.bold) FontWeight.Bold else null,
            fontStyle = if (span.italic) FontStyle.Italic else null,
            fontFamily = if (span.code) FontFamily.Monospace else null,
        )
    withStyle(style) { append(span.text) }
}

// A link has the colour of the text around it, which can be read on every theme's ground.
private val LINK = TextLinkStyles(SpanStyle(textDecoration = TextDecoration.Underline))
