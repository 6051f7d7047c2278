package dev.pocketdesk.ui.articles

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.ArticleHit
import dev.pocketdesk.bindings.ArticleRow
import dev.pocketdesk.kit.articles.SectionState
import dev.pocketdesk.ui.LocalDates
import dev.pocketdesk.ui.parts.Card
import dev.pocketdesk.ui.parts.Loading
import dev.pocketdesk.ui.parts.Margin
import dev.pocketdesk.ui.parts.Notice
import dev.pocketdesk.ui.parts.Page
import dev.pocketdesk.ui.parts.marked
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/**
 * The articles of a section, each with when it was last updated.
 *
 * @param onOpen opens an article.
 */
@Composable
internal fun SectionScreen(
    state: SectionState,
    onBack: () -> Unit,
    onRetry: () -> Unit,
    onOpen: (Long) -> Unit,
) {
    val title =
        when (state) {
            is SectionState.Shown -> state.name ?: string("articles.other")
            else -> string("articles.title")
        }
    Page(title, onBack) { padding ->
        Box(Modifier.padding(padding)) {
            when (state) {
                SectionState.Loading -> Loading(null)
                is SectionState.Failed -> NotLoaded(state.stringKey, onRetry)
                SectionState.Empty -> Centred { Notice(Icons.Book, string("articles.none")) }
                is SectionState.Shown ->
                    LazyColumn(
                        Modifier.fillMaxSize().testTag("articles"),
                        contentPadding = PaddingValues(start = Margin, end = Margin, top = 4.dp, bottom = 24.dp),
                        verticalArrangement = Arrangement.spacedBy(8.dp),
                    ) { items(state.articles, key = { it.id }) { article -> ArticleItem(article) { onOpen(article.id) } } }
            }
        }
    }
}

/**
 * An article in a list.
 *
 * @param hit where a search has found something in it; null if it stands in its section.
 */
@Composable
internal fun ArticleItem(
    article: ArticleRow,
    hit: ArticleHit? = null,
    onOpen: () -> Unit,
) {
    Card {
        Row(
            Modifier
                .fillMaxWidth()
                .clickable(role = Role.Button, onClick = onOpen)
                .heightIn(min = 64.dp)
                .padding(horizontal = 16.dp, vertical = 12.dp),
            Arrangement.spacedBy(12.dp),
            Alignment.CenterVertically,
        ) {
            Column(Modifier.weight(1f)) {
                Text(
                    hit?.let { marked(it.title) } ?: AnnotatedString(article.title),
                    style = MaterialTheme.typography.titleMedium.copy(textDirection = TextDirection.Content),
                )
                hit?.excerpt?.takeIf { it.isNotEmpty() }?.let {
                    Text(
                        marked(it),
                        Modifier.padding(top = 2.dp),
                        style = MaterialTheme.typography.bodyMedium.copy(textDirection = TextDirection.Content),
                    )
                }
                Text(
                    string("article.updated", "date" to LocalDates.current.day(article.updatedAt)),
                    Modifier.padding(top = 2.dp),
                    color = MaterialTheme.colorScheme.onSurfaceVariant,
                    style = MaterialTheme.typography.bodySmall,
                )
            }
            Icon(Icons.Forward, null, Modifier.size(20.dp), tint = MaterialTheme.colorScheme.onSurfaceVariant)
        }
    }
}
