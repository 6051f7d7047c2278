package dev.pocketdesk.sample.desktop

import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.kit.LocalFile
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.addCc
import dev.pocketdesk.ui.Screen
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption
import kotlin.io.path.createTempDirectory
import kotlin.time.Duration.Companion.seconds

/** What the user reads and can do in the rarer cases: a message that may have been sent, a damaged file, files, changes of a ticket, signing out. */
internal class EdgeCases(
    private val screenshots: Screenshots,
    private val side: AgentSide,
    private val data: Path,
    private val open: (ClientOptions) -> Pocketdesk,
) {
    fun play() {
        unknownOutcome()
        recovered()
        files()
        changes()
        signingOut()
    }

    /** The connection broke, and the ticket was no longer visible before the client could look for the message. */
    private fun unknownOutcome() {
        open(ClientOptions("unknown")).use { client ->
            client.onTicket { _, ticket ->
                val number = checkNotNull(runBlocking { client.thread(ticket).first() }.ticket.row.number)
                side.cutNextReply()
                side.hold(Call.READ)
                send("Is the refund on its way?")
                awaitText(strings["delivery.checking"])
                side.hide(number.toLong())
                // Only the first read had to wait. What proves that the ticket is gone takes several more.
                side.heal()
                runBlocking {
                    withTimeout(60.seconds) {
                        client.thread(ticket).first { it.messages.lastOrNull()?.delivery == Delivery.MayHaveBeenSent }
                    }
                }
                readOn("Is the refund")
                awaitText(strings["delivery.may_have_been_sent"])
                snap("What may have been sent is left to the user")
                // The other scenes use the same user, and need the ticket.
                side.show(number.toLong())
            }
        }
        side.heal()
    }

    private fun recovered() {
        val options = ClientOptions("damaged")
        open(options).use { client ->
            client.onTicket { _, _ ->
                side.goOffline()
                runBlocking { client.setOnline(false) }
                send("Written before the damage.")
            }
        }
        val folder = Files.walk(data.resolve(options.account))
        val file = folder.use { all -> all.filter { it.fileName.toString() == "desk.sqlite3" }.findFirst().orElseThrow() }
        FileChannel.open(file, StandardOpenOption.WRITE).use { it.write(ByteBuffer.allocate(HEADER), 0) }
        side.heal()
        open(options).use { client ->
            runBlocking { client.awaitFirstSync() }
            listOf(Appearance(), Appearance(dark = true, language = "de-DE", width = 320, height = 568)).forEach { appearance ->
                OffscreenPhone.play(client, appearance, listOf(Screen.Support, Screen.History)) {
                    awaitText(strings["recovered.kept"])
                    snap("A damaged file was replaced " + if (appearance.dark) "dark" else "")
                }
            }
        }
    }

    private fun files() {
        val folder = createTempDirectory("pocketdesk")
        val chosen =
            listOf("Auswertung März 2026.csv" to "Datum;Umsatz\n".repeat(9_000), "Umsätze.zip" to "PK").map { (name, text) ->
                LocalFile(Files.write(folder.resolve(name), text.toByteArray()))
            }
        open(ClientOptions("form", files = true)).use { client ->
            OffscreenPhone.play(client, Appearance(language = "de-DE"), listOf(Screen.History, Screen.NewTicket()), Chosen(chosen)) {
                awaitText(strings["new.issue_type.hint"])
                tap(strings["attachment.add"])
                awaitText("Auswertung März 2026.csv")
                awaitText(strings["attachment.wrong_type"])
                scrollTo(strings["attachment.hint"])
                snap("Files go with a new ticket and one that is refused says why")
            }
        }
    }

    private fun changes() {
        open(ClientOptions("changes", changes = true)).use { client ->
            client.onTicket(wanted = { it.canSolve }) { _, ticket ->
                side.goOffline()
                runBlocking { client.setOnline(false) }
                toggleDetails()
                awaitText(strings["action.solve"])
                snap("A ticket takes more addresses and can be solved")
                tap(strings["action.solve"])
                awaitText(strings["ticket.solve.question"])
                snap("Before it is solved there is a question")
                tap(strings["button.cancel"])
                awaitNone(strings["ticket.solve.question"])
                toggleDetails()
                runBlocking { client.addCc(ticket, listOf("clara.soto@nordlicht-reisen.example")) }
                readOn("clara.soto")
                snap("Changes wait like messages")
            }
        }
        side.heal()
    }

    private fun signingOut() {
        open(ClientOptions("leaving")).use { client ->
            client.onTicket { _, _ ->
                side.goOffline()
                runBlocking { client.setOnline(false) }
                send("Not sent before the holidays.")
                open(Screen.Account)
                tap(strings["sign_out.title"])
                awaitText(strings["sign_out.unsent"])
                awaitText(strings["offline.no_connection"])
                snap("Signing out says first what is unsent and that sending needs a connection")
            }
        }
        side.heal()
    }

    private fun OffscreenPhone.snap(caption: String) = takeScreenshot(screenshots.next("Edge cases", caption))

    private companion object {
        /** The length of the header of a SQLite file. */
        const val HEADER = 100
    }
}
