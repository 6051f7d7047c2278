package dev.pocketdesk.sample.desktop

import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.markAllRead
import dev.pocketdesk.ui.Screen
import kotlinx.coroutines.runBlocking

/** A window with room for a table, beside the phones of [productAppearances]. */
private val tables =
    mapOf(
        "as a table" to Appearance(width = 1180, height = 820),
        "as a dark table in German" to Appearance(language = "de-DE", dark = true, width = 1180, height = 820),
    )

/** How the history of a product is filtered and sorted, in every appearance. */
internal class FilterScenes(
    private val screenshots: Screenshots,
    private val chapter: String,
    private val client: Pocketdesk,
) {
    /** Shows the values of the status, some of them chosen, the orders, and a result without tickets. */
    fun web() =
        everywhere { name ->
            openStatus()
            awaitValue(strings["status.closed"])
            snap("Filter with counts", name)
            tapValue(strings["status.closed"])
            awaitText(chosen("column.status", "status.closed"))
            tapValue(strings["status.awaiting_reply"])
            awaitText(strings["history.filter.several", "filter" to strings["column.status"], "count" to 2])
            snap("Several values are chosen without leaving", name)
            closeMenu()
            awaitRest()
            snap("Filtered", name)
            tap(strings["history.filter.clear"])
            awaitNone(strings["history.filter.clear"])
            sortBy("status") { snap("Orders", name) }
            snap("Sorted by status", name)
            runBlocking { client.markAllRead() }
            tap(strings["history.filter.unread"])
            awaitText(strings["history.filter.empty.title"])
            snap("Nothing matches", name)
        }

    /** Shows what is escalated, and that no call is. */
    fun hub() =
        everywhere { name ->
            openStatus()
            awaitValue(strings["mark.escalated"])
            snap("Filter with counts", name)
            closeMenu()
            sortBy("status") { snap("Orders", name) }
            snap("Sorted by status", name)
            openStatus()
            tapValue(strings["mark.escalated"])
            closeMenu()
            awaitText(chosen("column.status", "mark.escalated"))
            awaitRest()
            snap("Filtered", name)
            tapChip(strings["column.ticket_type"])
            awaitValue(strings["ticket_type.phone"])
            snap("Types with counts", name)
            tapValue(strings["ticket_type.phone"])
            closeMenu()
            awaitText(strings["history.filter.empty.title"])
            snap("Nothing matches", name)
        }

    private fun OffscreenPhone.sortBy(
        order: String,
        menu: () -> Unit,
    ) {
        tap(strings["history.sort"])
        awaitOrder(strings["history.sort.$order"])
        menu()
        tapOrder(strings["history.sort.$order"])
        awaitRest()
    }

    private fun everywhere(scene: OffscreenPhone.(String) -> Unit) =
        (productAppearances + tables).forEach { (name, appearance) ->
            OffscreenPhone.play(client, appearance, listOf(Screen.Support, Screen.History)) {
                awaitText("#")
                awaitRest()
                scene(name)
            }
        }

    private fun OffscreenPhone.openStatus() = tapChip(strings["column.status"])

    private fun OffscreenPhone.chosen(
        filter: String,
        value: String,
    ) = strings["history.filter.chosen", "filter" to strings[filter], "values" to strings[value]]

    private fun OffscreenPhone.snap(
        caption: String,
        appearance: String,
    ) = takeScreenshot(screenshots.next(chapter, "$caption $appearance"))
}
