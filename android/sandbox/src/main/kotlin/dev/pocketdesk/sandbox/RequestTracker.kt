package dev.pocketdesk.sandbox

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.add
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject
import java.net.URI
import java.net.URLEncoder
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration

/** Controls the Request Tracker that `tests/rt/server.sh` started: what an agent does, what arrived, what was mailed. Calls block. */
public class RequestTracker {
    /**
     * A user of the Request Tracker.
     *
     * @property id the login.
     * @property token an access token of this user.
     */
    public data class User(
        val id: String,
        val token: String,
    )

    private val script: Path =
        generateSequence(Path.of("").toAbsolutePath()) { it.parent }
            .map { it.resolve("tests/rt/server.sh") }
            .first(Files::exists)
    private val settings = Json.parseToJsonElement(run("settings")).jsonObject
    private val agent = settings.getValue("agent").text("token")
    private val admin = settings.getValue("admin").text("token")
    private val http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()

    /** Where it listens, without a slash at the end. */
    public val url: String = settings.text("base_url")

    /** Creates a user without tickets, who belongs to [account]; to an account of their own if it is null. */
    public fun newcomer(
        name: String,
        account: String? = null,
    ): User {
        val id = "user-${System.nanoTime().toString(RADIX)}"
        return people(id, "make", id, name, account ?: "Account of $id")
    }

    /** Creates one more token for an existing user. */
    public fun user(id: String): User = people(id, "token", id)

    private fun people(
        id: String,
        vararg arguments: String,
    ): User {
        val made = Json.parseToJsonElement(run("people", *arguments)).jsonObject
        return User(id, made.getValue(id).text("token"))
    }

    /**
     * Has [user] write a ticket elsewhere, by mail for example, and gives it to the agent, Marta.
     *
     * @param linked further users of the ticket.
     * @param shared whether everybody of the user's account sees it.
     * @param fields what Marta fills in.
     * @return its number.
     */
    public fun make(
        user: User,
        subject: String,
        text: String,
        linked: List<User> = emptyList(),
        shared: Boolean = false,
        fields: Map<String, String> = emptyMap(),
    ): Long {
        val ticket =
            buildJsonObject {
                put("Queue", settings.getValue("queue").text("name"))
                put("Requestor", user.id)
                put("Subject", subject)
                put("Content", text)
                put("ContentType", "text/plain")
                putJsonArray("Cc") { linked.forEach { add("${it.id}@customer.example") } }
                putJsonObject("CustomFields") { put("Account Access", if (shared) "Yes" else "No") }
            }
        val made = send(request("ticket", user.token).POST(text(ticket)).build()).text("id").toLong()
        change(made, "Owner", settings.getValue("agent").text("name"))
        fields.forEach { (name, value) -> fill(made, name, value) }
        return made
    }

    /** Has an agent fill in the ticket's field of this name. */
    public fun fill(
        ticket: Long,
        name: String,
        value: String,
    ) {
        val filled = buildJsonObject { putJsonObject("CustomFields") { put(name, value) } }
        send(request("ticket/$ticket", agent).PUT(text(filled)).build())
        check(field(ticket, name) == value) { "$name of a ticket did not become $value" }
    }

    /** The ticket's status in the queue's lifecycle. */
    public fun status(ticket: Long): String = get("ticket/$ticket").text("Status")

    /** The numbers of the tickets with exactly this subject. */
    public fun tickets(subject: String): List<Long> {
        val query = URLEncoder.encode("Subject = '${subject.replace("'", "\\'")}'", Charsets.UTF_8)
        return get("tickets?query=$query&per_page=100").items().map { it.text("id").toLong() }
    }

    /** The texts of a ticket's public thread, oldest first. */
    public fun texts(ticket: Long): List<String> {
        val messages =
            get("ticket/$ticket/history?fields=Type&per_page=100")
                .items()
                .filter { it.text("Type") in setOf("Create", "Correspond") }
                .map { it.text("id") }
        return get("ticket/$ticket/attachments?fields=TransactionId,ContentType,Content&per_page=100")
            .items()
            .filter { it.text("ContentType") == "text/plain" }
            .associateBy({ it.jsonObject.getValue("TransactionId").id() }, { it.text("Content") })
            .filterKeys { it in messages }
            .toSortedMap(compareBy { it.toLong() })
            .values
            .toList()
    }

    /** The value of the ticket's field that shares it with all users of the account; null if it has none. */
    public fun access(ticket: Long): String? = field(ticket, "Account Access")

