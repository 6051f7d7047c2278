package dev.pocketdesk.ui.create

import androidx.compose.animation.AnimatedVisibility
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.Similar
import dev.pocketdesk.ui.parts.Card
import dev.pocketdesk.ui.parts.withText
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** Help articles and the user's own tickets whose titles are like the subject: perhaps one of them answers the question already. */
@Composable
internal fun SimilarTitles(
    similar: Similar,
    actions: NewTicketActions,
) {
    val articles = similar.articles.take(MOST).map { it.id to it.title }
    val tickets = similar.tickets.take(MOST).map { it.id to it.subject }
    AnimatedVisibility(articles.isNotEmpty() || tickets.isNotEmpty()) {
        Card(Modifier.padding(top = 12.dp).semantics { liveRegion = LiveRegionMode.Polite }) {
            Column(Modifier.padding(vertical = 4.dp)) {
                if (articles.isNotEmpty()) Titles(string("articles.similar"), Icons.Book, articles, actions.openArticle)
                if (tickets.isNotEmpty()) Titles(string("articles.similar_tickets"), Icons.Talk, tickets, actions.openTicket)
            }
        }
    }
}

@Composable
private fun Titles(
    heading: String,
    icon: ImageVector,
    titles: List<Pair<Long, String>>,
    onOpen: (Long) -> Unit,
) {
    Text(
        heading,
        Modifier.padding(start = 16.dp, end = 16.dp, top = 10.dp, bottom = 2.dp).semantics { heading() },
        color = MaterialTheme.colorScheme.onSurfaceVariant,
        style = MaterialTheme.typography.labelLarge,
    )
    titles.forEach { (id, title) ->
        Row(
            Modifier
                .fillMaxWidth()
                .clickable(role = Role.Button) { onOpen(id) }
                .heightIn(min = 48.dp)
                .padding(horizontal = 16.dp, vertical = 8.dp),
            Arrangement.spacedBy(12.dp),
            Alignment.CenterVertically,
        ) {
            Icon(icon, null, Modifier.size(18.dp.withText()), tint = MaterialTheme.colorScheme.onSurfaceVariant)
            Text(
                title,
                Modifier.weight(1f),
                maxLines = 2,
                overflow = TextOverflow.Ellipsis,
                style = MaterialTheme.typography.bodyMedium.copy(textDirection = TextDirection.Content),
            )
        }
    }
}

// More would push the form away.
private const val MOST = 3
