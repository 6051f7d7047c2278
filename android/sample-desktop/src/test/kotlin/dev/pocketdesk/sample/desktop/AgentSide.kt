package dev.pocketdesk.sample.desktop

import dev.pocketdesk.bindings.Connector
import dev.pocketdesk.kit.Pocketdesk
import dev.pocketdesk.kit.PocketdeskPush
import dev.pocketdesk.sandbox.PushRelay
import dev.pocketdesk.sandbox.RequestTracker
import dev.pocketdesk.sandbox.SandboxProcess
import kotlinx.coroutines.runBlocking
import kotlin.time.Duration.Companion.seconds

/**
 * The other side of the tour's phone: a server where Ada has a history of 300 tickets, its agents, and a network in between that breaks on demand.
 * Only the implementations of this interface know which help desk it is. Calls block.
 */
internal interface AgentSide : AutoCloseable {
    /** Completes the sentence "talking to …". */
    val name: String

    /** Which help desk it is. */
    val connector: Connector

    /** How the phone connects, as Ada. */
    val ada: ServerLogin

    /** A colleague of Ada's, who gets copies of a ticket. Not every server sends mail to addresses with such letters. */
    val colleague: String get() = "jörg.müller@nordlicht-reisen.example"

    /** Why this server has no separate uploads; null if it has. */
    val noUploads: String? get() = null

    /** Drops every connection without a response, until [heal]. */
    fun goOffline()

    /** Ends every fault. */
    fun heal()

    /** Keeps such calls waiting until [heal], each for [LONGEST_HOLD] at most: a phone that waits for one call may put off another. */
    fun hold(call: Call)

    /** Cuts the connection of the next reply after the server has received it. */
    fun cutNextReply()

    /** Responds in place of the server, until [heal]. */
    fun respondWith(response: StandIn)

    /** Returns the numbers of the tickets with exactly this subject. */
    fun numbers(subject: String): List<Long>

    /** Has an agent answer publicly, and wait for the user. */
    fun answer(
        number: Long,
        body: String,
    )

    /** Has an agent answer with bold, a list, links, a picture and the mail that is answered; null where the tour does not know how. */
    val answerRichly: ((number: Long) -> Unit)? get() = null

    /** Passes push messages about what agents do on to the client, until it is closed; null where the tour does not know how. */
    fun pushTo(client: Pocketdesk): AutoCloseable? = null

    /** Has an agent close the ticket. */
    fun close(number: Long)

    /** Makes the ticket invisible to Ada. */
    fun hide(number: Long)

    /** Makes it visible again. */
    fun show(number: Long)

    /** Plays a scene as a user without tickets. */
    fun withoutTickets(scene: (ServerLogin) -> Unit)

    /** How to have the server misbehave in ways that its phone notices; null where the tour does not know how. */
    val misbehaviour: Misbehaviour? get() = null

    companion object {
        /** Starts the help desk that POCKETDESK_CONNECTOR names, as for the window. */
        fun start(): AgentSide =
            when (Settings.from(System.getenv()).connector) {
                Connector.ZENDESK -> SandboxSide()
                Connector.REQUEST_TRACKER -> RequestTrackerSide()
            }
    }
}

/** How long a call is held at most. The tour waits longer for what has to be on the screen, and needs less for a screenshot. */
internal val LONGEST_HOLD = 10.seconds

/** A server's address, and the token of a user there. */
internal data class ServerLogin(
    val url: String,
    val token: String,
)

/** A kind of call that the phone makes. */
internal enum class Call { REPLY, READ, UPLOAD }

/** What can respond in place of the server. */
internal enum class StandIn { CAPTIVE_PORTAL, UNAUTHORIZED }

/** The sandbox, started and stopped with the tour. Its faults serve as the network. */
internal class SandboxSide : AgentSide {
    private val process = SandboxProcess.start()
    private val server = process.server

    override val name = "a sandbox server on this machine"
    override val connector = Connector.ZENDESK
    override val ada = ServerLogin(server.url, ADA)

