package dev.pocketdesk.sandbox

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject

/**
 * The same [profile], but believing that a desk is consistent again after [seconds]: what may or may not have arrived is then settled in seconds
 * and not in minutes. Only right for a desk that indeed is that quick, as the sandbox is unless told otherwise.
 */
public fun impatient(
    profile: String,
    seconds: Int = 1,
): String {
    val root = Json.parseToJsonElement(profile).jsonObject
    val consistency = root.getValue("consistency").jsonObject
    val quick = listOf("stale_read_seconds", "late_apply_seconds").associateWith { JsonPrimitive(seconds) }
    return JsonObject(root + ("consistency" to JsonObject(consistency + quick))).toString()
}

/** The same [profile], but files can be attached: pictures and texts, as many and as large as the hub's. */
public fun takingFiles(profile: String): String {
    val root = Json.parseToJsonElement(profile).jsonObject
    val limits = """{"max_files": 5, "max_bytes": 500000, "types": ["png", "jpg", "pdf", "txt", "csv"]}"""
    return JsonObject(root + ("attachments" to Json.parseToJsonElement(limits))).toString()
}

/** The same [profile], but with these on: `add_cc`, `solve`. */
public fun offering(
    profile: String,
    vararg names: String,
): String {
    val root = Json.parseToJsonElement(profile).jsonObject
    return JsonObject(root + names.associateWith { JsonPrimitive(true) }).toString()
}
