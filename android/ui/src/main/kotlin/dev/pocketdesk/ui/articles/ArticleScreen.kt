package dev.pocketdesk.ui.articles

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.FilterChip
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.Article
import dev.pocketdesk.kit.articles.ArticleState
import dev.pocketdesk.ui.LocalDates
import dev.pocketdesk.ui.parts.Card
import dev.pocketdesk.ui.parts.Loading
import dev.pocketdesk.ui.parts.Margin
import dev.pocketdesk.ui.parts.Note
import dev.pocketdesk.ui.parts.Notice
import dev.pocketdesk.ui.parts.Page
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons
import dev.pocketdesk.ui.thread.BodyText
import dev.pocketdesk.ui.thread.TextPictures

/**
 * A help article: when it was last updated, what is to be known of a translation, the text, and the question whether it was helpful.
 *
 * @param onVote says whether it was.
 * @param pictures the pictures in the text.
 */
@Composable
internal fun ArticleScreen(
    state: ArticleState,
    onBack: () -> Unit,
    onRetry: () -> Unit,
    onVote: (Boolean) -> Unit,
    pictures: (Article) -> TextPictures,
) {
    Page(string("articles.title"), onBack) { padding ->
        Box(Modifier.padding(padding)) {
            when (state) {
                ArticleState.Loading -> Loading(null)
                is ArticleState.Failed -> NotLoaded(state.stringKey, onRetry)
                ArticleState.Gone -> Centred { Notice(Icons.Book, string("article.gone")) }
                is ArticleState.Shown -> Shown(state, onVote, pictures(state.article))
            }
        }
    }
}

@Composable
private fun Shown(
    state: ArticleState.Shown,
    onVote: (Boolean) -> Unit,
    pictures: TextPictures,
) {
    val article = state.article
    Column(
        Modifier
            .fillMaxSize()
            .verticalScroll(rememberScrollState())
            .testTag("article")
            .padding(start = Margin, end = Margin, top = 4.dp, bottom = 24.dp),
    ) {
        Column(Modifier.padding(horizontal = 4.dp)) {
            Text(
                article.row.title,
                // A title from right to left begins at the right.
                Modifier.fillMaxWidth().semantics { heading() },
                style = MaterialTheme.typography.headlineSmall.copy(textDirection = TextDirection.Content),
            )
            Text(
                string("article.updated", "date" to LocalDates.current.day(article.row.updatedAt)),
                Modifier.padding(top = 4.dp),
                color = MaterialTheme.colorScheme.onSurfaceVariant,
                style = MaterialTheme.typography.bodySmall,
            )
            article.notes.forEach { Note(Icons.Info, string(it), Modifier.padding(top = 8.dp)) }
            if (article.content.blocks.isEmpty()) {
                Text(string("article.no_text"), Modifier.padding(top = 16.dp), color = MaterialTheme.colorScheme.onSurfaceVariant)
            } else {
                BodyText(article.content, article.row.id, pictures, Modifier.padding(top = 16.dp), wide = true)
            }
        }
        if (article.asks) Question(state, onVote)
    }
}

/** What stands above the text. */
private val Article.notes: List<String>
    get() =
        listOfNotNull(
            noteKey,
            "article.outdated".takeIf { outdated && translated },
            "article.shortened".takeIf { shortened },
        )

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Question(
    state: ArticleState.Shown,
    onVote: (Boolean) -> Unit,
) {
    val vote = state.article.vote
    Card(Modifier.padding(top = 24.dp)) {
        Column(Modifier.padding(horizontal = 16.dp, vertical = 12.dp)) {
            Text(string("article.helpful"), style = MaterialTheme.typography.titleMedium)
            FlowRow(Modifier.selectableGroup().padding(top = 8.dp), Arrangement.spacedBy(8.dp)) {
                Answer("article.helpful.yes", vote?.helpful == true) { onVote(true) }
                Answer("article.helpful.no", vote?.helpful == false) { onVote(false) }
            }
            Column(Modifier.semantics { liveRegion = LiveRegionMode.Polite }) {
                val failure = state.failure
                when {
                    failure != null -> Note(Icons.Alert, string(failure), error = true)
                    vote?.waiting == true -> Note(Icons.Clock, string("article.helpful.waiting"))
                    vote != null -> Note(Icons.Check, string("article.helpful.thanks"))
                }
            }
        }
    }
}

@Composable
private fun Answer(
    key: String,
    chosen: Boolean,
    onClick: () -> Unit,
) {
    FilterChip(
        selected = chosen,
        onClick = onClick,
        label = { Text(string(key), style = MaterialTheme.typography.bodyLarge) },
        modifier = Modifier.heightIn(min = 48.dp).testTag(key),
        leadingIcon = if (chosen) ({ Icon(Icons.Check, null, Modifier.size(18.dp)) }) else null,
    )
}