    override fun goOffline() = server.goOffline()

    override fun heal() = server.heal()

    override fun hold(call: Call) = server.fault("latency_ms", """{"ms": ${LONGEST_HOLD.inWholeMilliseconds}, "only": "${call.path}"}""")

    override fun cutNextReply() = server.fault("cut_after", """{"times": 1, "only": "${Call.REPLY.path}"}""")

    override fun respondWith(response: StandIn) =
        when (response) {
            StandIn.CAPTIVE_PORTAL -> server.fault("html")
            StandIn.UNAUTHORIZED -> server.fault("unauthorized")
        }

    override fun numbers(subject: String) = server.tickets(subject).map { it.id }

    override fun answer(
        number: Long,
        body: String,
    ) = server.answer(number, body)

    override val answerRichly: (Long) -> Unit = { number ->
        server.answer(
            number,
            RichAnswer.TEXT,
            html = RichAnswer.HTML,
            picture = RichAnswer.picture(),
        )
    }

    override fun pushTo(client: Pocketdesk): AutoCloseable =
        PushRelay.start(server) { data -> PocketdeskPush.ticket(data)?.let { ticket -> runBlocking { client.onPush(ticket) } } }

    override fun close(number: Long) = server.status(number, "closed")

    override fun hide(number: Long) = server.revoke(number, "ada")

    override fun show(number: Long) = server.restore(number, "ada")

    override fun withoutTickets(scene: (ServerLogin) -> Unit) =
        SandboxProcess.start("--tickets", "0").use { scene(ServerLogin(it.server.url, ADA)) }

    override val misbehaviour = SandboxMisbehaviour(server)

    override fun close() {
        misbehaviour.close()
        process.close()
    }

    private val Call.path: String
        get() =
            when (this) {
                Call.REPLY -> "PUT /api/v2/requests"
                Call.READ -> "GET /api/v2/requests"
                Call.UPLOAD -> "POST /api/v2/uploads"
            }

    private companion object {
        const val ADA = "ada-token"
    }
}

/** The Request Tracker that runs on this machine with the sandbox's history, behind a [NetworkProxy]. */
internal class RequestTrackerSide : AgentSide {
    private val server = RequestTracker()
    private val network = NetworkProxy(server.url)

    override val name = "a Request Tracker on this machine"
    override val connector = Connector.REQUEST_TRACKER
    override val ada = ServerLogin(network.url, server.user("ada").token)
    override val colleague = "joerg.mueller@nordlicht-reisen.example"
    override val noUploads = "files travel with their message"

    override fun goOffline() = network.goOffline()

    override fun heal() = network.heal()

    override fun hold(call: Call) = network.hold(call.path)

    override fun cutNextReply() = network.cutNext(Call.REPLY.path)

    override fun respondWith(response: StandIn) =
        when (response) {
            StandIn.CAPTIVE_PORTAL ->
                network.respondWith(
                    200,
                    "text/html",
                    "<!doctype html><title>Welcome</title><p>Accept the terms to go on.</p>",
                )
            StandIn.UNAUTHORIZED -> network.respondWith(401, "application/json", """{"message":"Unauthorized"}""")
        }

    override fun numbers(subject: String) = server.tickets(subject)

    override fun answer(
        number: Long,
        body: String,
    ) = server.answer(number, body)

    override fun close(number: Long) = server.close(number)

    override fun hide(number: Long) = server.hide(number)

    override fun show(number: Long) = server.show(number)

    override fun withoutTickets(scene: (ServerLogin) -> Unit) = scene(ServerLogin(network.url, server.newcomer("Noor de Vries").token))

    override fun close() = network.close()

    private val Call.path: Regex
        get() =
            when (this) {
                Call.REPLY -> Regex("POST /REST/2.0/ticket/[0-9]+/correspond")
                Call.READ -> Regex("GET /REST/2.0/ticket/[0-9]+")
                Call.UPLOAD -> error("There is no upload")
            }
}
