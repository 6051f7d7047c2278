import Foundation
import PocketdeskKit

extension ClientConfig {
    /// A configuration for a user of the hub, in German. The sandbox is consistent again after a second: see ``ada(in:on:delay:)``.
    package static func hub(in directory: URL, on server: URL, account: String = "ada", claims: [String] = []) -> ClientConfig {
        var config = ClientConfig(directory: directory, account: account, server: server, language: "de")
        config.product = """
            {
              "schema": 1, "id": "tested", "version": 1, "extends": "hub@1",
              "sync": { "stale_read_seconds": 1, "late_apply_seconds": 1 }
            }
            """
        config.claims = claims
        config.sendDelaySeconds = 0
        return config
    }
}

/// Tickets of the hub in a sandbox, at a company that has set up its fields.
package struct HubTickets: Sendable {
    private let server: SandboxServer
    private let fields: [String: Int64]

    /// Sets the sandbox up as a company does: with the fields of the definition, and with tickets that further users see.
    package init(_ server: SandboxServer) async throws {
        self.server = server
        let path = "../../../../core/products/hub.json"
        let hub = try Data(contentsOf: URL(fileURLWithPath: #filePath).appendingPathComponent(path).standardized)
        fields = try JSONDecoder().decode(Definition.self, from: hub).connectors.zendesk.fields.mapValues(\.id)
        for (name, id) in fields {
            let type = name == "feedback_given" ? "checkbox" : "text"
            try await server.addField(#"{ "id": \#(id), "type": "\#(type)", "titles": { "en": "\#(name)" } }"#)
        }
        try await server.set(#"{ "copied_users_see": true }"#)
    }

    /// A mail of Ada's about a problem that engineers look at. Ben is a further user.
    package func escalated() async throws -> UInt64 {
        let values = [
            "escalation_state": "esc_submitted", "escalation_id": "CP-20419",
            "escalation_text": "Bookings whose voucher has an umlaut are not imported.",
            "escalation_dates": "esc_submitted=2026-03-02T08:15:00Z", "escalation_estimate": "2093-04-01",
        ]
        let messages = [
            ("ada", "Buenos días,\n\ndesde el lunes faltan las reservas de nuestra tienda. El código es «Frühbucher»."),
            ("marta", "Thank you, Ada. I have passed it on to our engineers."),
        ]
        return try await make("email", HubData.escalated, values, messages, linked: ["ben"])
    }

    /// A mail of Ada's that Marta has answered: a ticket with nothing special.
    package func mail() async throws -> UInt64 {
        let messages = [
            ("ada", "Guten Tag,\n\nin Zürich wird die Währung doppelt umgerechnet: aus 1.204,50 € werden 1.298,17 €."),
            ("marta", "Danke, Ada. Die Einstellung ist korrigiert. Passt es jetzt?"),
        ]
        return try await make("email", HubData.mail, [:], messages)
    }

    /// A call that came in by phone, without mails.
    package func phone() async throws -> UInt64 {
        try await make("phone_call_inbound", "", [:], [("marta", "Called back on Tuesday.")])
    }

    /// The escalation has reached a step, in the words of the help desk: `esc_fix`, for example.
    package func step(_ ticket: UInt64, _ state: String) async throws {
        guard let field = fields["escalation_state"] else { throw SandboxError.badResponse(0) }
        try await server.setField(ticket, field, state)
    }

    private func make(
        _ channel: String, _ subject: String, _ values: [String: String], _ messages: [(by: String, body: String)], linked: [String] = []
    ) async throws -> UInt64 {
        let ticket: [String: Any] = [
            "requester": "ada", "assignee": "marta", "channel": channel, "subject": subject, "linked": linked,
            "fields": values.reduce(into: [String: String]()) { $0[String(fields[$1.key] ?? 0)] = $1.value },
            "messages": messages.map { ["by": $0.by, "body": $0.body] },
        ]
        return try await server.make(String(decoding: JSONSerialization.data(withJSONObject: ticket), as: UTF8.self))
    }
}

/// The texts of the hub's scenario.
package enum HubData {
    package static let escalated = "Las reservas de la tienda española faltan desde el lunes"
    package static let mail = "Währung wird doppelt umgerechnet – Zürich 💱"
    package static let confirmed = "Ich habe die Lösung geprüft: Das Problem ist behoben. Vielen Dank."
    package static let colleague = "Ich sehe dasselbe in Madrid: ¿también en la factura?"
    package static let lastReply = "Jetzt stimmt die Umrechnung – danke! 👍🏽"
    package static let feedback = "Schnell & freundlich 🙏 – תודה"
    /// What is pressed on the toggle, without a network.
    package static let presses = [true, false, true, false, true]
    /// The server's ids of the two users.
    package static let ada = "361882440112"
    package static let ben = "361882440137"
}

private struct Definition: Decodable {
    struct Connectors: Decodable {
        let zendesk: Zendesk
    }

    struct Zendesk: Decodable {
        let fields: [String: Field]
    }

    /// A field of the service: its id, alone or in an object.
    struct Field: Decodable {
        private struct Described: Decodable {
            let id: Int64
        }

        let id: Int64

        init(from decoder: any Decoder) throws {
            if let described = try? Described(from: decoder) {
                id = described.id
            } else {
                id = try decoder.singleValueContainer().decode(Int64.self)
            }
        }
    }

    let connectors: Connectors
}
