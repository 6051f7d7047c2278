package dev.pocketdesk.sandbox

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.add
import kotlinx.serialization.json.addJsonObject
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject

/** Tickets of the hub, in a sandbox that is set up for it ([setUpFor]): one of each type, and an escalation whose steps can be taken. */
public class HubTickets(
    private val server: SandboxServer,
    definition: String = Company.HUB.definition,
) {
    private val fields: Map<String, Long> =
        Json
            .parseToJsonElement(definition)
            .jsonObject
            .getValue("connectors")
            .jsonObject
            .getValue("zendesk")
            .jsonObject
            .getValue("fields")
            .jsonObject
            .mapValues { (_, field) -> (if (field is JsonObject) field.getValue("id") else field).jsonPrimitive.long }

    /** A mail of Ada's about a problem that engineers look at. Ben is a further user. */
    public fun escalated(): Long =
        make(
            "email",
            "Bookings of the Spanish shop are lost since Monday",
            mapOf(
                "escalation_state" to "esc_submitted",
                "escalation_id" to "CP-20419",
                "escalation_text" to "Bookings whose voucher has an umlaut are not imported.",
                "escalation_dates" to "esc_submitted=2026-03-02T08:15:00Z",
                "escalation_estimate" to "2093-04-01",
                "resources" to "Voucher codes, how they are read: https://help.example.com/vouchers\nhttps://status.example.com/",
            ),
            listOf(
                "ada" to "Good morning,\n\nsince Monday the bookings of our Spanish shop do not arrive. “Frühbucher” is the voucher.",
                "marta" to "Thank you, Ada. I have passed it on to our engineers.",
            ),
            linked = listOf("ben"),
        )

    /** A mail of Ada's that Marta has answered: a ticket with nothing special. */
    public fun mail(subject: String): Long =
        make(
            "email",
            subject,
            emptyMap(),
            listOf(
                "ada" to "Guten Tag,\n\nin Zürich wird die Währung doppelt umgerechnet: aus 1.204,50 € werden 1.298,17 €.",
                "marta" to "Danke, Ada. Die Einstellung ist korrigiert. Passt es jetzt?",
            ),
        )

    /** The escalation has reached a step, in the words of the help desk: `esc_review`, `esc_eng`, `esc_fix` or `esc_done`. */
    public fun step(
        ticket: Long,
        state: String,
    ): Unit = server.field(ticket, fields.getValue("escalation_state"), state)

    /** The dates of the steps, a line each: `esc_review=2026-03-03T10:00:00Z`. */
    public fun dates(
        ticket: Long,
        lines: String,
    ): Unit = server.field(ticket, fields.getValue("escalation_dates"), lines)

    /** A call on Zoom that was agreed by mail. */
    public fun conferenceCall(): Long =
        make(
            "email",
            "Invitation: session",
            mapOf(
                "ticket_type" to "conference_call",
                "call_at" to "2093-03-12T14:30:00Z",
                "call_status" to "accepted",
                "meeting_link" to "https://zoom.example.com/j/93811",
                "passcode" to "7Kx-204",
            ),
            listOf("ada" to "Thursday at half past three suits us.", "marta" to "Then we talk on Thursday. The link is in the ticket."),
        )

    /** A call that came in by phone, without mails. */
    public fun phone(): Long = make("phone_call_inbound", "", emptyMap(), listOf("marta" to "Called back on Tuesday."))

    /** A chat with its transcript. */
    public fun chat(): Long =
        make(
            "native_messaging",
            "Where are the settings of the voucher?",
            emptyMap(),
            listOf("ada" to "Hi, where do I turn off a voucher? 🙂", "marta" to "Under Programme → Vouchers, at the end of its line."),
        )

    private fun make(
        channel: String,
        subject: String,
        values: Map<String, String>,
        messages: List<Pair<String, String>>,
        linked: List<String> = emptyList(),
    ): Long =
        server.make(
            buildJsonObject {
                put("requester", "ada")
                put("assignee", "marta")
                put("channel", channel)
                put("subject", subject)
                putJsonArray("linked") { linked.forEach { add(it) } }
                putJsonObject("fields") { values.forEach { (name, value) -> put(fields.getValue(name).toString(), JsonPrimitive(value)) } }
                putJsonArray("messages") {
                    messages.forEach { (by, body) ->
                        addJsonObject {
                            put("by", by)
                            put("body", body)
                        }
                    }
                }
            },
        )
}
