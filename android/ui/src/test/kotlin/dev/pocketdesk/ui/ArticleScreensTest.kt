package dev.pocketdesk.ui

import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.assertIsNotSelected
import androidx.compose.ui.test.assertIsSelected
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextInput
import dev.pocketdesk.bindings.Article
import dev.pocketdesk.bindings.ArticleHit
import dev.pocketdesk.bindings.ArticleRow
import dev.pocketdesk.bindings.ArticleVote
import dev.pocketdesk.bindings.Attachment
import dev.pocketdesk.bindings.BlockKind
import dev.pocketdesk.bindings.BodyBlock
import dev.pocketdesk.bindings.FileState
import dev.pocketdesk.bindings.HelpCategory
import dev.pocketdesk.bindings.HelpSection
import dev.pocketdesk.bindings.ListMarker
import dev.pocketdesk.bindings.MessageBody
import dev.pocketdesk.bindings.Segment
import dev.pocketdesk.bindings.Similar
import dev.pocketdesk.bindings.TextSpan
import dev.pocketdesk.kit.FoundArticles
import dev.pocketdesk.kit.articles.ArticleState
import dev.pocketdesk.kit.articles.HelpCenterScreenState
import dev.pocketdesk.kit.articles.SectionState
import dev.pocketdesk.ui.articles.ArticleScreen
import dev.pocketdesk.ui.articles.HelpCenterActions
import dev.pocketdesk.ui.articles.HelpCenterScreen
import dev.pocketdesk.ui.articles.SectionScreen
import dev.pocketdesk.ui.create.NewTicketScreen
import dev.pocketdesk.ui.thread.TextPictures
import org.junit.Assert.assertEquals
import org.junit.Test
import java.time.Instant

/** The screens of help articles. */
class ArticleScreensTest : ScreenTest() {
    private val done = mutableListOf<String>()
    private val row = ArticleRow(7, 3, "Wann kommt meine Überweisung an? 💶", Instant.parse("2026-03-05T23:30:00Z").toEpochMilli())

    private val article =
        Article(
            row = row,
            body = "…",
            content =
                MessageBody(
                    listOf(
                        BodyBlock(BlockKind.Paragraph, listOf(TextSpan("Schritt für Schritt", bold = true))),
                        BodyBlock(BlockKind.Paragraph, listOf(TextSpan("Öffnen")), lists = 1u, marker = ListMarker.Number(1u)),
                        BodyBlock(BlockKind.Picture(0u), emptyList()),
                    ),
                ),
            pictures = listOf(Attachment("Die Einstellungen", "", 0u, FileState.OnServer, canDownload = true)),
            locale = "de",
            translated = true,
            outdated = true,
            shortened = false,
            noteKey = "article.translated",
            asks = true,
            vote = null,
        )

    private var state by mutableStateOf<ArticleState>(ArticleState.Shown(article))

    private fun showArticle() =
        show {
            ArticleScreen(state, { done += "back" }, { done += "retry" }, { done += "vote $it" }) { shown ->
                TextPictures(shown.pictures, download = { done += "picture $it" }, file = { null })
            }
        }

    private val helpCenter =
        HelpCenterActions(
            back = { done += "back" },
            retry = { done += "retry" },
            openSection = { done += "section $it" },
            openArticle = { done += "article $it" },
            search = { done += "search $it" },
        )

    private fun showHelpCenter(
        state: HelpCenterScreenState,
        text: String = "",
    ) = show { HelpCenterScreen(state, helpCenter, text) }

    private val categories = listOf(HelpCategory(1, "Auszahlungen & Steuern", listOf(HelpSection(3, null, "Überweisungen", 26u))))

    private fun found(
        text: String,
        vararg hits: ArticleHit,
    ) = HelpCenterScreenState.Shown(categories, complete = true, FoundArticles(text, hits.toList()))

    @Test
    fun `a field above the categories searches the articles and shows where something was found`() {
        var state by mutableStateOf<HelpCenterScreenState>(HelpCenterScreenState.Shown(categories, complete = true))
        show { HelpCenterScreen(state, helpCenter) }
        val field = rule.onNode(hasContentDescription(en["articles.search"]) and hasSetTextAction())
        field.performTextInput("uberw")
        assertEquals(listOf("search uberw"), done)
        val title = listOf(Segment("Wann kommt meine ", false), Segment("Überw", true), Segment("eisung an? 💶", false))
        val excerpt = listOf(Segment("Eine ", false), Segment("Überw", true), Segment("eisung dauert…", false))
        rule.runOnIdle { state = found("uberw", ArticleHit(row, title, excerpt)) }
        rule.onNodeWithText("Auszahlungen & Steuern").assertDoesNotExist()
        rule.onNodeWithText("1 article").assertIsDisplayed()
        rule.onNode(hasText(row.title) and hasText("Eine Überweisung dauert…") and hasClickAction()).performClick()
        rule.onNodeWithContentDescription(en["search.clear"]).performClick()
        assertEquals(listOf("article 7", "search "), done.drop(1))
    }

