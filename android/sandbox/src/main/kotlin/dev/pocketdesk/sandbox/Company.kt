package dev.pocketdesk.sandbox

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.add
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import java.nio.file.Files
import java.nio.file.Path

/** A company whose product definition is in this repository. */
public enum class Company(
    private val file: String,
) {
    /** The one whose product is built in. */
    MOBILE("core/products/impact-mobile.json"),
    WEB("core/products/impact-web.json"),
    HUB("core/products/hub.json"),

    /** One that the library does not know. */
    TELECOM("tests/products/definitions/telecom.json"),

    /** One with ticket types, a timeline and a toggle, which the library does not know either. */
    WORKSHOP("tests/products/definitions/workshop.json"),
    ;

    /** The definition, as JSON. The system property `pocketdesk.repository` names the repository's folder (Maven sets it for tests). */
    public val definition: String get() = Files.readString(Path.of(checkNotNull(System.getProperty("pocketdesk.repository")), file))
}

/** Sets the sandbox up as the company would whose product [definition] this is: with its custom statuses and its ticket fields. */
public fun SandboxServer.setUpFor(definition: String) {
    val root = Json.parseToJsonElement(definition).jsonObject
    val server = root["connectors"]?.jsonObject?.get("zendesk")?.jsonObject ?: return
    val custom = (server["custom_statuses"] as? JsonObject).orEmpty()
    custom.forEach { (status, id) -> makeStatus(statusOf(id, root.kindOf(status), root.labels("status.$status"))) }
    val known = fieldIds()
    server["fields"]?.jsonObject.orEmpty().forEach { (name, field) ->
        val id = (if (field is JsonObject) field.getValue("id") else field).jsonPrimitive
        val values = (field as? JsonObject)?.get("values")?.jsonObject.orEmpty()
        val options =
            values.mapValues { (_, value) ->
                val key = "$name.${value.jsonPrimitive.content}"
                root.labels(key).ifEmpty { root.labels("field.$key") } as JsonObject
            }
        val type = if (options.isNotEmpty()) "tagger" else root.typeOf(name)
        if (id.long !in known) makeField(fieldOf(id, name, type, options))
    }
}

private fun JsonObject.kindOf(status: String): String? =
    getValue("statuses")
        .jsonArray
        .map { it.jsonObject }
        .firstOrNull { it.getValue("id").jsonPrimitive.content == status }
        ?.get("kind")
        ?.jsonPrimitive
        ?.contentOrNull

/** The service's type of a field without options. */
private fun JsonObject.typeOf(field: String): String {
    val defined = get("fields")?.jsonObject?.get(field)?.jsonObject
    return if (defined?.get("type")?.jsonPrimitive?.content == "bool") "checkbox" else "text"
}

/** What the definition calls something, in each language. */
private fun JsonObject.labels(key: String): JsonObject =
    buildJsonObject {
        get("strings")?.jsonObject.orEmpty().forEach { (language, texts) ->
            (texts as? JsonObject)?.get(key)?.let { put(language, it) }
        }
    }

private fun statusOf(
    id: JsonElement,
    kind: String?,
    labels: JsonObject,
) = buildJsonObject {
    put("id", id)
    put("category", CATEGORIES[kind] ?: "open")
    put("agent_label", labels["en"] ?: JsonPrimitive("Custom"))
    put("labels", labels)
}

private fun fieldOf(
    id: JsonElement,
    name: String,
    type: String,
    options: Map<String, JsonObject>,
) = buildJsonObject {
    put("id", id)
    put("type", type)
    put("titles", buildJsonObject { put("en", name.replace('_', ' ')) })
    putJsonArray("options") {
        options.forEach { (value, names) ->
            add(
                buildJsonObject {
                    put("value", value)
                    put("names", names)
                },
            )
        }
    }
}

/** The service's category of a status of each kind. */
private val CATEGORIES = mapOf("open" to "open", "working" to "open", "awaiting_user" to "pending", "solved" to "solved")
