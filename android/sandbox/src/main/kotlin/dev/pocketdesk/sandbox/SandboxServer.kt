package dev.pocketdesk.sandbox

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.addJsonObject
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject
import java.net.URI
import java.net.URLEncoder
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.time.Duration
import java.util.Base64

/**
 * Controls a running sandbox server: what an agent does, which faults there are, what arrived. Calls block.
 *
 * @property url where it listens, without a slash at the end.
 */
public class SandboxServer(
    public val url: String,
) {
    private val http =
        HttpClient
            .newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build()

    /** Drops every connection to the help desk's API without a response, until [heal]. */
    public fun goOffline(): Unit = fault("offline", "{}")

    /**
     * Turns on a fault.
     *
     * @param settings the fault's JSON object: `{"times": 1, "only": "POST /api/v2/requests"}`.
     */
    public fun fault(
        name: String,
        settings: String = "{}",
    ) {
        post("/sandbox/faults", """{"$name": $settings}""")
    }

    /** Ends every fault. */
    public fun heal() {
        send(request("/sandbox/faults").DELETE().build())
    }

    /** How far the company lets [user] see the tickets of the user's colleagues: `own`, `view` or `comment`. */
    public fun share(
        user: String,
        tickets: String,
    ): Unit = post("/sandbox/users/$user/sharing", """{"tickets": "$tickets"}""")

    /** Allows requests without a token or not, as an administrator does. Lasts until it is changed; [heal] does not change it. */
    public fun allowAnonymous(allowed: Boolean): Unit = post("/sandbox/settings", """{"anonymous_requests": $allowed}""")

    /** Opens the help centre to end users or closes it, as an administrator does. Lasts until it is changed; [heal] does not change it. */
    public fun openHelpCenter(open: Boolean): Unit = post("/sandbox/settings", """{"help_center": "${if (open) "on" else "missing"}"}""")

    /** Writes the text of a help article anew in a [language] of the help centre, as an author does. [html] is as the author's editor has it. */
    public fun writeArticle(
        article: Long,
        language: String,
        title: String,
        html: String,
    ) {
        val text =
            buildJsonObject {
                putJsonObject("texts") {
                    putJsonObject(language) {
                        put("title", title)
                        put("body", html)
                    }
                }
            }
        post("/sandbox/articles/$article", text.toString())
    }

    /** How many requests reached the help desk's API, with a token or without one. */
    public fun requests(authorized: Boolean): Int =
        get("/sandbox/requests")
            .jsonObject
            .getValue("requests")
            .jsonArray
            .count {
                it.jsonObject
                    .getValue("authorized")
                    .jsonPrimitive.boolean == authorized
            }

    /** How many requests with this [method] reached a path of the help desk's API that ends with [path]. */
    public fun requests(
        method: String,
        path: String,
    ): Int =
        get("/sandbox/requests")
            .jsonObject
            .getValue("requests")
            .jsonArray
            .map { it.jsonObject }
            .count {
                it.getValue("method").jsonPrimitive.content == method &&
                    it
                        .getValue("path")
                        .jsonPrimitive.content
                        .endsWith(path)
            }

    /** The tickets with exactly this subject, newest first, as the agents see them. */
    public fun tickets(subject: String): List<SandboxTicket> {
        val query = URLEncoder.encode(subject, Charsets.UTF_8)
        val answer = get("/sandbox/tickets?subject=$query").jsonObject
        return answer
            .getValue("tickets")
            .jsonArray
            .map { SandboxTicket.of(it.jsonObject) }
            .filter { it.subject == subject }
    }

    /** The ticket with this number, as the agents see it. */
    public fun ticket(number: Long): SandboxTicket {
        val answer = get("/sandbox/tickets/$number").jsonObject
        return SandboxTicket.of(answer.getValue("ticket").jsonObject)
    }

    /**
     * Has an agent answer publicly. [status] becomes the ticket's status. [html] is the same text as an agent's editor has it, where that says more;
     * `cid:0` in it is the address of [picture], a PNG.
     */
    public fun answer(
        ticket: Long,
        body: String,
        status: String = "pending",
        html: String? = null,
        picture: ByteArray? = null,
    ) {
        val answer =
            buildJsonObject {
                put("body", body)
                put("status", status)
                if (html != null) put("html", html)
                if (picture != null) {
                    putJsonArray("files") {
                        addJsonObject {
                            put("name", "Einstellungen März.png")
                            put("content_type", "image/png")
                            put("content", Base64.getEncoder().encodeToString(picture))
                        }
                    }
                }
            }
        post("/sandbox/tickets/$ticket/answer", answer.toString())
    }

    /** Has an agent change the status only. */
    public fun status(
        ticket: Long,
        status: String,
    ) {
        post("/sandbox/tickets/$ticket/status", buildJsonObject { put("status", status) }.toString())
    }

    /** Has an agent choose a custom status, by its [id]. */
    public fun customStatus(
        ticket: Long,
        id: Long,
    ) {
        post("/sandbox/tickets/$ticket/status", buildJsonObject { put("custom_status", id) }.toString())
    }

    /** Has an agent fill in a ticket field of the company's own, by the field's id. */
    public fun field(
        ticket: Long,
        field: Long,
        value: String,
    ) {
        val filled =
            buildJsonObject {
                put("field", field)
                put("value", value)
            }
        post("/sandbox/tickets/$ticket/field", filled.toString())
    }

    /** Makes a ticket as [ticket] says (see the sandbox's README), and returns its number. */
    public fun make(ticket: JsonObject): Long =
        Json
            .parseToJsonElement(sent("/sandbox/tickets/make", ticket.toString()))
            .jsonObject
            .getValue("ticket")
            .jsonObject
            .getValue("id")
            .jsonPrimitive.long

    /** Changes the help desk's settings, by their names. */
    public fun settings(changed: JsonObject): Unit = post("/sandbox/settings", changed.toString())

    /** Makes a ticket invisible to [user]. */
    public fun revoke(
        ticket: Long,
        user: String,
    ) {
        post("/sandbox/tickets/$ticket/revoke", buildJsonObject { put("user", user) }.toString())
    }

    /** Makes it visible to [user] again. */
    public fun restore(
        ticket: Long,
        user: String,
    ) {
        post("/sandbox/tickets/$ticket/restore", buildJsonObject { put("user", user) }.toString())
    }

    /** Whether the help desk tells somebody which tickets agents have changed: see [PushRelay]. */
    public fun hasWebhook(): Boolean = get("/sandbox/webhook").jsonObject.getValue("url") !is JsonNull

    /** Has the help desk tell [url], on this machine, which tickets agents have changed. Returns the secret that signs its requests. */
    internal fun connectWebhook(url: String): String =
        Json
            .parseToJsonElement(sent("/sandbox/webhook", buildJsonObject { put("url", url) }.toString()))
            .jsonObject
            .getValue("webhook")
            .jsonObject
            .getValue("signing_secret")
            .jsonPrimitive.content

    /** The reverse of [connectWebhook]. */
    internal fun disconnectWebhook() {
        send(request("/sandbox/webhook").DELETE().build())
    }

    /** The ids of the ticket fields that the company has. */
    internal fun fieldIds(): Set<Long> =
        get("/sandbox/account")
            .jsonObject
            .getValue("ticket_fields")
            .jsonArray
            .map {
                it.jsonObject
                    .getValue("id")
                    .jsonPrimitive.long
            }.toSet()

    /** Adds a ticket field, or replaces the one with the same id. */
    internal fun makeField(field: JsonObject): Unit = post("/sandbox/ticket_fields", field.toString())

    /** Adds a custom status, or replaces the one with the same id. */
    internal fun makeStatus(status: JsonObject): Unit = post("/sandbox/custom_statuses", status.toString())

    private fun get(path: String): JsonElement = Json.parseToJsonElement(send(request(path).GET().build()))

    private fun post(
        path: String,
        body: String,
    ) {
        sent(path, body)
    }

    private fun sent(
        path: String,
        body: String,
    ) = send(request(path).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)).build())

    private fun request(path: String) = HttpRequest.newBuilder(URI("$url$path")).timeout(TIMEOUT)

    private fun send(request: HttpRequest): String {
        val answer = http.send(request, HttpResponse.BodyHandlers.ofString())
        check(answer.statusCode() in 200..299) { "${request.method()} ${request.uri().path} answered ${answer.statusCode()}" }
        return answer.body()
    }

    private companion object {
        val TIMEOUT: Duration = Duration.ofSeconds(20)
    }
}
