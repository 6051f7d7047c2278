package dev.pocketdesk.ui.create

import androidx.compose.foundation.ExperimentalFoundationApi
import androidx.compose.foundation.interaction.MutableInteractionSource
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.relocation.BringIntoViewRequester
import androidx.compose.foundation.relocation.bringIntoViewRequester
import androidx.compose.foundation.text.BasicTextField
import androidx.compose.foundation.text.KeyboardActions
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.ExperimentalMaterial3Api
import androidx.compose.material3.LocalTextStyle
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextFieldDefaults
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.SideEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.onFocusChanged
import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.layout.onSizeChanged
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.error
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.text.TextRange
import androidx.compose.ui.text.input.TextFieldValue
import androidx.compose.ui.text.input.VisualTransformation
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.unit.IntSize
import androidx.compose.ui.unit.dp

/**
 * The text field alone, with the appearance and behaviour that all fields of the form share.
 *
 * The line with the caret stays in view. The field asks for that itself, after it has grown with its text. Compose asks while the user types, when
 * the field still has its old size.
 */
@OptIn(ExperimentalFoundationApi::class, ExperimentalMaterial3Api::class)
@Composable
internal fun TypedField(
    label: String,
    text: String,
    error: String?,
    options: KeyboardOptions,
    lines: IntRange,
    onLeft: () -> Unit,
    fill: Known? = null,
    placeholder: String? = null,
    actions: KeyboardActions = KeyboardActions.Default,
    onText: (String) -> Unit,
) {
    var focused by remember { mutableStateOf(false) }
    var kept by remember { mutableStateOf(TextFieldValue(text, TextRange(text.length))) }
    // The caller has the text, and may change what was typed. The field has the caret.
    val value = kept.copy(text = text)
    SideEffect { if (value != kept) kept = value }
    var reported by remember(text) { mutableStateOf(text) }
    val caret = remember { CaretInView() }
    caret.Follow(value.selection.end, focused)
    val source = remember { MutableInteractionSource() }
    val style = LocalTextStyle.current.copy(color = MaterialTheme.colorScheme.onSurface, textDirection = TextDirection.Content)
    BasicTextField(
        value = value,
        onValueChange = {
            kept = it
            if (reported != it.text) {
                reported = it.text
                onText(it.text)
            }
        },
        modifier =
            Modifier
                .fillMaxWidth()
                .bringIntoViewRequester(caret.requester)
                .onSizeChanged { caret.size = it }
                .filledBySystem(fill, onText)
                .semantics {
                    contentDescription = label
                    if (error != null) error(error)
                }.onFocusChanged {
                    if (focused && !it.isFocused) onLeft()
                    focused = it.isFocused
                },
        textStyle = style,
        cursorBrush = SolidColor(if (error != null) MaterialTheme.colorScheme.error else MaterialTheme.colorScheme.primary),
        keyboardOptions = options,
        keyboardActions = actions,
        singleLine = lines.last == 1,
        minLines = lines.first,
        maxLines = lines.last,
        onTextLayout = { caret.layout = it },
        interactionSource = source,
    ) { field ->
        OutlinedTextFieldDefaults.DecorationBox(
            value = text,
            innerTextField = field,
            enabled = true,
            singleLine = lines.last == 1,
            visualTransformation = VisualTransformation.None,
            interactionSource = source,
            isError = error != null,
            placeholder = placeholder?.let { { Text(it) } },
            colors = fieldColors(),
        ) {
            OutlinedTextFieldDefaults.Container(
                enabled = true,
                isError = error != null,
                interactionSource = source,
                colors = fieldColors(),
                shape = MaterialTheme.shapes.medium,
            )
        }
    }
}

/** Brings the line with the caret into view, below and above by the field's own padding. */
@OptIn(ExperimentalFoundationApi::class)
private class CaretInView {
    val requester = BringIntoViewRequester()
    var layout by mutableStateOf<TextLayoutResult?>(null)
    var size by mutableStateOf(IntSize.Zero)

    @Composable
    fun Follow(
        caret: Int,
        focused: Boolean,
    ) {
        val padding = with(LocalDensity.current) { FIELD_PADDING.toPx() }
        LaunchedEffect(caret, focused, layout, size) {
            val text = layout?.takeIf { focused } ?: return@LaunchedEffect
            val line = text.getCursorRect(caret.coerceIn(0, text.layoutInput.text.length))
            // In a field with more lines than it shows, the line is inside of the field.
            val bottom = (line.bottom + 2 * padding).coerceAtMost(size.height.toFloat())
            val top = line.top.coerceIn(0f, (bottom - line.height).coerceAtLeast(0f))
            requester.bringIntoView(Rect(0f, top, size.width.toFloat(), bottom))
        }
    }
}

/** The space between the border of an outlined field and its text. */
private val FIELD_PADDING = 16.dp