    /** The first value of the ticket's field of this name; null if it has none. */
    public fun field(
        ticket: Long,
        name: String,
    ): String? {
        val fields = get("ticket/$ticket").jsonObject.getValue("CustomFields").jsonArray
        return fields
            .first { it.text("name") == name }
            .jsonObject
            .getValue("values")
            .jsonArray
            .firstOrNull()
            ?.jsonPrimitive
            ?.content
    }

    /** How many mails went to [address] because of the ticket. */
    public fun mailsTo(
        address: String,
        ticket: Long,
    ): Int {
        val spool = Path.of(settings.text("mail")).toFile()
        val heads = spool.listFiles { file -> file.extension == "eml" }.orEmpty().map { it.readText().substringBefore("\n\n") }
        return heads.count { head ->
            // A line that begins with white space continues the one before.
            val lines = head.replace(Regex("\n[ \t]"), " ").lines()
            val about = lines.any { it.startsWith("X-RT-Ticket:") && it.endsWith(" #$ticket") }
            about && lines.any { it.isAddressed() && it.contains(address, ignoreCase = true) }
        }
    }

    /** Has the agent answer publicly, and wait for the user. */
    public fun answer(
        ticket: Long,
        body: String,
    ) {
        val answer =
            buildJsonObject {
                put("Content", body)
                put("ContentType", "text/plain")
                put("Status", "awaiting your reply")
            }
        send(request("ticket/$ticket/correspond", agent).POST(text(answer)).build())
    }

    /** Closes the ticket, as an administrator. Replies are no longer possible. */
    public fun close(ticket: Long): Unit = status(ticket, "closed")

    /** Changes the status to one of the queue's lifecycle, as an administrator. */
    public fun status(
        ticket: Long,
        status: String,
    ): Unit = change(ticket, "Status", status)

    /** Makes the ticket visible to staff only: moves it out of the customers' queue, and changes nothing else. */
    public fun hide(ticket: Long) {
        val elsewhere =
            buildJsonObject {
                put("Name", ELSEWHERE)
                put("Lifecycle", "support")
            }
        val known = get("queues/all?per_page=100&fields=Name").items().any { it.text("Name") == ELSEWHERE }
        if (!known) send(request("queue", admin).POST(text(elsewhere)).build())
        change(ticket, "Queue", ELSEWHERE)
    }

    /** The reverse of [hide]. */
    public fun show(ticket: Long): Unit = change(ticket, "Queue", settings.getValue("queue").text("name"))

    // A refused change is a success with a message: only the message tells whether it was made.
    private fun change(
        ticket: Long,
        name: String,
        value: String,
    ) {
        val message = send(request("ticket/$ticket", admin).PUT(text(buildJsonObject { put(name, value) })).build()).toString()
        check("changed from" in message) { "$name of a ticket did not become $value" }
    }

    private fun text(json: JsonObject) = HttpRequest.BodyPublishers.ofString(json.toString())

    private fun String.isAddressed() = listOf("To:", "Cc:", "Bcc:").any { startsWith(it, ignoreCase = true) }

    private fun get(path: String): JsonElement = send(request(path, admin).GET().build())

    private fun request(
        path: String,
        token: String,
    ): HttpRequest.Builder =
        HttpRequest
            .newBuilder(URI("$url/REST/2.0/$path"))
            .timeout(Duration.ofSeconds(TIMEOUT_SECONDS))
            .header("Authorization", "token $token")
            .header("Content-Type", "application/json")

    private fun send(request: HttpRequest): JsonElement {
        val answer = http.send(request, HttpResponse.BodyHandlers.ofString())
        check(answer.statusCode() in 200..299) { "${request.method()} ${request.uri().path} answered ${answer.statusCode()}" }
        return Json.parseToJsonElement(answer.body())
    }

    private fun run(vararg arguments: String): String {
        val process =
            ProcessBuilder(script.toString(), *arguments).redirectError(ProcessBuilder.Redirect.INHERIT).start()
        val output = process.inputStream.bufferedReader().readText()
        check(process.waitFor() == 0) { "server.sh ${arguments.first()} failed" }
        return output
    }

    private companion object {
        const val RADIX = 36
        const val TIMEOUT_SECONDS = 60L
        const val ELSEWHERE = "Elsewhere"

        fun JsonElement.text(name: String): String = jsonObject.getValue(name).jsonPrimitive.content

        fun JsonElement.items(): JsonArray = jsonObject.getValue("items").jsonArray

        /** An id that is given alone or in an object. */
        fun JsonElement.id(): String =
            when (this) {
                is JsonObject -> text("id")
                is JsonPrimitive -> contentOrNull.orEmpty()
                is JsonArray -> ""
            }
    }
}
