package dev.pocketdesk.sandbox

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject

/** A product definition that is [base] (an id with a version, such as `impact-web@1`) and nothing more yet. */
public fun productFrom(base: String = "impact-mobile@1"): String = """{ "schema": 1, "id": "sandbox", "version": 1, "extends": "$base" }"""

/**
 * The same [product], with the assumption that a server is consistent again after [seconds]. An attempt whose outcome is unknown is then settled in
 * seconds instead of minutes. Only correct for a server that is that fast, as the sandbox is without faults.
 */
public fun withFastConsistency(
    product: String,
    seconds: Int = 1,
): String =
    product.with("sync") { before ->
        val quick = listOf("stale_read_seconds", "late_apply_seconds").associateWith { JsonPrimitive(seconds) }
        JsonObject(before?.jsonObject.orEmpty() + quick)
    }

/**
 * The same [product], which extends impact-mobile, with attachments: at most five pictures, PDFs or text files of at most 500 KB each, in replies
 * and in the form, below the description.
 */
public fun withAttachments(product: String): String =
    product
        .with("attachments") {
            Json.parseToJsonElement(
                """{ "in": ["create", "reply"], "max_files": 5, "max_bytes": 500000, "types": ["png", "jpg", "pdf", "txt", "csv"], "shrink_photos": true }""",
            )
        }.with("create") { before ->
            val order = listOf("subject", "issue_type", "cc", "description", "attachments", "access")
            JsonObject(before?.jsonObject.orEmpty() + ("order" to JsonArray(order.map(::JsonPrimitive))))
        }

/** The same [product], with these actions offered: `add_cc`, `solve`. */
public fun withActions(
    product: String,
    vararg names: String,
): String =
    product.with("actions") { before ->
        JsonArray(before?.jsonArray.orEmpty() + names.map { Json.parseToJsonElement(ACTIONS.getValue(it)) })
    }

private val ACTIONS =
    mapOf(
        "add_cc" to """{ "id": "add_cc", "kind": "add_cc", "who": "any", "when": ["status.kind!=closed", "can.add_cc"] }""",
        "solve" to
            """
            { "id": "solve", "kind": "solve", "who": "owner", "when": ["status.active", "can.solve"], "confirm": "@ticket.solve.question" }
            """,
    )

private fun String.with(
    key: String,
    value: (JsonElement?) -> JsonElement,
): String {
    val root = Json.parseToJsonElement(this).jsonObject
    return JsonObject(root + (key to value(root[key]))).toString()
}
