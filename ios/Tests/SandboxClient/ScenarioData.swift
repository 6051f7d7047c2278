import Foundation
import PocketdeskKit

/// A token that never changes.
package struct FixedToken: TokenSource {
    let token: String

    package init(_ token: String = "ada-token") {
        self.token = token
    }

    package func token(refused: Bool) async throws -> String {
        token
    }
}

extension ClientConfig {
    /// A configuration for Ada on a sandbox, with a product that offers everything. Reads there are stale, and writes late, only if a fault
    /// says so. So the product definition allows one second for each, and the ambiguity timeout is a few seconds instead of a minute.
    ///
    /// - Parameter delay: For how many seconds a message can be undone.
    package static func ada(in directory: URL, on sandbox: URL, delay: UInt32 = 0) -> ClientConfig {
        var config = ClientConfig(directory: directory, account: "ada", server: sandbox)
        config.product = """
            {
              "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1",
              "create": { "order": ["subject", "issue_type", "cc", "description", "access", "attachments"] },
              "attachments": { "in": ["create", "reply"], "max_files": 2, "max_bytes": 500000, "types": ["txt", "png"] },
              "actions": [
                { "id": "add_cc", "kind": "add_cc", "who": "any", "when": ["status.kind!=closed"] },
                { "id": "solve", "kind": "solve", "who": "owner", "when": ["status.active"] }
              ],
              "sync": { "stale_read_seconds": 1, "late_apply_seconds": 1 }
            }
            """
        config.sendDelaySeconds = delay
        return config
    }
}

/// The texts of the scenario: a ticket and two replies that are written without a network, and an answer.
package enum ScenarioData {
    package static let subject = "Auszahlung für Oktober fehlt – עדיין לא הגיע 🧾"
    package static let description = """
        Guten Tag,

        die Auszahlung für Oktober (Rechnung 2026-10-4471) ist bis heute nicht angekommen.
        المبلغ هو ٣٤٥ يورو
        """
    package static let cc = ["buchhaltung@nordlicht-reisen.example", "jürgen.groß@nordlicht-reisen.example"]
    package static let replies = ["Nachtrag: Die IBAN hat sich im September geändert. 👩🏽‍💻", "Und die Bestätigung dazu kam am 3. Oktober."]
    package static let answer = "Danke, Ada! Können Sie uns das Datum der Änderung nennen?"
}
