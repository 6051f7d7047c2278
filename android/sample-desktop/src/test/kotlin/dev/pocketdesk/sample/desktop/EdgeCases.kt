package dev.pocketdesk.sample.desktop

import dev.pocketdesk.bindings.Delivery
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.FileAccess
import dev.pocketdesk.kit.PickedFile
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

/** What a user is told, and what they can do, where the straight way ends: what nobody can know, a damaged file, files, changes, the way out. */
internal class WaysOn(
    private val album: Album,
    private val side: DeskSide,
    private val data: Path,
    private val open: (DeskOptions) -> Pocketdesk,
) {
    fun play() {
        unknown()
        recovered()
        files()
        changes()
        leaving()
    }

    /** The connection broke, and before anybody could look the ticket was no longer visible. */
    private fun unknown() {
        open(DeskOptions("unknown")).use { desk ->
            desk.onTicket { _, ticket ->
                val number = checkNotNull(runBlocking { desk.thread(ticket).first() }.ticket.row.number)
                side.cutNextReply()
                side.hold(Call.READ)
                send("Is the refund on its way?")
                awaitText(words["delivery.checking"])
                side.hide(number.toLong())
                runBlocking {
                    withTimeout(30.seconds) { desk.thread(ticket).first { it.messages.lastOrNull()?.delivery == Delivery.MayHaveBeenSent } }
                }
                readOn("Is the refund")
                awaitText(words["delivery.may_have_been_sent"])
                snap("What nobody can know is said and left to the user")
                // The other scenes' desks are the same user's, and may show it.
                side.show(number.toLong())
            }
        }
        side.heal()
    }

    private fun recovered() {
        val options = DeskOptions("damaged")
        open(options).use { desk ->
            desk.onTicket { _, _ ->
                side.goOffline()
                runBlocking { desk.setOnline(false) }
                send("Written before the damage.")
            }
        }
        val folder = Files.walk(data.resolve(options.account))
        val file = folder.use { all -> all.filter { it.fileName.toString() == "desk.sqlite3" }.findFirst().orElseThrow() }
        FileChannel.open(file, StandardOpenOption.WRITE).use { it.write(ByteBuffer.allocate(HEAD), 0) }
        side.heal()
        open(options).use { desk ->
            runBlocking { desk.awaitHistory { it.total > 200 } }
            listOf(Look(), Look(dark = true, language = "de-DE", width = 320, height = 568)).forEach { look ->
                Stage.play(desk, look, listOf(Screen.Support, Screen.History)) {
                    awaitText(words["recovered.kept"])
                    snap("A damaged file was made anew " + if (look.dark) "dark" else "")
                }
            }
        }
    }

    private fun files() {
        val folder = createTempDirectory("pocketdesk")
        val chosen =
            listOf("Auswertung März 2026.csv" to "Datum;Umsatz\n".repeat(9_000), "Umsätze.zip" to "PK").map { (name, text) ->
                PickedFile(Files.write(folder.resolve(name), text.toByteArray()), name)
            }
        open(DeskOptions("form", files = true)).use { desk ->
            Stage.play(desk, Look(language = "de-DE"), listOf(Screen.History, Screen.NewTicket), Chosen(chosen)) {
                awaitText(words["new.issue_type.hint"])
                tap(words["attachment.add"])
                awaitText("Auswertung März 2026.csv")
                tap(words["attachment.add"])
                awaitText(words["attachment.wrong_type"])
                scrollTo(words["attachment.hint"])
                snap("Files go with a new ticket and one that is refused says why")
            }
        }
    }

    private fun changes() {
        open(DeskOptions("changes", changes = true)).use { desk ->
            desk.onTicket { _, ticket ->
                side.goOffline()
                runBlocking { desk.setOnline(false) }
                awaitText(words["ticket.solve"])
                snap("A ticket takes more addresses and can be solved")
                runBlocking { desk.addCc(ticket, listOf("clara.soto@nordlicht-reisen.example")) }
                readOn("clara.soto")
                snap("Changes wait like messages")
            }
        }
        side.heal()
    }

    private fun leaving() {
        open(DeskOptions("leaving")).use { desk ->
            desk.onTicket { _, _ ->
                side.goOffline()
                runBlocking { desk.setOnline(false) }
                send("Not sent before the holidays.")
                open(Screen.Account)
                tap(words["sign_out.title"])
                awaitText(words["sign_out.unsent"])
                snap("Signing out says first what is unsent")
            }
        }
        side.heal()
    }

    private fun Stage.snap(caption: String) = shoot(album.page("Ways on", caption))

    /** A user who chooses these, one after the other. */
    private class Chosen(
        files: List<PickedFile>,
    ) : FileAccess {
        private val next = files.iterator()

        override suspend fun pick(
            atMost: Long,
            attach: suspend (PickedFile) -> Unit,
        ) {
            if (next.hasNext()) attach(next.next())
        }

        override fun open(
            file: Path,
            contentType: String,
        ) = Unit
    }

    private companion object {
        /** As long as the head of a SQLite file. */
        const val HEAD = 100
    }
}
