package dev.pocketdesk.sample.desktop

import dev.pocketdesk.bindings.ClientConfig
import dev.pocketdesk.kit.History
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.openWithoutAccount
import dev.pocketdesk.sandbox.productFrom
import dev.pocketdesk.sandbox.withActions
import dev.pocketdesk.sandbox.withAttachments
import dev.pocketdesk.sandbox.withFastConsistency
import dev.pocketdesk.ui.Screen
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import java.nio.file.Files
import java.nio.file.Path
import kotlin.time.Duration.Companion.seconds

/** Plays the scenario on the real screens and takes a screenshot of each step, then of every screen in other appearances. Writes to the given folder. */
fun main(arguments: Array<String>) {
    val folder = Path.of(arguments.firstOrNull() ?: "target/tour")
    val data = Files.createTempDirectory("pocketdesk-tour")
    try {
        AgentSide.start().use { Tour(Screenshots(folder), data, it).play() }
        println("tour: ${folder.toAbsolutePath().normalize().resolve("index.html")}")
    } finally {
        data.toFile().deleteRecursively()
    }
}

internal class Tour(
    private val screenshots: Screenshots,
    private val data: Path,
    private val side: AgentSide,
) {
    private val subject = "Tracking pixel no longer reports sales since the checkout moved"

    fun play() {
        val ticket = scenario()
        OutboxScenes(screenshots, side) { openClient(it) }.play()
        ReadingScenes(screenshots, side) { openClient(it) }.play()
        MarkScenes(screenshots) { openClient(it) }.play()
        EdgeCases(screenshots, side, data) { openClient(it) }.play()
        ScreenVariants(screenshots, side) { account, login -> openClient(ClientOptions(account), login) }.play(ticket)
        ProductScenes(screenshots, side, ::openClient).play()
        ArticleScenes(screenshots, side.connector, ::openClient).play()
        SignedOutScenes(screenshots, side.connector, ::openClient).play()
        ServerScenes(screenshots, side, ::openClient).play()
        screenshots.writeIndex(side.name)
    }

    /** Plays from the account to the agent's answer. Returns the ticket's local id. */
    private fun scenario(): Long {
        var ticket = 0L
        val first = openClient(ClientOptions("ada"))
        OffscreenPhone.play(first) {
            awaitText(strings["support.title"])
            snap("The account")
            tap(strings["support.title"])
            awaitText(strings["entry.new_ticket"])
            snap("Help and support")
            tap(strings["entry.new_ticket"])
            runBlocking { first.awaitHistory { it.total == 300L } }
            awaitRest()
            snap("The history of 300 tickets")

            side.goOffline()
            runBlocking { first.setOnline(false) }
            awaitText(strings["offline.banner"])
            snap("Offline, everything is readable")

            tap(strings["history.create"])
            mistakes()
            fill()
            tap(strings["new.create"])
            awaitThread()
            snap("Created without a network and waiting to be sent")
            reply("It happens in Safari and on iPhones only.")
            reply("¿Puede verlo también Clara, por favor? 🙏")
            readOn("¿Puede verlo también Clara")
            ticket = runBlocking { first.history().first() }.tickets.first().id
            snap("Two replies wait as well")

            first.close()
            val second = openClient(ClientOptions("ada"))
            runBlocking { second.setOnline(false) }
            restart(second, listOf(Screen.Account, Screen.Support, Screen.History))
            awaitText(strings["offline.banner"])
            snap("After a restart everything is still there")

            side.heal()
            runBlocking {
                second.setOnline(true)
                second.awaitHistory { history -> history.tickets.first { it.id == ticket }.run { number != null && waiting == 0u } }
            }
            awaitNone(strings["offline.banner"])
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
            awaitText(strings["status.awaiting_reply"])
            awaitRest()
            snap("The answer of the agent is unread")
            tap(subject)
            awaitText(strings["turn.you"])
            awaitText(strings["thread.new"])
            snap("Opened at the new answer")
            toggleDetails()
            awaitText(strings["fact.requester"])
            snap("Its details unfold")
            toggleDetails()
            readOn("thank you for the details")
            snap("Read to its end")
            second.close()
        }
        return ticket
    }

    private fun OffscreenPhone.mistakes() {
        type(strings["new.subject"], "Since the relaunch of our shop ".repeat(5))
        type(strings["new.cc"], "jörg.müller@ ")
        type(strings["new.description"], " ")
        tap(strings["new.issue_type"])
        tap(strings["new.issue_type"])
        awaitText(strings["field.cc.malformed"])
        scrollTo(strings["new.subject"])
        snap("What is wrong is said where it is wrong")
        tap(strings["new.cc.remove", "address" to "jörg.müller@"])
    }

    private fun OffscreenPhone.fill() {
        retype(strings["new.subject"], subject)
        tap(strings["new.issue_type"])
        awaitText(strings["issue_type.technical_setup.explanation"])
        snap("Seven issue types and what they are for")
        tap(strings["issue_type.technical_setup.explanation"])
        type(strings["new.cc"], "${side.colleague} ")
        type(strings["new.cc"], "accounting@nordlicht-reisen.example ")
        retype(
            strings["new.description"],
            "Since Tuesday the pixel on our order confirmation page no longer reports sales.\n\nWe moved the checkout to " +
                "shop.nordlicht-reisen.example that day. The page source still contains the tag.",
        )
        scrollTo(strings["new.access.label"])
        tap(strings["new.access.label"])
        snap("Filled in with two addresses and access for all")
    }

    private fun OffscreenPhone.reply(text: String) {
        type(strings["reply.write"], text)
        tap(strings["reply.send"])
        readOn(text)
    }

    private fun OffscreenPhone.snap(caption: String) = takeScreenshot(screenshots.next("Scenario", caption))

    private fun openClient(
        options: ClientOptions,
        login: ServerLogin = side.ada,
    ): Pocketdesk {
        val folder = Files.createDirectories(data.resolve(options.account))
        val plain = withFastConsistency(options.definition ?: productFrom()).let { if (options.files) withAttachments(it) else it }
        val product = if (options.changes) withActions(plain, "add_cc", "solve") else plain
        val config =
            ClientConfig(
                directory = folder.toString(),
                account = options.account,
                serverUrl = login.url,
                product = product,
                key = null,
                installation = options.installation,
                sendDelaySeconds = options.delaySeconds,
                connector = side.connector,
                language = options.language,
            )
        return runBlocking { if (options.signedOut) Pocketdesk.openWithoutAccount(config) else Pocketdesk.open(config) { login.token } }
    }
}

/** How a client of the tour is opened. Each account has its own folder. */
internal data class ClientOptions(
    val account: String,
    /** The product definition, as JSON; null for the built-in one. */
    val definition: String? = null,
    val files: Boolean = false,
    val changes: Boolean = false,
    val installation: String? = null,
    val delaySeconds: UInt = 0u,
    /** Whether nobody is signed in. Then [account] names the folder only. */
    val signedOut: Boolean = false,
    /** The language in which the help desk is asked for what it has in several. */
    val language: String = "en",
)

/**
 * Waits until everything was read once. A scene that picks a ticket waits for this: the first sync shows its tickets as they come, and the
 * tickets that a scene finds before its end are others each time.
 */
internal suspend fun Pocketdesk.awaitFirstSync(): History {
    withTimeout(30.seconds) { status.first { it.firstSyncDone } }
    return history().first()
}

/** Waits until the history meets the condition, and returns it. */
internal suspend fun Pocketdesk.awaitHistory(condition: (History) -> Boolean) =
    withTimeout(30.seconds) { history().first { condition(it) } }