    @Test
    fun `articles that have nothing of a text say so and what was typed is there again`() {
        showHelpCenter(found("Fahrrad 🚲"), "Fahrrad 🚲")
        rule.onNodeWithText(en["articles.search.empty", "text" to "Fahrrad 🚲"]).assertIsDisplayed()
        rule.onNode(hasText("Fahrrad 🚲") and hasSetTextAction()).assertIsDisplayed()
    }

    @Test
    fun `categories are shown with their sections and what has no name has one of ours`() {
        val sections = listOf(HelpSection(3, null, "Überweisungen", 26u), HelpSection(4, null, "", 1u))
        showHelpCenter(
            HelpCenterScreenState.Shown(listOf(HelpCategory(1, "Auszahlungen & Steuern", sections)), complete = true),
        )
        rule.onNodeWithText("Auszahlungen & Steuern").assertIsDisplayed()
        rule.onNodeWithText("26 articles").assertIsDisplayed()
        rule.onNodeWithText("1 article").assertIsDisplayed()
        rule.onNode(hasText(en["articles.other"]) and hasClickAction()).performClick()
        rule.onNode(hasText("Überweisungen") and hasClickAction()).performClick()
        assertEquals(listOf("section 4", "section 3"), done)
    }

    @Test
    fun `a help centre without categories has no heading above its sections`() {
        val sections = listOf(HelpSection(3, null, "Überweisungen", 26u), HelpSection(4, null, "IBAN", 1u))
        showHelpCenter(HelpCenterScreenState.Shown(listOf(HelpCategory(null, "", sections)), complete = true))
        rule.onNodeWithText("Überweisungen").assertIsDisplayed()
        rule.onNodeWithText(en["articles.other"]).assertDoesNotExist()
    }

    @Test
    fun `a help centre that is not here yet says when it comes`() {
        showHelpCenter(HelpCenterScreenState.NotYet)
        rule.onNodeWithText(en["articles.empty.text"]).assertIsDisplayed()
    }

    @Test
    fun `a help centre that cannot be loaded says why and offers to try again`() {
        showHelpCenter(HelpCenterScreenState.Failed("problem.signed_out"))
        rule.onNodeWithText(en["articles.failed.title"]).assertIsDisplayed()
        rule.onNodeWithText(en["button.retry"]).performClick()
        assertEquals(listOf("retry"), done)
    }

    @Test
    fun `a section lists its articles with their last update in the device's zone`() {
        show { SectionScreen(SectionState.Shown("Überweisungen", listOf(row)), {}, {}) { done += "article $it" } }
        rule.onNodeWithText("Überweisungen").assertIsDisplayed()
        rule.onNode(hasText("Last updated 6 Mar 2026") and hasClickAction()).performClick()
        assertEquals(listOf("article 7"), done)
    }

    @Test
    fun `an article shows its last update what is said of a translation and its text`() {
        showArticle()
        for (text in listOf(row.title, "Last updated 6 Mar 2026", en["article.translated"], en["article.outdated"], "1. Öffnen")) {
            rule.onNodeWithText(text).performScrollTo().assertIsDisplayed()
        }
        rule.onNodeWithText(en["picture.show"]).performScrollTo().performClick()
        assertEquals(listOf("picture 0"), done)
    }

    @Test
    fun `the answer is chosen can be changed and waits visibly`() {
        showArticle()
        rule.onNodeWithTag("article.helpful.yes").performScrollTo().performClick()
        assertEquals(listOf("vote true"), done)
        state = ArticleState.Shown(article.copy(vote = ArticleVote(helpful = true, waiting = true)))
        rule.onNodeWithTag("article.helpful.yes").assertIsSelected()
        rule.onNodeWithTag("article.helpful.no").assertIsNotSelected()
        rule.onNodeWithText(en["article.helpful.waiting"]).performScrollTo().assertIsDisplayed()
        state = ArticleState.Shown(article.copy(vote = ArticleVote(helpful = true, waiting = false)))
        rule.onNodeWithText(en["article.helpful.thanks"]).performScrollTo().assertIsDisplayed()
        rule.onNodeWithTag("article.helpful.no").performScrollTo().performClick()
        assertEquals(listOf("vote true", "vote false"), done)
    }

    @Test
    fun `nobody is asked where the server takes no answer and an article that is gone says so`() {
        state = ArticleState.Shown(article.copy(asks = false))
        showArticle()
        rule.onNodeWithText(row.title).assertIsDisplayed()
        rule.onNodeWithText(en["article.helpful"]).assertDoesNotExist()
        state = ArticleState.Gone
        rule.onNodeWithText(en["article.gone"]).assertIsDisplayed()
    }

    @Test
    fun `below a subject stand similar articles and the user's own tickets`() {
        val similar = Similar(listOf(row), listOf(Samples.rows[1]))
        show { NewTicketScreen(Samples.editing().copy(similar = similar), Samples.product, recordedForm(done)) }
        rule.onNodeWithText(en["articles.similar"]).assertIsDisplayed()
        rule.onNode(hasText(row.title) and hasClickAction()).performClick()
        rule.onNode(hasText(Samples.rows[1].subject) and hasClickAction()).performScrollTo().performClick()
        assertEquals(listOf("article 7", "ticket 2"), done)
    }
}
