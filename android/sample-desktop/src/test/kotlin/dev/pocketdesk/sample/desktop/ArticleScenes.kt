package dev.pocketdesk.sample.desktop

import dev.pocketdesk.bindings.Connector
import dev.pocketdesk.bindings.HelpCategory
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.helpCenter
import dev.pocketdesk.sandbox.Company
import dev.pocketdesk.sandbox.SandboxProcess
import dev.pocketdesk.sandbox.SandboxServer
import dev.pocketdesk.sandbox.setUpFor
import dev.pocketdesk.ui.Screen
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration.Companion.seconds

/** Help articles: from the entry to an article, with its picture and the question at its end, offline, and beside the subject of a new ticket. */
internal class ArticleScenes(
    private val screenshots: Screenshots,
    private val connector: Connector,
    private val open: (ClientOptions, ServerLogin) -> Pocketdesk,
) {
    fun play() {
        if (connector != Connector.ZENDESK) {
            screenshots.leaveOut(CHAPTER, "Help articles", "this help desk has no articles")
            return
        }
        SandboxProcess.start("--tickets", "40").use { process ->
            val server = process.server
            server.setUpFor(Company.WEB.definition)
            // Before they are read: a title and a text that are written from right to left, and one that leads to what the user asks.
            server.writeArticle(HEBREW, "en-us", "מתי מגיע התשלום שלי? 💶", HEBREW_TEXT)
            looks.groupBy { (_, look) -> look.language.take(2) }.forEach { (language, looks) -> inLanguage(language, looks, server) }
        }
    }

    private fun inLanguage(
        language: String,
        looks: List<Pair<String, Appearance>>,
        server: SandboxServer,
    ) {
        server.goOffline()
        val options = ClientOptions("articles-$language", Company.WEB.definition, language = language)
        open(options, ServerLogin(server.url, "ada-token")).use { client ->
            OffscreenPhone.play(client, looks.first().second, listOf(Screen.Support, Screen.Articles)) {
                awaitText(strings["articles.empty.text"])
                snap("Offline before anything was read", looks.first().first)
            }
            server.heal()
            client.awaitArticles()
            looks.forEach { (name, look) -> everyScreen(client, name, look) }
            if (language == "en") beyond(client, server)
        }
    }

    private fun everyScreen(
        client: Pocketdesk,
        name: String,
        look: Appearance,
    ) {
        val section =
            client
                .categories()
                .first()
                .sections
                .first()
        OffscreenPhone.play(client, look, listOf(Screen.Account, Screen.Support)) {
            tap(strings["entry.articles"])
            awaitText(client.categories().first().name)
            snap("Categories and their sections", name)
            val title = titles.getValue(look.language.take(2))
            retype(strings["articles.search"], title.dropLast(2))
            awaitText(title)
            snap("Articles that were found", name)
            retype(strings["articles.search"], "")
            tap(section.name)
            awaitText(titles.getValue(look.language.take(2)))
            snap("The articles of a section", name)
            tap(titles.getValue(look.language.take(2)))
            awaitText(strings["article.helpful"])
            await("the picture", hasName(pictures.getValue(look.language.take(2))))
            snap("An article", name)
            scrollToTag("article.helpful.no")
            snap("Its end and the question", name)
            back()
            back()
            open(Screen.NewTicket())
            awaitText(strings["new.description"])
            retype(strings["new.subject"], titles.getValue(look.language.take(2)))
            awaitText(strings["articles.similar"])
            scrollTo(strings["articles.similar"])
            snap("While a subject is typed", name)
        }
        runBlocking { client.discardTicketDraft(client.ticketDraft().id) }
    }

    /** The answer without a network, a text from right to left, and an article that is gone. */
    private fun beyond(
        client: Pocketdesk,
        server: SandboxServer,
    ) {
        val section =
            client
                .categories()
                .first()
                .sections
                .first()
        OffscreenPhone.play(client, screens = listOf(Screen.Support, Screen.Articles, Screen.ArticleSection(section.id))) {
            awaitText(titles.getValue("en"))
            server.goOffline()
            runBlocking { client.setOnline(false) }
            awaitText(strings["offline.banner"])
            back()
            retype(strings["articles.search"], "Fahrradträger 🚲")
            awaitText(strings["search.empty.title"])
            snap("No article has it", "offline")
            retype(strings["articles.search"], "")
            tap(section.name)
            tap(titles.getValue("en"))
            await("the picture", hasName(pictures.getValue("en")))
            tap(strings["article.helpful.yes"])
            awaitText(strings["article.helpful.waiting"])
            scrollTo(strings["article.helpful.waiting"])
            snap("An answer without a network", "offline")
            server.heal()
            runBlocking { client.setOnline(true) }
            awaitText(strings["article.helpful.thanks"])
            snap("The answer was sent", "online")
        }
        mapOf("light" to Appearance(), "dark" to Appearance(dark = true)).forEach { (name, look) ->
            OffscreenPhone.play(client, look, listOf(Screen.Support, Screen.Article(HEBREW))) {
                awaitText("מתי")
                snap("An article from right to left", name)
            }
        }
        OffscreenPhone.play(client, screens = listOf(Screen.Support, Screen.Article(GONE))) {
            awaitText(strings["article.gone"])
            snap("An article that is gone", "light")
        }
    }

    private fun Pocketdesk.categories(): List<HelpCategory> = runBlocking { helpCenter().first() }.categories

    private fun Pocketdesk.awaitArticles() =
        runBlocking {
            syncNow()
            withTimeout(60.seconds) { helpCenter().first { it.complete } }
        }

    private fun OffscreenPhone.snap(
        caption: String,
        name: String,
    ) = takeScreenshot(screenshots.next(CHAPTER, "$caption $name"))

    private companion object {
        const val CHAPTER = "Help articles"

        /** The second article of the sandbox, and one that it does not have. */
        const val HEBREW = 360_003_300_002L
        const val GONE = 4711L
        const val HEBREW_TEXT =
            "<p>התשלום מגיע תוך שני ימים.</p><ol><li>פתחו את <b>ההגדרות</b>.</li><li>בחרו חשבון.</li></ol><blockquote>Bank: Nordlicht Reisen GmbH</blockquote>"

        val looks =
            listOf(
                "English" to Appearance(),
                "English dark" to Appearance(dark = true),
                "in a host theme" to Appearance(foreign = HostThemes.terracotta),
                "German" to Appearance(language = "de-DE"),
                "German small with large text" to Appearance(language = "de-DE", width = 320, height = 568, fontScale = 2f),
                "German dark on a tablet" to Appearance(language = "de-DE", dark = true, width = 1180, height = 820),
                "Spanish" to Appearance(language = "es-ES"),
            )
        val pictures =
            mapOf("en" to "The settings of Shopify", "de" to "Die Einstellungen von Shopify", "es" to "Los ajustes de Shopify")
        val titles =
            mapOf("en" to "Getting started with Shopify", "de" to "Erste Schritte mit Shopify", "es" to "Primeros pasos con Shopify")
    }
}
