package dev.pocketdesk.ui.articles

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.HelpCategory
import dev.pocketdesk.kit.FoundArticles
import dev.pocketdesk.kit.articles.HelpCenterScreenState
import dev.pocketdesk.ui.counted
import dev.pocketdesk.ui.parts.Card
import dev.pocketdesk.ui.parts.EntryDivider
import dev.pocketdesk.ui.parts.EntryRow
import dev.pocketdesk.ui.parts.Loading
import dev.pocketdesk.ui.parts.Margin
import dev.pocketdesk.ui.parts.Notice
import dev.pocketdesk.ui.parts.Page
import dev.pocketdesk.ui.parts.SearchActions
import dev.pocketdesk.ui.parts.SearchField
import dev.pocketdesk.ui.parts.withFontScaleUpTo
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/** The actions of the help centre. */
internal class HelpCenterActions(
    val back: () -> Unit,
    val retry: () -> Unit,
    val openSection: (Long) -> Unit,
    val openArticle: (Long) -> Unit = {},
    val search: (String) -> Unit = {},
)

/**
 * The help centre: its categories, in each of them the sections that have articles, and above them a search.
 *
 * @param text what is searched for at first.
 */
@Composable
internal fun HelpCenterScreen(
    state: HelpCenterScreenState,
    actions: HelpCenterActions,
    text: String = "",
) {
    Page(string("articles.title"), actions.back) { padding ->
        Box(Modifier.padding(padding)) {
            when (state) {
                HelpCenterScreenState.Loading -> Loading(string("articles.loading"))
                is HelpCenterScreenState.Failed -> NotLoaded(state.stringKey, actions.retry)
                HelpCenterScreenState.NotYet ->
                    Centred { Notice(Icons.CloudOff, string("articles.empty.title"), string("articles.empty.text")) }
                HelpCenterScreenState.Empty -> Centred { Notice(Icons.Book, string("articles.none")) }
                is HelpCenterScreenState.Shown ->
                    Column {
                        // A list below does not move it: who scrolls may want to search on.
                        val field = Modifier.fillMaxWidth().padding(start = Margin, end = Margin, bottom = 8.dp)
                        CompositionLocalProvider(LocalDensity provides LocalDensity.current.withFontScaleUpTo(LARGEST_FIELD)) {
                            SearchField(string("articles.search"), text, SearchActions(actions.search), field)
                        }
                        val found = state.found
                        if (found == null) Categories(state.categories, actions.openSection) else Found(found, actions.openArticle)
                    }
            }
        }
    }
}

private const val LARGEST_FIELD = 1.5f

/** The articles in which a text was found. */
@Composable
private fun Found(
    found: FoundArticles,
    onOpen: (Long) -> Unit,
) {
    val list = rememberLazyListState()
    // What another text finds begins at its top.
    var before by rememberSaveable { mutableStateOf(found.text) }
    LaunchedEffect(found.text) {
        if (before != found.text) list.requestScrollToItem(0)
        before = found.text
    }
    LazyColumn(
        Modifier.fillMaxSize().testTag("found"),
        list,
        PaddingValues(start = Margin, end = Margin, top = 4.dp, bottom = 24.dp),
        verticalArrangement = Arrangement.spacedBy(8.dp),
    ) {
        item(key = "count") {
            Text(
                counted("articles.count", found.hits.size),
                Modifier.padding(start = 8.dp).semantics { liveRegion = LiveRegionMode.Polite },
                color = MaterialTheme.colorScheme.onSurfaceVariant,
                style = MaterialTheme.typography.bodyMedium,
            )
        }
        if (found.hits.isEmpty()) {
            item(key = "nothing") {
                Notice(Icons.Search, string("search.empty.title"), string("articles.search.empty", "text" to found.text.trim()))
            }
        }
        items(found.hits, key = { it.row.id }) { hit -> ArticleItem(hit.row, hit) { onOpen(hit.row.id) } }
    }
}

@Composable
private fun Categories(
    categories: List<HelpCategory>,
    onOpen: (Long) -> Unit,
) {
    LazyColumn(
        Modifier.fillMaxSize().testTag("categories"),
        contentPadding = PaddingValues(start = Margin, end = Margin, top = 4.dp, bottom = 24.dp),
        verticalArrangement = Arrangement.spacedBy(20.dp),
    ) {
        items(categories, key = { it.id ?: -1L }) { category ->
            Column {
                // A help desk without categories has nothing to tell apart.
                if (category.name.isNotEmpty() || categories.size > 1) {
                    Text(
                        category.name.ifEmpty { string("articles.other") },
                        Modifier.padding(start = 4.dp, bottom = 8.dp).semantics { heading() },
                        style = MaterialTheme.typography.titleMedium,
                    )
                }
                Card {
                    category.sections.forEachIndexed { index, section ->
                        if (index > 0) EntryDivider()
                        EntryRow(
                            icon = Icons.Book,
                            label = section.name.ifEmpty { string("articles.other") },
                            onClick = { onOpen(section.id) },
                            detail = counted("articles.count", section.articles.toInt()),
                        )
                    }
                }
            }
        }
    }
}

/** In place of articles: they cannot be loaded. */
@Composable
internal fun NotLoaded(
    stringKey: String,
    onRetry: () -> Unit,
) = Centred {
    val retry = string("button.retry") to onRetry
    Notice(Icons.Alert, string("articles.failed.title"), string(stringKey), action = retry)
}

/** A notice in the middle of the screen, which scrolls where it does not fit. */
@Composable
internal fun Centred(notice: @Composable () -> Unit) {
    Column(Modifier.fillMaxSize().verticalScroll(rememberScrollState()), Arrangement.Center) { notice() }
}
