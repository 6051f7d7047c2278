package dev.pocketdesk.sample.desktop

import dev.pocketdesk.bindings.DeskConfig
import dev.pocketdesk.kit.History
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.sandbox.impatient
import dev.pocketdesk.sandbox.offering
import dev.pocketdesk.sandbox.takingFiles
import dev.pocketdesk.ui.Screen
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.nio.file.Files
import java.nio.file.Path
import kotlin.time.Duration.Companion.seconds

/** Plays the scenario on the real screens and photographs each step, then every screen in its other looks. Writes to the folder given. */
fun main(arguments: Array<String>) {
    val folder = Path.of(arguments.firstOrNull() ?: "target/tour")
    val data = Files.createTempDirectory("pocketdesk-tour")
    try {
        DeskSide.start().use { Tour(Album(folder), data, it).play() }
        println("tour: ${folder.toAbsolutePath().normalize().resolve("index.html")}")
    } finally {
        data.toFile().deleteRecursively()
    }
}

internal class Tour(
    private val album: Album,
    private val data: Path,
    private val side: DeskSide,
) {
    private val subject = "Tracking pixel no longer reports sales since the checkout moved"

    fun play() {
        val ticket = scenario()
        Outbox(album, side) { openDesk(it) }.play()
        WaysOn(album, side, data) { openDesk(it) }.play()
        Gallery(album, side) { account, access -> openDesk(DeskOptions(account), access) }.hang(ticket)
        album.bind(side.name)
    }

    /** From the account to the agent's answer; returns the ticket's local id. */
    private fun scenario(): Long {
        var ticket = 0L
        val first = openDesk(DeskOptions("ada"))
        Stage.play(first) {
            awaitText(words["support.title"])
            snap("The account")
            tap(words["support.title"])
            awaitText(words["support.new_ticket"])
            snap("Help and support")
            tap(words["support.new_ticket"])
            runBlocking { first.awaitHistory { it.total == 300L } }
            awaitRest()
            snap("The history of 300 tickets")

            side.goOffline()
            runBlocking { first.setOnline(false) }
            awaitText(words["offline.banner"])
            snap("Offline, everything is readable")

            tap(words["history.create"])
            mistakes()
            fill()
            tap(words["new.create"])
            awaitText(words["ticket.unsent_number"])
            snap("Created without a network and waiting to be sent")
            reply("It happens in Safari and on iPhones only.")
            reply("¿Puede verlo también Clara, por favor? 🙏")
            readOn("¿Puede verlo también Clara")
            ticket = runBlocking { first.history().first() }.tickets.first().id
            snap("Two replies wait as well")

            first.close()
            val second = openDesk(DeskOptions("ada"))
            runBlocking { second.setOnline(false) }
            restart(second, listOf(Screen.Account, Screen.Support, Screen.History))
            awaitText(words["offline.banner"])
            snap("After a restart everything is still there")

            side.heal()
            runBlocking {
                second.setOnline(true)
                second.awaitHistory { history -> history.tickets.first { it.id == ticket }.run { number != null && waiting == 0u } }
            }
            awaitNone(words["offline.banner"])
            snap("Back online the ticket has its number")
            side.answer(
                side.numbers(subject).single(),
                "Hello Ada,\n\nthank you for the details. Please add shop.nordlicht-reisen.example under Settings → Tracking → Domains, " +
                    "and tell me whether sales come in again.",
            )
            runBlocking {
                second.syncNow()
                second.awaitHistory { history -> history.tickets.first { it.id == ticket }.unread }
            }
            awaitText(words["status.awaiting_reply"])
            awaitRest()
            snap("The answer of the agent is unread")
            tap(subject)
            awaitText(words["turn.you"])
            snap("Opened")
            readOn("thank you for the details")
            snap("Read to its end")
            second.close()
        }
        return ticket
    }

    private fun Stage.mistakes() {
        type(words["new.subject"], "Since the relaunch of our shop ".repeat(5))
        type(words["new.cc"], "jörg.müller@ ")
        type(words["new.description"], " ")
        tap(words["new.issue_type"])
        tap(words["new.issue_type"])
        awaitText(words["field.cc.malformed"])
        scrollTo(words["new.subject"])
        snap("What is wrong is said where it is wrong")
        tap(words["new.cc.remove", "address" to "jörg.müller@"])
    }

    private fun Stage.fill() {
        retype(words["new.subject"], subject)
        tap(words["new.issue_type"])
        awaitText(words["issue_type.technical_setup.explanation"])
        snap("Seven issue types and what they are for")
        tap(words["issue_type.technical_setup.explanation"])
        type(words["new.cc"], "${side.colleague} ")
        type(words["new.cc"], "accounting@nordlicht-reisen.example ")
        retype(
            words["new.description"],
            "Since Tuesday the pixel on our order confirmation page no longer reports sales.\n\nWe moved the checkout to " +
                "shop.nordlicht-reisen.example that day. The page source still contains the tag.",
        )
        scrollTo(words["new.access.label"])
        tap(words["new.access.label"])
        snap("Filled in with two addresses and access for all")
    }

    private fun Stage.reply(text: String) {
        type(words["reply.write"], text)
        tap(words["reply.send"])
        readOn(text)
    }

    private fun Stage.snap(caption: String) = shoot(album.page("Scenario", caption))

    private fun openDesk(
        options: DeskOptions,
        access: Access = side.ada,
    ): Pocketdesk {
        val folder = Files.createDirectories(data.resolve(options.account))
        val plain = impatient(side.profile).let { if (options.files) takingFiles(it) else it }
        val profile = if (options.changes) offering(plain, "add_cc", "solve") else plain
        val config =
            DeskConfig(
                directory = folder.toString(),
                account = options.account,
                deskUrl = access.url,
                profile = profile,
                key = null,
                installation = options.installation,
                sendDelaySeconds = options.delaySeconds,
                connector = side.connector,
            )
        return runBlocking { Pocketdesk.open(config) { access.token } }
    }
}

/** A desk on the tour: each account has its own folder. */
internal data class DeskOptions(
    val account: String,
    val files: Boolean = false,
    val changes: Boolean = false,
    val installation: String? = null,
    val delaySeconds: UInt = 0u,
)

/** Waits until the history is as it should be. */
internal suspend fun Pocketdesk.awaitHistory(condition: (History) -> Boolean) =
    withTimeout(30.seconds) { history().first { condition(it) } }
