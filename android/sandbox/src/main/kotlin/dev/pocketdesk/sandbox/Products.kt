package dev.pocketdesk.sandbox

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject

/**
 * The same [product], with the assumption that a server is consistent again after [seconds]. An attempt whose outcome is unknown is then settled in
 * seconds instead of minutes. Only correct for a server that is that fast, as the sandbox is without faults.
 */
public fun withFastConsistency(
    product: String,
    seconds: Int = 1,
): String {
    val root = Json.parseToJsonElement(product).jsonObject
    val consistency = root.getValue("consistency").jsonObject
    val quick = listOf("stale_read_seconds", "late_apply_seconds").associateWith { JsonPrimitive(seconds) }
    return JsonObject(root + ("consistency" to JsonObject(consistency + quick))).toString()
}

/** The same [product], with attachments: at most five pictures or text files of at most 500 KB. */
public fun withAttachments(product: String): String {
    val root = Json.parseToJsonElement(product).jsonObject
    val limits = """{"max_files": 5, "max_bytes": 500000, "types": ["png", "jpg", "pdf", "txt", "csv"]}"""
    return JsonObject(root + ("attachments" to Json.parseToJsonElement(limits))).toString()
}

/** The same [product], with these actions offered: `add_cc`, `solve`. */
public fun withActions(
    product: String,
    vararg names: String,
): String {
    val root = Json.parseToJsonElement(product).jsonObject
    return JsonObject(root + names.associateWith { JsonPrimitive(true) }).toString()
}
