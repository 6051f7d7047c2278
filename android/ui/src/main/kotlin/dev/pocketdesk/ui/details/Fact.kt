package dev.pocketdesk.ui.details

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.wrapContentHeight
import androidx.compose.foundation.text.selection.DisableSelection
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalClipboardManager
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.LocalUriHandler
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.DetailItem
import dev.pocketdesk.bindings.ShownLink
import dev.pocketdesk.bindings.ShownValue
import dev.pocketdesk.kit.strings.nameIn
import dev.pocketdesk.ui.LocalDates
import dev.pocketdesk.ui.LocalStrings
import dev.pocketdesk.ui.parts.PlainButton
import dev.pocketdesk.ui.parts.StatusChip
import dev.pocketdesk.ui.parts.openQuietly
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** A label and its value side by side, or one above the other if the text is too large for that. */
@Composable
internal fun Fact(item: DetailItem.Value) {
    val stacked = LocalDensity.current.fontScale > LARGEST_SIDE_BY_SIDE
    if (stacked) {
        Column(Modifier.fillMaxWidth().semantics(mergeDescendants = true) { }) {
            Label(item.label)
            Value(item)
        }
    } else {
        val alignment = if (item.isTall) Alignment.CenterVertically else Alignment.Top
        // Of several links, the first is on a line with the label.
        val height = if (item.value is ShownValue.Links) Modifier.heightIn(min = LINK).wrapContentHeight() else Modifier
        Row(Modifier.fillMaxWidth().semantics(mergeDescendants = true) { }, Arrangement.spacedBy(12.dp), alignment) {
            Label(item.label, Modifier.weight(LABEL_SHARE).then(height))
            Value(item, Modifier.weight(1 - LABEL_SHARE))
        }
    }
}

/** Whether a value of one line is taller than text. */
private val DetailItem.Value.isTall: Boolean get() = secret || copy || value is ShownValue.Status

@Composable
private fun Label(
    text: String,
    modifier: Modifier = Modifier,
) {
    Text(text, modifier, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodyMedium)
}

@Composable
private fun Value(
    item: DetailItem.Value,
    modifier: Modifier = Modifier,
) {
    val value = item.value
    if (value == null) {
        ValueText(string("value.none"), modifier, isMissing = true)
        return
    }
    var revealed by remember(value) { mutableStateOf(!item.secret) }
    Row(modifier, Arrangement.spacedBy(4.dp), Alignment.CenterVertically) {
        Box(Modifier.weight(1f)) { if (revealed) Shown(value) else Hidden() }
        DisableSelection {
            if (item.secret) RevealButton(item.label, revealed) { revealed = !revealed }
            if (item.copy) CopyButton(item.label, textOf(value))
        }
    }
}

@Composable
private fun Shown(value: ShownValue) {
    when (value) {
        is ShownValue.Status -> StatusChip(value.status)
        is ShownValue.Links -> Column { value.links.forEach { Link(it) } }
        else -> ValueText(textOf(value))
    }
}

/** A secret that the user has not asked for. How long it is says nothing. */
@Composable
private fun Hidden() {
    ValueText("••••••", Modifier.clearAndSetSemantics { })
}

@Composable
private fun ValueText(
    text: String,
    modifier: Modifier = Modifier,
    isMissing: Boolean = false,
) {
    val colors = MaterialTheme.colorScheme
    Text(
        text,
        modifier,
        color = if (isMissing) colors.onSurfaceVariant else colors.onSurface,
        style = MaterialTheme.typography.bodyMedium.copy(textDirection = TextDirection.Content),
    )
}

/** A link that leads out of the app. One that is not https is shown, and leads nowhere. */
@Composable
private fun Link(link: ShownLink) {
    val handler = LocalUriHandler.current
    if (!link.url.startsWith("https://", ignoreCase = true)) {
        ValueText(link.title)
        return
    }
    Row(
        Modifier.clickable(role = Role.Button) { handler.openQuietly(link.url) }.heightIn(min = LINK),
        Arrangement.spacedBy(6.dp),
        Alignment.CenterVertically,
    ) {
        Text(
            link.title,
            Modifier.weight(1f, fill = false),
            color = MaterialTheme.colorScheme.primary,
            style = MaterialTheme.typography.bodyMedium.copy(textDirection = TextDirection.Content),
        )
        Icon(Icons.Outside, null, Modifier.size(16.dp), tint = MaterialTheme.colorScheme.primary)
    }
}

@Composable
private fun RevealButton(
    label: String,
    revealed: Boolean,
    onClick: () -> Unit,
) {
    val action = string(if (revealed) "button.hide" else "button.show")
    PlainButton(onClick, Modifier.heightIn(min = 48.dp).semantics { contentDescription = "$action: $label" }) { Text(action) }
}

/** Copies a text. The finger gets 48 dp, and the line stays as high as its text. */
@Composable
private fun CopyButton(
    label: String,
    text: String,
) {
    val clipboard = LocalClipboardManager.current
    var copied by remember(text) { mutableStateOf(false) }
    val action = string(if (copied) "button.copied" else "button.copy")
    val copy = {
        clipboard.setText(AnnotatedString(text))
        copied = true
    }
    Box(Modifier.size(20.dp), Alignment.Center) {
        IconButton(copy, Modifier.requiredSize(48.dp)) {
            Icon(
                if (copied) Icons.Check else Icons.Copy,
                "$action: $label",
                Modifier.size(18.dp),
                tint = MaterialTheme.colorScheme.onSurfaceVariant,
            )
        }
    }
}

/** A value as text: as it is shown, and copied. */
@Composable
@ReadOnlyComposable
internal fun textOf(value: ShownValue): String =
    when (value) {
        is ShownValue.Text -> value.text
        is ShownValue.Texts -> value.texts.joinToString("\n")
        is ShownValue.Status -> value.status.nameIn(LocalStrings.current)
        is ShownValue.Instant -> LocalDates.current.moment(value.at)
        is ShownValue.Day -> LocalDates.current.calendarDay(value.day)
        is ShownValue.Links -> value.links.joinToString("\n") { it.url }
    }

private const val LARGEST_SIDE_BY_SIDE = 1.4f
private const val LABEL_SHARE = 0.38f

/** How high the line of a link is, for a finger. */
private val LINK = 48.dp
