package dev.pocketdesk.sample.desktop

import dev.pocketdesk.bindings.Connector
import dev.pocketdesk.bindings.connectorProfile
import dev.pocketdesk.sandbox.RequestTracker
import dev.pocketdesk.sandbox.SandboxProcess

/**
 * What stands on the other side of the tour's phone: a desk where Ada has a history of 300 tickets, its agents, and a network in between that breaks
 * when it is told to. Which service the desk is matters here alone. Calls block.
 */
internal interface DeskSide : AutoCloseable {
    /** In a sentence: "talking to …". */
    val name: String

    /** Which service it is. */
    val connector: Connector

    /** Where the phone finds it, and as whom. */
    val ada: Access

    /** The profile that comes with the service. */
    val profile: String get() = connectorProfile(connector)

    /** A colleague of Ada's, to whom a ticket is copied. Not every desk writes to addresses with such letters. */
    val colleague: String get() = "jörg.müller@nordlicht-reisen.example"

    /** Why the scene with an upload of its own cannot be played here, or null. */
    val noUploads: String? get() = null

    /** Every connection is dropped without an answer, until [heal]. */
    fun goOffline()

    /** The network is as good as ever. */
    fun heal()

    /** Such calls take three seconds, until [heal]. */
    fun hold(call: Call)

    /** The next reply arrives, and its answer does not. */
    fun cutNextReply()

    /** Something else answers in the desk's place, until [heal]. */
    fun standIn(other: Other)

    /** The numbers of the tickets with exactly this subject. */
    fun numbers(subject: String): List<Long>

    /** An agent answers publicly, and waits for the user. */
    fun answer(
        number: Long,
        body: String,
    )

    /** An agent closes the ticket. */
    fun close(number: Long)

    /** The desk no longer shows the ticket to Ada. */
    fun hide(number: Long)

    /** It does again. */
    fun show(number: Long)

    /** Plays a scene at such a desk as somebody without tickets. */
    fun withoutTickets(scene: (Access) -> Unit)

    companion object {
        /** The desk that the environment names as the window's, with POCKETDESK_CONNECTOR. */
        fun start(): DeskSide =
            when (Settings.from(System.getenv()).connector) {
                Connector.ZENDESK -> SandboxSide()
                Connector.REQUEST_TRACKER -> RequestTrackerSide()
            }
    }
}

/** Where a desk is, and a token for it. */
internal data class Access(
    val url: String,
    val token: String,
)

/** What a phone asks of a desk. */
internal enum class Call { REPLY, READ, UPLOAD }

/** What can answer in a desk's place. */
internal enum class Other { PORTAL, REFUSAL }

/** The sandbox, started and stopped with the tour. Its own switches are the network. */
internal class SandboxSide : DeskSide {
    private val process = SandboxProcess.start()
    private val desk = process.desk

    override val name = "a sandbox desk on this machine"
    override val connector = Connector.ZENDESK
    override val ada = Access(desk.url, ADA)

    override fun goOffline() = desk.goOffline()

    override fun heal() = desk.heal()

    override fun hold(call: Call) = desk.fault("latency_ms", """{"ms": 3000, "only": "${call.path}"}""")

    override fun cutNextReply() = desk.fault("cut_after", """{"times": 1, "only": "${Call.REPLY.path}"}""")

    override fun standIn(other: Other) =
        when (other) {
            Other.PORTAL -> desk.fault("html")
            Other.REFUSAL -> desk.fault("unauthorized")
        }

    override fun numbers(subject: String) = desk.tickets(subject).map { it.id }

    override fun answer(
        number: Long,
        body: String,
    ) = desk.answer(number, body)

    override fun close(number: Long) = desk.status(number, "closed")

    override fun hide(number: Long) = desk.revoke(number, "ada")

    override fun show(number: Long) = desk.restore(number, "ada")

    override fun withoutTickets(scene: (Access) -> Unit) = SandboxProcess.start("--tickets", "0").use { scene(Access(it.desk.url, ADA)) }

    override fun close() = process.close()

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

/** The Request Tracker that runs on this machine with the sandbox's history in it, behind a network of the tour's own. */
internal class RequestTrackerSide : DeskSide {
    private val desk = RequestTracker()
    private val network = Relay(desk.url)

    override val name = "a Request Tracker on this machine"
    override val connector = Connector.REQUEST_TRACKER
    override val ada = Access(network.url, desk.user("ada").token)
    override val colleague = "joerg.mueller@nordlicht-reisen.example"
    override val noUploads = "files travel with their message"

    override fun goOffline() = network.goOffline()

    override fun heal() = network.heal()

    override fun hold(call: Call) = network.hold(call.path)

    override fun cutNextReply() = network.cutNext(Call.REPLY.path)

    override fun standIn(other: Other) =
        when (other) {
            Other.PORTAL -> network.standIn(200, "text/html", "<!doctype html><title>Welcome</title><p>Accept the terms to go on.</p>")
            Other.REFUSAL -> network.standIn(401, "application/json", """{"message":"Unauthorized"}""")
        }

    override fun numbers(subject: String) = desk.tickets(subject)

    override fun answer(
        number: Long,
        body: String,
    ) = desk.answer(number, body)

    override fun close(number: Long) = desk.close(number)

    override fun hide(number: Long) = desk.hide(number)

    override fun show(number: Long) = desk.show(number)

    override fun withoutTickets(scene: (Access) -> Unit) = scene(Access(network.url, desk.newcomer("Noor de Vries").token))

    override fun close() = network.close()

    private val Call.path: Regex
        get() =
            when (this) {
                Call.REPLY -> Regex("POST /REST/2.0/ticket/[0-9]+/correspond")
                Call.READ -> Regex("GET /REST/2.0/ticket/[0-9]+")
                Call.UPLOAD -> error("There is no upload")
            }
}
