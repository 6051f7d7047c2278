package dev.pocketdesk.ui.details

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.text.selection.DisableSelection
import androidx.compose.foundation.text.selection.SelectionContainer
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.rotate
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.ActionOffer
import dev.pocketdesk.bindings.DetailItem
import dev.pocketdesk.bindings.DetailPart
import dev.pocketdesk.bindings.DetailSection
import dev.pocketdesk.bindings.TicketDetails
import dev.pocketdesk.ui.parts.Card
import dev.pocketdesk.ui.parts.Margin
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/**
 * What the detail screen of a ticket shows beside the messages, as core has resolved it: sections and notes in their order, and the actions without a
 * place of their own in a row of buttons at the end.
 */
@Composable
internal fun DetailsPanel(
    details: TicketDetails,
    onAct: (ActionOffer) -> Unit,
    onToggle: (ActionOffer, Boolean) -> Unit,
) {
    val offers = Offers(details.actions, onAct, onToggle)
    val sections = details.parts.filterIsInstance<DetailPart.Section>()
    val (menu, explanation) = details.menu to details.explanation
    Column(Modifier.padding(start = Margin, end = Margin, bottom = 12.dp), Arrangement.spacedBy(12.dp)) {
        if (sections.isEmpty() && explanation != null) Card { Explanation(explanation) }
        details.parts.forEach { part ->
            when (part) {
                is DetailPart.Note -> NoteText(part.text, Modifier.padding(horizontal = 4.dp))
                is DetailPart.Section ->
                    key(part.section.id) {
                        Card {
                            explanation.takeIf { part === sections.first() }?.let {
                                Explanation(it)
                                Line()
                            }
                            Section(part.section, offers)
                            if (part === sections.last() && menu.isNotEmpty()) {
                                Line()
                                ActionButtons(menu, offers)
                            }
                        }
                    }
                DetailPart.Thread, DetailPart.Transcript -> Unit
            }
        }
        if (sections.isEmpty() && menu.isNotEmpty()) Card { ActionButtons(menu, offers) }
    }
}

@Composable
private fun Explanation(text: String) {
    Text(text, Modifier.padding(horizontal = 16.dp, vertical = 12.dp), style = MaterialTheme.typography.bodyMedium)
}

@Composable
private fun Section(
    section: DetailSection,
    offers: Offers,
) {
    var open by rememberSaveable { mutableStateOf(true) }
    val title = section.title
    if (title != null) Title(title, open.takeIf { section.collapsible }) { open = !open }
    if (!open) return
    SelectionContainer {
        Column(
            Modifier.fillMaxWidth().padding(start = 16.dp, end = 16.dp, top = if (title == null) 12.dp else 0.dp, bottom = 12.dp),
            Arrangement.spacedBy(8.dp),
        ) {
            section.hint?.let { NoteText(it) }
            section.items.forEachIndexed { index, item ->
                key(index) {
                    when (item) {
                        is DetailItem.Value -> Fact(item)
                        is DetailItem.Note -> NoteText(item.text)
                        is DetailItem.Action -> offers.find(item.id)?.let { DisableSelection { Placed(it, offers) } }
                    }
                }
            }
            section.timeline?.let { TimelineSteps(it, offers) }
        }
    }
}

/** An action among the details: a button, or a toggle that shows how it stands. */
@Composable
private fun Placed(
    offer: ActionOffer,
    offers: Offers,
) {
    val toggle = offer.toggle
    if (toggle == null) PlacedAction(offer, offers) else ToggleItem(offer, toggle) { offers.onToggle(offer, it) }
}

/**
 * The title of a section.
 *
 * @param open whether the section is unfolded; null if it cannot be folded.
 */
@Composable
private fun Title(
    text: String,
    open: Boolean?,
    onClick: () -> Unit,
) {
    val action = string(if (open == true) "thread.details.hide" else "thread.details.show")
    val foldable = Modifier.clickable(onClickLabel = action, role = Role.Button, onClick = onClick).heightIn(min = 48.dp)
    Row(
        Modifier
            .fillMaxWidth()
            .then(if (open == null) Modifier else foldable)
            .semantics(mergeDescendants = true) { heading() }
            .padding(start = 16.dp, end = 16.dp, top = 12.dp, bottom = 8.dp),
        Arrangement.spacedBy(12.dp),
        Alignment.CenterVertically,
    ) {
        Text(text, Modifier.weight(1f), style = MaterialTheme.typography.titleSmall)
        if (open != null) {
            Icon(
                Icons.Down,
                null,
                Modifier.size(18.dp).rotate(if (open) HALF_TURN else 0f),
                tint = MaterialTheme.colorScheme.onSurfaceVariant,
            )
        }
    }
}

@Composable
private fun NoteText(
    text: String,
    modifier: Modifier = Modifier,
) {
    Text(
        text,
        modifier,
        color = MaterialTheme.colorScheme.onSurfaceVariant,
        style = MaterialTheme.typography.bodyMedium.copy(textDirection = TextDirection.Content),
    )
}

@Composable
private fun Line() {
    HorizontalDivider(color = MaterialTheme.colorScheme.outlineVariant)
}

private const val HALF_TURN = 180f
