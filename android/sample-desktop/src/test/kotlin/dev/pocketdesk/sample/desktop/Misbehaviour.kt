package dev.pocketdesk.sample.desktop

import dev.pocketdesk.sandbox.SandboxServer
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** Ways of a server to misbehave. Each lasts until [heal]. Calls block. */
internal interface Misbehaviour : AutoCloseable {
    /** How the phone connects as Ada, to a server that can misbehave. */
    val ada: ServerLogin

    /** Asks to be left alone for so many seconds. */
    fun busy(seconds: Int)

    /** Fails to give the messages of one ticket. */
    fun failThread(number: Long)

    /** Sends the newest messages of each ticket in a form that nobody can read. */
    fun spoilNewest(messages: Int)

    /** Confirms messages with this text and never shows them, as a spam filter does. */
    fun hideMessages(text: String)

    /** Refuses every reply with these words. */
    fun refuseReplies(words: String)

    /** Refuses every file for its size. */
    fun refuseFiles()

    /** Ends all of it. */
    fun heal()
}

/** The sandbox with its faults, behind a proxy for what it has no fault for. */
internal class SandboxMisbehaviour(
    private val server: SandboxServer,
) : Misbehaviour {
    private val network = NetworkProxy(server.url)

    override val ada = ServerLogin(network.url, "ada-token")

    override fun busy(seconds: Int) = server.fault("too_many_requests", """{"retry_after": $seconds}""")

    override fun failThread(number: Long) = server.fault("server_error", """{"only": "GET /api/v2/requests/$number/comments"}""")

    override fun spoilNewest(messages: Int) =
        network.edit(COMMENTS) { body ->
            body.withComments { comments ->
                val newest = comments.sortedByDescending { it.number }.take(messages)
                comments.map { if (it in newest) JsonObject(it + ("id" to JsonNull)) else it }
            }
        }

    override fun hideMessages(text: String) =
        network.edit(COMMENTS) { body ->
            body.withComments { comments -> comments.filter { it["body"]?.jsonPrimitive?.content != text } }
        }

    override fun refuseReplies(words: String) {
        val body =
            """{"error": "RecordInvalid", "description": "Record validation errors", "details": {"base": [{"description": "$words"}]}}"""
        network.refuse(Regex("PUT /api/v2/requests/[0-9]+(\\.json)?"), UNPROCESSABLE, body)
    }

    override fun refuseFiles() = server.fault("upload_refused", """{"reason": "size"}""")

    override fun heal() {
        network.heal()
        server.heal()
    }

    override fun close() = network.close()

    private fun String.withComments(change: (List<JsonObject>) -> List<JsonObject>): String {
        val root = Json.parseToJsonElement(this).jsonObject
        val comments = root["comments"]?.jsonArray?.map { it.jsonObject } ?: return this
        return JsonObject(root + ("comments" to JsonArray(change(comments)))).toString()
    }

    private val JsonObject.number get() = getValue("id").jsonPrimitive.content.toLong()

    private companion object {
        val COMMENTS = Regex("GET /api/v2/requests/[0-9]+/comments(\\.json)?")
        const val UNPROCESSABLE = 422
    }
}
