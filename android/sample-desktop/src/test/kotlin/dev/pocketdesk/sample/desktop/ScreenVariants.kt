package dev.pocketdesk.sample.desktop

import dev.pocketdesk.bindings.HistoryWindow
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.history.HistoryPart
import dev.pocketdesk.ui.Screen
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.runBlocking

/** Every screen in other appearances (dark, German, Spanish, on a small phone, with large text), and the states in which there is nothing to show. */
internal class ScreenVariants(
    private val screenshots: Screenshots,
    private val side: AgentSide,
    private val open: (String, ServerLogin) -> Pocketdesk,
) {
    private val appearances =
        mapOf(
            "Dark" to Appearance(dark = true),
            "German" to Appearance(language = "de-DE"),
            "Spanish" to Appearance(language = "es-ES"),
            "Small" to Appearance(width = 320, height = 568),
            "Large" to Appearance(fontScale = 2f),
            "Smallest" to Appearance(width = 320, height = 568, fontScale = 2f, language = "de-DE"),
            "Tablet" to Appearance(width = 900, height = 700),
        ) + HostThemes.all.mapValues { (_, scheme) -> Appearance(foreign = scheme) }

    fun play(ticket: Long) {
        open("ada", side.ada).use { client ->
            runBlocking { client.awaitFirstSync() }
            appearances.forEach { (name, appearance) -> everyScreen(name, appearance, client, ticket) }
            threads(client)
        }
        states()
    }

    private fun everyScreen(
        chapter: String,
        appearance: Appearance,
        client: Pocketdesk,
        ticket: Long,
    ) {
        val screens = listOf(Screen.Account, Screen.Support, Screen.History, Screen.NewTicket(), Screen.Thread(ticket))
        OffscreenPhone.play(client, appearance, listOf(Screen.Account)) {
            screens.forEach { screen ->
                open(screen)
                awaitText(
                    when (screen) {
                        Screen.Account -> strings["support.title"]
                        Screen.Support -> strings["entry.new_ticket"]
                        is Screen.NewTicket -> strings["new.issue_type.hint"]
                        is Screen.EditTicket -> strings["edit.ticket"]
                        is Screen.History, is Screen.Thread -> "#"
                        // They have a chapter of their own.
                        Screen.Articles, is Screen.ArticleSection, is Screen.Article -> strings["articles.title"]
                    },
                )
                if (screen == Screen.History) awaitRest()
                if (screen is Screen.Thread) {
                    awaitThread()
                    awaitNone(strings["ticket.not_fetched"])
                }
                takeScreenshot(screenshots.next(chapter, "${screen.path.substringBefore('/')} $chapter"))
                if (screen is Screen.Thread) {
                    toggleDetails()
                    takeScreenshot(screenshots.next(chapter, "details $chapter"))
                }
                if (screen is Screen.NewTicket) back()
            }
        }
    }

    /** One thread of each status, and one that is written from right to left. */
    private fun threads(client: Pocketdesk) {
        val history = runBlocking { client.history(flowOf(HistoryPart(window = HistoryWindow(rowCount = 400u)))).first() }
        val byStatus =
            history.tickets
                .filter { it.visible }
                .distinctBy { it.status.id }
                .sortedBy { it.status.kind }
        val rightToLeft = history.tickets.firstOrNull { row -> row.subject.any { it in '\u0590'..'\u06FF' } }
        (byStatus + listOfNotNull(rightToLeft)).distinctBy { it.id }.forEach { row ->
            OffscreenPhone.play(client, Appearance(height = 1100), listOf(Screen.History, Screen.Thread(row.id))) {
                awaitThread()
                awaitNone(strings["ticket.not_fetched"])
                val status = row.status.id?.replace('_', ' ') ?: "unknown"
                takeScreenshot(screenshots.next("Threads", if (row == rightToLeft) "$status right to left" else status))
            }
        }
    }

    /** The history before the first sync, without tickets, and refused. */
    private fun states() {
        side.goOffline()
        open("offline", side.ada).use { client ->
            runBlocking { client.setOnline(false) }
            snap(client, "history.failed.title", "Offline before the first sync")
        }
        side.heal()
        side.respondWith(StandIn.CAPTIVE_PORTAL)
        open("html", side.ada).use { client -> snap(client, "problem.desk_misbehaves", "Something else answers than the server") }
        side.heal()
        side.respondWith(StandIn.UNAUTHORIZED)
        open("unauthorized", side.ada).use { client -> snap(client, "problem.signed_out", "Signed out") }
        side.heal()
        side.withoutTickets { nobody ->
            open("empty", nobody).use { client -> snap(client, "history.empty.title", "No tickets yet") }
        }
    }

    private fun snap(
        client: Pocketdesk,
        key: String,
        caption: String,
    ) = OffscreenPhone.play(client, screens = listOf(Screen.Support, Screen.History)) {
        awaitText(strings[key])
        takeScreenshot(screenshots.next("States", caption))
    }
}
