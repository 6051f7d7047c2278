package dev.pocketdesk.kit.articles

import dev.pocketdesk.bindings.ArticleVote
import dev.pocketdesk.bindings.BlockKind
import dev.pocketdesk.bindings.FileState
import dev.pocketdesk.bindings.ListMarker
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.account.HelpTarget
import dev.pocketdesk.kit.account.SupportViewModel
import dev.pocketdesk.kit.assertLocalised
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.awaitFirstSync
import dev.pocketdesk.kit.configOf
import dev.pocketdesk.kit.create.NewTicketState
import dev.pocketdesk.kit.create.NewTicketViewModel
import dev.pocketdesk.kit.filledDraft
import dev.pocketdesk.kit.helpCenter
import dev.pocketdesk.kit.viewmodel.ViewModelTest
import dev.pocketdesk.sandbox.productFrom
import dev.pocketdesk.sandbox.withFastConsistency
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import java.net.URI
import java.nio.file.Files
import kotlin.time.Duration.Companion.milliseconds

/** Help articles with the real core and the sandbox's help centre of 500 articles. */
class ArticlesTest : ViewModelTest() {
    /** Runs [test] with Ada's client of the web product, in German. */
    private fun withArticles(test: suspend (Pocketdesk) -> Unit) =
        runBlocking {
            val config = configOf(sandbox, folder).copy(product = withFastConsistency(productFrom("impact-web@1")), language = "de")
            Pocketdesk.open(config) { "ada-token" }.use { test(it) }
        }

    private suspend fun Pocketdesk.awaitArticles() {
        awaitFirstSync()
        helpCenter().await("all articles") { it.complete }
    }

    private suspend fun Pocketdesk.someArticle(): Long {
        val section =
            helpCenter()
                .first()
                .categories
                .first()
                .sections
                .first()
        return SectionViewModel(this, scope, section.id)
            .state
            .filterIsInstance<SectionState.Shown>()
            .first()
            .articles
            .first()
            .id
    }

    @Test
    fun `categories lead to sections and sections to articles`() =
        withArticles { client ->
            val model = HelpCenterViewModel(client, scope)
            val shown = model.state.filterIsInstance<HelpCenterScreenState.Shown>().await("every article") { it.complete }
            assertEquals(
                listOf("Konto & Anmeldung", "Auszahlungen & Steuern", "Tracking & Technik", "Partner & Berichte"),
                shown.categories.map { it.name },
            )
            assertEquals(500, shown.categories.sumOf { category -> category.sections.sumOf { it.articles.toInt() } })
            val first =
                shown.categories
                    .first()
                    .sections
                    .first()
            val section =
                SectionViewModel(client, scope, first.id).state.filterIsInstance<SectionState.Shown>().await("the section") { true }
            assertEquals("Erste Schritte" to first.articles.toInt(), section.name to section.articles.size)
            assertEquals("Erste Schritte mit Shopify", section.articles.first().title)
            assertEquals(
                SectionState.Empty,
                SectionViewModel(client, scope, 4711).state.await("no such section") {
                    it !=
                        SectionState.Loading
                },
            )
        }

    @Test
    fun `an article is shown with its structure and its picture is there without a network once it was opened`() =
        withArticles { client ->
            client.awaitArticles()
            val model = ArticleViewModel(client, scope, client.someArticle())
            val before =
                model.state
                    .filterIsInstance<ArticleState.Shown>()
                    .await("the article") { true }
                    .article
            val item = before.content.blocks.first { it.marker == ListMarker.Number(1u) }
            assertEquals("Öffnen Sie Einstellungen → Shopify.", item.spans.joinToString("") { it.text })
            assertTrue(before.content.blocks.any { it.kind == BlockKind.Picture(0u) })
            assertEquals("nothing is fetched before it is opened", FileState.OnServer, before.pictures.single().state)
            assertEquals("article.translated" to true, before.noteKey to before.translated)
            model.fetchPictures()
            model.state.filterIsInstance<ArticleState.Shown>().await("the picture") {
                it.article.pictures
                    .single()
                    .state == FileState.OnDevice
            }
            sandbox.goOffline()
            val file = checkNotNull(model.picture(0))
            assertTrue(Files.size(file) > 0)
            assertEquals(null, model.picture(1))
        }

