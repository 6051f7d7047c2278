package dev.pocketdesk.sample.desktop

import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.bindings.TicketRow
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.markUnread
import dev.pocketdesk.kit.unreadTickets
import dev.pocketdesk.ui.Screen
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking

/** What the user marks as unread and as read, and the number of unread tickets. */
internal class MarkScenes(
    private val screenshots: Screenshots,
    private val open: (ClientOptions) -> Pocketdesk,
) {
    fun play() {
        open(ClientOptions("marks")).use { client ->
            val ticket = runBlocking { client.awaitFirstSync() }.tickets.first { it.canRemind }
            story(client, ticket)
            looks(client, ticket)
        }
    }

    private fun story(
        client: Pocketdesk,
        ticket: TicketRow,
    ) = OffscreenPhone.play(client, screens = listOf(Screen.Account, Screen.Support, Screen.History)) {
        awaitText(ticket.subject)
        awaitRest()
        press(ticket.subject)
        awaitText(strings["history.mark_unread"])
        snap("A long press offers to mark a ticket as unread")
        tap(strings["history.mark_unread"])
        val unread = runBlocking { client.unreadTickets.first { it > 0 } }
        await("the reminder", hasState(ticket.subject, strings["history.unread"]))
        snap("It is unread again as a reminder")
        back()
        awaitName(strings.counted("history.unread_tickets", unread))
        snap("The help says how many tickets are unread")
        back()
        awaitName(strings.counted("history.unread_tickets", unread))
        snap("And so does the account")
        open(Screen.History)
        awaitRest()
        tap(strings["history.menu"])
        awaitText(strings["history.read_marks.local"])
        snap("All can be marked as read and the menu says where that holds")
        tap(strings["history.mark_all_read"])
        runBlocking { client.unreadTickets.first { it == 0 } }
        awaitNoState(strings["history.unread"])
        snap("Nothing is unread")
        open(Screen.Thread(ticket.id))
        awaitThread()
        tap(strings["ticket.menu"])
        awaitText(strings["history.mark_unread"])
        snap("A thread has the menu as well")
        tap(strings["history.mark_unread"])
        await("the reminder", hasState(ticket.subject, strings["history.unread"]))
        snap("Marked as unread it is left")
    }

    /** The menus and the number in other appearances. */
    private fun looks(
        client: Pocketdesk,
        ticket: TicketRow,
    ) {
        runBlocking {
            client
                .history()
                .first()
                .tickets
                .filter { it.canRemind }
                .take(12)
                .forEach { client.markUnread(it.id) }
        }
        val looks =
            mapOf(
                "dark, German" to Appearance(dark = true, language = "de-DE"),
                "small, large text, Spanish" to Appearance(language = "es-ES", width = 320, height = 568, fontScale = 2f),
                "small, large text, German" to Appearance(language = "de-DE", width = 320, height = 568, fontScale = 2f, dark = true),
                "beside the thread" to Appearance(width = 900, height = 700),
            )
        looks.forEach { (name, look) ->
            runBlocking { client.markUnread(ticket.id) }
            OffscreenPhone.play(client, look, listOf(Screen.Account)) {
                awaitText(strings["support.title"])
                snap("The account: $name")
                open(Screen.Support)
                awaitText(strings["entry.new_ticket"])
                snap("The help: $name")
                open(Screen.History)
                awaitRest()
                tap(strings["history.menu"])
                awaitText(strings["history.mark_all_read"])
                snap("All: $name")
                back()
                open(Screen.History)
                awaitRest()
                press(ticket.subject)
                awaitText(strings["history.mark_read"])
                snap("A ticket: $name")
            }
            OffscreenPhone.play(client, look, listOf(Screen.Support, Screen.History, Screen.Thread(ticket.id))) {
                awaitThread()
                tap(strings["ticket.menu"])
                awaitText(strings["history.mark_unread"])
                snap("A thread: $name")
            }
        }
    }

    private fun OffscreenPhone.snap(caption: String) = takeScreenshot(screenshots.next("Marks", caption))

    /** Whether it is read, and on the server. */
    private val TicketRow.canRemind: Boolean get() = !unread && markKey != null && status.kind != StatusKind.CLOSED
}
