package dev.pocketdesk.ui.articles

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.articles.ArticleViewModel
import dev.pocketdesk.kit.articles.HelpCenterViewModel
import dev.pocketdesk.kit.articles.SectionViewModel
import dev.pocketdesk.ui.Navigator
import dev.pocketdesk.ui.Screen
import dev.pocketdesk.ui.thread.TextPictures

/** Connects the screens of help articles with their view models and with navigation. */
internal class ArticleRoutes(
    private val client: Pocketdesk,
    private val navigator: Navigator,
    private val back: () -> Unit,
) {
    @Composable
    fun Show(entry: Navigator.Entry) {
        when (val screen = entry.screen) {
            is Screen.ArticleSection -> Section(entry, screen.section)
            is Screen.Article -> Article(entry, screen.article)
            else -> HelpCenter(entry)
        }
    }

    @Composable
    private fun HelpCenter(entry: Navigator.Entry) {
        // What is searched for stays there while an article is read, and after the end of the process.
        var text by rememberSaveable { mutableStateOf("") }
        val model = entry.model { HelpCenterViewModel(client, it, text) }
        val state by model.state.collectAsState()
        val actions =
            remember(model) {
                HelpCenterActions(
                    back = back,
                    retry = model::refresh,
                    openSection = { navigator.open(Screen.ArticleSection(it)) },
                    openArticle = { navigator.open(Screen.Article(it)) },
                    search = {
                        text = it
                        model.search(it)
                    },
                )
            }
        HelpCenterScreen(state, actions, text)
    }

    @Composable
    private fun Section(
        entry: Navigator.Entry,
        section: Long,
    ) {
        val model = entry.model { SectionViewModel(client, it, section) }
        val state by model.state.collectAsState()
        SectionScreen(state, back, model::reload) { navigator.open(Screen.Article(it)) }
    }

    @Composable
    private fun Article(
        entry: Navigator.Entry,
        article: Long,
    ) {
        val model = entry.model { ArticleViewModel(client, it, article) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.fetchPictures() }
        ArticleScreen(state, back, model::reload, model::vote) { shown ->
            TextPictures(shown.pictures, download = { model.fetchPictures() }, file = model::picture)
        }
    }
}