    @Test
    fun `whether an article was helpful is asked and the answer waits for the network`() =
        withArticles { client ->
            client.awaitArticles()
            val model = ArticleViewModel(client, scope, client.someArticle())
            val shown = model.state.filterIsInstance<ArticleState.Shown>()
            assertEquals(null to true, shown.first().article.run { vote to asks })
            client.setOnline(false)
            model.vote(false)
            shown.await("the waiting answer") { it.article.vote == ArticleVote(helpful = false, waiting = true) }
            model.vote(true)
            shown.await("the other answer") { it.article.vote == ArticleVote(helpful = true, waiting = true) }
            client.setOnline(true)
            shown.await("the sent answer") { it.article.vote == ArticleVote(helpful = true, waiting = false) }
            assertEquals(null, shown.first().failure)
        }

    @Test
    fun `without a network and before anything was read the screen says so and an unknown article is gone`() {
        sandbox.goOffline()
        withArticles { client ->
            HelpCenterViewModel(client, scope).state.await("that there is nothing yet") { it == HelpCenterScreenState.NotYet }
            ArticleViewModel(client, scope, 4711).state.await("that it is gone") { it == ArticleState.Gone }
        }
    }

    @Test
    fun `where the company has no help centre the entry leads to its link and the screen says that there is none`() {
        sandbox.openHelpCenter(false)
        try {
            withArticles { client ->
                val entries = SupportViewModel(client, scope, client.strings("de"), takesHostCalls = false).state
                val link = HelpTarget.Link(URI("https://help.example.com/de"))
                entries.await("the link") { shown -> shown.entries.single { it.id == "articles" }.target == link }
                HelpCenterViewModel(client, scope).state.await("that there is none") { it == HelpCenterScreenState.Empty }
            }
        } finally {
            sandbox.openHelpCenter(true)
        }
    }

    @Test
    fun `while a subject is typed similar articles and own tickets are found without a network`() =
        withArticles { client ->
            client.awaitArticles()
            client.setOnline(false)
            client.submit(client.filledDraft("Überweisung für Februar fehlt 💶"))
            val model = NewTicketViewModel(client, scope, pause = 20.milliseconds)
            val form = model.state.filterIsInstance<NewTicketState.Editing>()
            assertTrue(form.first().similar.run { articles.isEmpty() && tickets.isEmpty() })
            model.subject("erste schritte mit shopify")
            val found = form.await("the articles") { it.similar.articles.isNotEmpty() }.similar
            assertEquals("Erste Schritte mit Shopify", found.articles.first().title)
            model.subject("uberweisung februar")
            val own =
                form
                    .await("the ticket") {
                        it.similar.tickets
                            .firstOrNull()
                            ?.subject
                            ?.startsWith("Überweisung") == true
                    }.similar
            assertEquals("Überweisung für Februar fehlt 💶", own.tickets.first().subject)
            model.subject("")
            form.await("nothing") { it.similar.articles.isEmpty() && it.similar.tickets.isEmpty() }
            assertFalse(
                form
                    .first()
                    .draft.subject
                    .isNotEmpty(),
            )
        }

    @Test
    fun `articles are found without a network while a text is typed and what was found is marked`() =
        withArticles { client ->
            client.awaitArticles()
            sandbox.goOffline()
            client.setOnline(false)
            val model = HelpCenterViewModel(client, scope)
            val shown = model.state.filterIsInstance<HelpCenterScreenState.Shown>()
            assertNull(shown.await("the categories") { it.complete }.found)
            val typed = "SHOPIFY schri"
            typed.indices.forEach { model.search(typed.take(it + 1)) }
            val hits = checkNotNull(shown.await("the articles") { it.found?.text == typed }.found).hits
            val first = hits.first()
            assertEquals("Erste Schritte mit Shopify", first.row.title)
            assertEquals(listOf("Schritte", "Shopify"), first.title.filter { it.hit }.map { it.text })
            assertTrue(first.excerpt.isNotEmpty())
            model.search("Fahrradschlüssel 🚲")
            assertTrue(shown.await("nothing") { it.found?.hits?.isEmpty() == true }.categories.isNotEmpty())
            model.search(" ")
            assertNull(shown.await("the categories again") { it.found == null }.found)
            val again = HelpCenterViewModel(client, scope, start = typed).state.filterIsInstance<HelpCenterScreenState.Shown>()
            assertEquals(hits, again.await("the same after the end of the process") { it.found != null }.found?.hits)
            listOf("articles.search", "articles.search.empty").forEach { assertLocalised(it) }
        }
}
