package dev.pocketdesk.sample.desktop

import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.ui.Screen
import kotlinx.coroutines.runBlocking

/** The phones on which something is searched for: each language, dark, a host's theme, and the smallest one with large text. */
private val phones =
    productAppearances.filterKeys { it in setOf("English", "Spanish dark", "in a dark host theme", "small with large text") }

/** The same, and a window with room for a table. */
private val everyAppearance = phones + ("in a window with room for a table" to Appearance(language = "de-DE", width = 1180, height = 820))

/** What a search finds in a product's tickets, and a text that is found in a thread. */
internal class SearchScenes(
    private val screenshots: Screenshots,
    private val chapter: String,
    private val client: Pocketdesk,
) {
    /** Searches for something that stands in messages, opens one of them, and searches for what no ticket has. */
    fun web() =
        everyAppearance.play { name ->
            search("browser")
            awaitText(strings["search.found.comment"])
            snap("Found in tickets", name)
            tap(strings["search.found.comment"])
            awaitThread()
            awaitName(strings["find.next"])
            snap("The thread opens where it was found", name)
            back()
            awaitText(strings["search.found.comment"])
            retype(strings["search.field"], "Fahrradträger 🚲")
            awaitText(strings["search.empty.title"])
            tapChip(strings["column.status"])
            awaitValue(strings["status.closed"])
            tapValue(strings["status.closed"])
            closeMenu()
            awaitText(strings["history.filter.chosen", "filter" to strings["column.status"], "values" to strings["status.closed"]])
            snap("Nothing found", name)
        }

    /** Searches for the id of an escalation, and goes from one message to the next that has a text. */
    fun hub(ticket: Long) =
        phones.play { name ->
            search("cp-20419")
            awaitText(strings["field.escalation_id"])
            snap("An escalation is found by its id", name)
            back()
            open(Screen.Thread(ticket))
            awaitThread()
            awaitNone(strings["ticket.not_fetched"])
            tap(strings["ticket.menu"])
            tap(strings["find.field"])
            retype(strings["find.field"], "our")
            awaitText(strings["find.hits", "index" to 1, "count" to 2])
            tap(strings["find.next"])
            awaitText(strings["find.hits", "index" to 2, "count" to 2])
            snap("Found in a thread", name)
        }

    private fun OffscreenPhone.search(text: String) {
        tap(strings["search.open"])
        retype(strings["search.field"], text)
    }

    private fun Map<String, Appearance>.play(scene: OffscreenPhone.(String) -> Unit) {
        runBlocking { client.awaitFirstSync() }
        forEach { (name, appearance) ->
            OffscreenPhone.play(client, appearance, listOf(Screen.Support, Screen.History)) {
                awaitText("#")
                awaitRest()
                scene(name)
            }
        }
    }

    private fun OffscreenPhone.snap(
        caption: String,
        appearance: String,
    ) = takeScreenshot(screenshots.next(chapter, "$caption $appearance"))
}
