package dev.pocketdesk.ui.create

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextFieldDefaults
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.MutableState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.error
import androidx.compose.ui.unit.dp
import dev.pocketdesk.ui.parts.Card
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import dev.pocketdesk.ui.theme.extendedColors

/** The length of a text and its limit, in characters. */
internal class Counter(
    val count: Int,
    val limit: Int,
    val over: Boolean,
)

/** The text of a field. The field owns it while the user types, and starts over with [text] when [revision] changes. */
@Composable
internal fun rememberTyped(
    text: String,
    revision: Int,
): MutableState<String> = remember(revision) { mutableStateOf(text) }

/** The label above a field. There it stays readable at any font size and while the field has text. */
@Composable
internal fun FieldLabel(text: String) {
    Text(text, Modifier.padding(start = 4.dp, bottom = 8.dp), style = MaterialTheme.typography.titleSmall)
}

/** A card that looks like the text fields beside it. */
@Composable
internal fun FieldCard(
    wrong: Boolean = false,
    content: @Composable ColumnScope.() -> Unit,
) {
    val colors = MaterialTheme.colorScheme
    val border = BorderStroke(1.dp, if (wrong) colors.error else colors.outline)
    Card(shape = MaterialTheme.shapes.medium, border = border, content = content)
}

/**
 * A text field with its label, its hint or error, and optionally a counter.
 *
 * @param fill what the system may fill in.
 */
@Composable
internal fun LabelledField(
    label: String,
    text: String,
    revision: Int,
    onText: (String) -> Unit,
    hint: String? = null,
    error: String? = null,
    counter: Counter? = null,
    options: KeyboardOptions = KeyboardOptions.Default,
    lines: IntRange = 1..1,
    filter: (String) -> String = { it },
    fill: Known? = null,
    onLeft: () -> Unit,
) {
    var typed by rememberTyped(text, revision)
    Column(Modifier.fillMaxWidth()) {
        FieldLabel(label)
        TypedField(
            label = label,
            text = typed,
            error = error,
            options = options,
            lines = lines,
            fill = fill,
            onLeft = onLeft,
        ) {
            typed = filter(it)
            onText(typed)
        }
        if (error != null || hint != null || counter != null) {
            Row(Modifier.fillMaxWidth().padding(start = 4.dp, end = 4.dp, top = 6.dp), Arrangement.spacedBy(12.dp)) {
                FieldMessage(error, hint, Modifier.weight(1f))
                counter?.let { CounterText(it) }
            }
        }
    }
}

@Composable
private fun FieldMessage(
    error: String?,
    hint: String?,
    modifier: Modifier,
) {
    when {
        error != null -> Note(Icons.Alert, error, modifier, error = true)
        hint != null -> Text(hint, modifier, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodySmall)
        else -> Text("", modifier)
    }
}

@Composable
private fun CounterText(counter: Counter) {
    Text(
        string("new.subject.counter", "count" to counter.count, "limit" to counter.limit),
        color = if (counter.over) MaterialTheme.colorScheme.error else MaterialTheme.colorScheme.onSurfaceVariant,
        style = MaterialTheme.typography.bodySmall,
    )
}

@Composable
internal fun fieldColors() =
    OutlinedTextFieldDefaults.colors(
        focusedContainerColor = extendedColors.card,
        unfocusedContainerColor = extendedColors.card,
        errorContainerColor = extendedColors.card,
        disabledContainerColor = extendedColors.card,
        unfocusedBorderColor = MaterialTheme.colorScheme.outline,
        disabledBorderColor = MaterialTheme.colorScheme.outlineVariant,
    )
