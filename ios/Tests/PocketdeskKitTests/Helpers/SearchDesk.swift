import Foundation
import PocketdeskKit
import SandboxClient

/// Ada's device with the hub's product, which can be searched, and a help desk with the tickets that a test makes.
@MainActor
final class SearchDesk {
    let sandbox: SandboxProcess
    let folder: TemporaryFolder

    init(tickets: Int = 0) throws {
        sandbox = try SandboxProcess.start(tickets: tickets)
        folder = try TemporaryFolder()
    }

    /// Opens the client, in front and with a network.
    ///
    /// - Parameter readsThreads: Whether threads are read before they are opened, as the product says.
    func open(_ product: String = "hub@1", readsThreads: Bool = true) async throws -> Pocketdesk {
        let policy = #"{ "active_days": 0, "open": false, "unread": false, "requests_per_hour": 0 }"#
        let threads = readsThreads ? "" : #", "sync": { "threads": \#(policy) }"#
        var config = ClientConfig(directory: folder.url, account: "ada", server: sandbox.server.url, language: "de")
        config.product = #"{ "schema": 1, "id": "tested", "version": 1, "extends": "\#(product)"\#(threads) }"#
        config.sendDelaySeconds = 0
        let client = try await Pocketdesk.open(config, tokens: FixedToken())
        client.setInFront(true)
        client.setOnline(true)
        return client
    }

    /// Makes a mail of Ada's with messages by Ada and Marta in turn, the description first.
    ///
    /// - Returns: Its number.
    @discardableResult
    func mail(_ subject: String, _ messages: [String] = ["Guten Tag 🙏"]) async throws -> UInt64 {
        let turns = messages.enumerated().map { ["by": $0.isMultiple(of: 2) ? "ada" : "marta", "body": $1] }
        let ticket: [String: Any] = ["requester": "ada", "channel": "email", "subject": subject, "messages": turns]
        return try await sandbox.server.make(String(decoding: JSONSerialization.data(withJSONObject: ticket), as: UTF8.self))
    }

    /// The local id of the ticket with this number, once its thread is on this device. A ticket that was made while the first sync
    /// read the history comes with the sync that is asked for here, and not only when the app in front asks again after minutes.
    func read(_ number: UInt64, _ client: Pocketdesk) async throws -> Int64 {
        client.syncNow()
        let id = try await client.waitFor("ticket \(number)") { client in
            try await client.history(limit: 200).tickets.first { $0.number == number }?.id
        }
        return try await client.waitFor("its thread") { try await $0.ticket(id).threadComplete ? id : nil }
    }
}

extension [Segment] {
    /// The text with brackets around what was found.
    var marked: String {
        map { $0.hit ? "[\($0.text)]" : $0.text }.joined()
    }
}

extension HistoryModel {
    /// What was found; `nil` if the screen shows something else.
    var found: FoundTickets? {
        if case .found(let found) = state { found } else { nil }
    }

    /// Types a text, and waits until the screen has its answer.
    func type(_ text: String) async throws -> FoundTickets {
        searchText = text
        try await waitUntil("what was found for \(text)") { self.found?.text == text }
        guard let found else { throw ConditionTimeout(description: "nothing is searched") }
        return found
    }
}
