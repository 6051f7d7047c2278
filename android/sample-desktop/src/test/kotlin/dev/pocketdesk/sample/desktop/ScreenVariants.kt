package dev.pocketdesk.sample.desktop

import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.ui.Screen
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.runBlocking

/** Every screen in its other looks: dark, German, Spanish, on a small phone, with large letters; and the states between all and nothing. */
internal class Gallery(
    private val album: Album,
    private val side: DeskSide,
    private val open: (String, Access) -> Pocketdesk,
) {
    private val looks =
        mapOf(
            "Dark" to Look(dark = true),
            "German" to Look(language = "de-DE"),
            "Spanish" to Look(language = "es-ES"),
            "Small" to Look(width = 320, height = 568),
            "Large" to Look(letters = 2f),
            "Smallest" to Look(width = 320, height = 568, letters = 2f, language = "de-DE"),
        )

    fun hang(ticket: Long) {
        open("ada", side.ada).use { desk ->
            runBlocking { desk.awaitHistory { it.total > 300 } }
            looks.forEach { (name, look) -> everyScreen(name, look, desk, ticket) }
            threads(desk)
        }
        states()
    }

    private fun everyScreen(
        chapter: String,
        look: Look,
        desk: Pocketdesk,
        ticket: Long,
    ) {
        val screens = listOf(Screen.Account, Screen.Support, Screen.History, Screen.NewTicket, Screen.Thread(ticket))
        Stage.play(desk, look, listOf(Screen.Account)) {
            screens.forEach { screen ->
                open(screen)
                awaitText(
                    when (screen) {
                        Screen.Account -> words["support.title"]
                        Screen.Support -> words["support.new_ticket"]
                        Screen.History -> "#"
                        Screen.NewTicket -> words["new.issue_type.hint"]
                        is Screen.EditTicket -> words["edit.ticket"]
                        is Screen.Thread -> words["ticket.created_by"]
                    },
                )
                if (screen == Screen.History) awaitRest()
                shoot(album.page(chapter, "${screen.path.substringBefore('/')} $chapter"))
                if (screen == Screen.NewTicket) back()
            }
        }
    }

    /** One thread of each status, and one written from right to left. */
    private fun threads(desk: Pocketdesk) {
        val history = runBlocking { desk.history(flowOf(400)).first() }
        val byStatus =
            history.tickets
                .filter { it.visible }
                .distinctBy { it.status }
                .sortedBy { it.status }
        val rightToLeft = history.tickets.firstOrNull { row -> row.subject.any { it in '\u0590'..'\u06FF' } }
        (byStatus + listOfNotNull(rightToLeft)).distinctBy { it.id }.forEach { row ->
            Stage.play(desk, Look(height = 1100), listOf(Screen.History, Screen.Thread(row.id))) {
                awaitText(words["ticket.created_by"])
                awaitNone(words["ticket.not_fetched"])
                shoot(
                    album.page(
                        "Threads",
                        row.status.name
                            .lowercase()
                            .replace('_', ' ') +
                            if (row ==
                                rightToLeft
                            ) {
                                " right to left"
                            } else {
                                ""
                            },
                    ),
                )
            }
        }
    }

    /** Before the first sync, with nothing to show, and refused. */
    private fun states() {
        side.goOffline()
        open("offline", side.ada).use { desk ->
            runBlocking { desk.setOnline(false) }
            snap(desk, "history.failed.title", "Offline before the first sync")
        }
        side.heal()
        side.standIn(Other.PORTAL)
        open("html", side.ada).use { desk -> snap(desk, "problem.desk_misbehaves", "Something else answers than the desk") }
        side.heal()
        side.standIn(Other.REFUSAL)
        open("unauthorized", side.ada).use { desk -> snap(desk, "problem.signed_out", "Signed out") }
        side.heal()
        side.withoutTickets { nobody ->
            open("empty", nobody).use { desk -> snap(desk, "history.empty.title", "No tickets yet") }
        }
    }

    private fun snap(
        desk: Pocketdesk,
        key: String,
        caption: String,
    ) = Stage.play(desk, screens = listOf(Screen.Support, Screen.History)) {
        awaitText(words[key])
        shoot(album.page("States", caption))
    }
}
