package dev.pocketdesk.ui.articles

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.HelpCategory
import dev.pocketdesk.kit.articles.HelpCenterScreenState
import dev.pocketdesk.ui.counted
import dev.pocketdesk.ui.parts.Card
import dev.pocketdesk.ui.parts.EntryDivider
import dev.pocketdesk.ui.parts.EntryRow
import dev.pocketdesk.ui.parts.Loading
import dev.pocketdesk.ui.parts.Margin
import dev.pocketdesk.ui.parts.Notice
import dev.pocketdesk.ui.parts.Page
import dev.pocketdesk.ui.string
import dev.pocketdesk.ui.theme.Icons

/**
 * The help centre: its categories, and in each of them the sections that have articles.
 *
 * @param onOpen opens a section.
 */
@Composable
internal fun HelpCenterScreen(
    state: HelpCenterScreenState,
    onBack: () -> Unit,
    onRetry: () -> Unit,
    onOpen: (Long) -> Unit,
) {
    Page(string("articles.title"), onBack) { padding ->
        Box(Modifier.padding(padding)) {
            when (state) {
                HelpCenterScreenState.Loading -> Loading(string("articles.loading"))
                is HelpCenterScreenState.Failed -> NotLoaded(state.stringKey, onRetry)
                HelpCenterScreenState.NotYet ->
                    Centred { Notice(Icons.CloudOff, string("articles.empty.title"), string("articles.empty.text")) }
                HelpCenterScreenState.Empty -> Centred { Notice(Icons.Book, string("articles.none")) }
                is HelpCenterScreenState.Shown -> Categories(state.categories, onOpen)
            }
        }
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
