package dev.pocketdesk.sandbox

import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.booleanOrNull
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import kotlinx.serialization.json.longOrNull

/** A ticket as the agents see it. */
public data class SandboxTicket(
    val id: Long,
    val subject: String,
    /** The server's own status: new, open, pending, hold, solved, closed. */
    val status: String,
    /** The access toggle; null if it was never set. */
    val access: Boolean?,
    /** Who wrote it: name and address. */
    val requester: Pair<String, String>?,
    val ccs: List<String>,
    /** Bodies of the public comments, oldest first; the description is the first one. */
    val comments: List<String>,
    /** The names of the files of its public comments, oldest first. */
    val files: List<String>,
    /** The number of the closed ticket that it follows, if it follows one. */
    val followUpOf: Long?,
    /** How its requester rated it, with what the requester wrote about it; null if it was not rated. */
    val rating: Pair<String, String?>?,
    /** Whom the support team may sign in as to solve it: what each user said, by the user's id. */
    val proxyLogins: Map<Long, Boolean>,
) {
    internal companion object {
        fun of(json: JsonObject): SandboxTicket {
            val comments =
                json
                    .getValue("comments")
                    .jsonArray
                    .map { it.jsonObject }
                    .filter { it.getValue("public").jsonPrimitive.boolean }
            return SandboxTicket(
                id = json.getValue("id").jsonPrimitive.long,
                subject = json.getValue("subject").jsonPrimitive.content,
                status = json.getValue("status").jsonPrimitive.content,
                access = json["access"]?.jsonPrimitive?.booleanOrNull,
                requester =
                    (json["requester"] as? JsonObject)?.let { person ->
                        val (name, email) = listOf("name", "email").map { person.getValue(it).jsonPrimitive.content }
                        name to email
                    },
                ccs = json.getValue("ccs").jsonArray.map { it.jsonPrimitive.content },
                comments = comments.map { it.getValue("body").jsonPrimitive.content },
                files =
                    comments.flatMap { it.getValue("attachments").jsonArray }.map {
                        it.jsonObject
                            .getValue("file_name")
                            .jsonPrimitive.content
                    },
                followUpOf = json["followup_of"]?.jsonPrimitive?.longOrNull,
                rating =
                    (json["rating"] as? JsonObject)?.let { rating ->
                        rating.getValue("score").jsonPrimitive.content to rating["comment"]?.jsonPrimitive?.contentOrNull
                    },
                proxyLogins =
                    json
                        .getValue("proxy_logins")
                        .jsonObject
                        .entries
                        .associate { (user, allowed) -> user.toLong() to allowed.jsonPrimitive.boolean },
            )
        }
    }
}
