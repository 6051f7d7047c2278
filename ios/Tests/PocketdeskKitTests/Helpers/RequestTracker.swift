import Foundation
import PocketdeskKit
import SandboxClient

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A running Request Tracker, as named by the environment variables, and what its agents do.
struct RequestTracker: Sendable {
    let url: URL
    /// The token of a user without any history.
    let token: String
    /// The token of an agent.
    let agent: String
    /// The tokens of two users of the same account, and of one of another.
    let colleagues: (ben: String, clara: String)
    let stranger: String

    static var named: RequestTracker? {
        let environment = ProcessInfo.processInfo.environment
        guard let url = environment["POCKETDESK_RT_URL"].flatMap(URL.init(string:)),
            let token = environment["POCKETDESK_RT_TOKEN"], let agent = environment["POCKETDESK_RT_AGENT_TOKEN"],
            let ben = environment["POCKETDESK_RT_BEN_TOKEN"], let clara = environment["POCKETDESK_RT_CLARA_TOKEN"],
            let zoe = environment["POCKETDESK_RT_ZOE_TOKEN"]
        else { return nil }
        return RequestTracker(url: url, token: token, agent: agent, colleagues: (ben, clara), stranger: zoe)
    }

    func config(in folder: URL, product: String = RequestTracker.mobile) -> ClientConfig {
        var config = ClientConfig(directory: folder, account: "ada", server: url, language: "de")
        config.connector = .requestTracker
        config.product = product
        config.sendDelaySeconds = 0
        return config
    }

    static let mobile = """
        {
          "schema": 1, "id": "tested", "version": 1, "extends": "impact-mobile@1",
          "sync": { "stale_read_seconds": 1, "late_apply_seconds": 1 }
        }
        """

    /// The numbers of the tickets with exactly this subject, as the agent finds them.
    func tickets(_ subject: String) async throws -> [UInt64] {
        var query = URLComponents()
        query.queryItems = [URLQueryItem(name: "query", value: "Subject = '\(subject)'")]
        let found = try await ask("GET", "tickets?\(query.percentEncodedQuery ?? "")")
        let items = found["items"] as? [[String: Any]] ?? []
        return items.compactMap { ($0["id"] as? String).flatMap(UInt64.init) }
    }

    /// The CC addresses of a ticket.
    func copied(_ ticket: UInt64) async throws -> Set<String> {
        let people = try await ask("GET", "ticket/\(ticket)")["Cc"] as? [[String: Any]] ?? []
        return Set(people.compactMap { ($0["id"] as? String)?.lowercased() })
    }

    /// The value of a ticket's field.
    func field(_ name: String, of ticket: UInt64) async throws -> String? {
        let fields = try await ask("GET", "ticket/\(ticket)")["CustomFields"] as? [[String: Any]] ?? []
        let found = fields.first { $0["name"] as? String == name }
        return (found?["values"] as? [String])?.first
    }

    /// Has Ada write a ticket elsewhere, by mail for example, and an agent take it and fill in its fields.
    ///
    /// - Parameter shared: Whether everybody of her account sees it.
    /// - Returns: Its number.
    func make(
        _ subject: String, _ text: String, copied: [String] = [], shared: Bool = false, fields: [String: String] = [:]
    ) async throws -> UInt64 {
        let ticket: [String: Any] = [
            "Queue": "Support", "Requestor": try await login(token), "Subject": subject, "Content": text, "ContentType": "text/plain",
            "Cc": copied, "CustomFields": ["Account Access": shared ? "Yes" : "No"],
        ]
        let made = try await ask("POST", "ticket", JSONSerialization.data(withJSONObject: ticket), token: token)
        guard let number = (made["id"] as? String).flatMap(UInt64.init) ?? (made["id"] as? NSNumber)?.uint64Value else {
            throw SandboxError.badResponse(0)
        }
        _ = try await ask("PUT", "ticket/\(number)", JSONEncoder().encode(["Owner": "marta"]))
        for (name, value) in fields { try await fill(number, name, value) }
        return number
    }

    /// Has an agent fill in a ticket's field.
    func fill(_ ticket: UInt64, _ name: String, _ value: String) async throws {
        _ = try await ask("PUT", "ticket/\(ticket)", JSONEncoder().encode(["CustomFields": [name: value]]))
        guard try await field(name, of: ticket) == value else { throw SandboxError.badResponse(0) }
    }

    /// The status of a ticket in the queue's lifecycle.
    func status(_ ticket: UInt64) async throws -> String? {
        try await ask("GET", "ticket/\(ticket)")["Status"] as? String
    }

    /// Sets a ticket's status.
    func setStatus(_ ticket: UInt64, _ status: String) async throws {
        _ = try await ask("PUT", "ticket/\(ticket)", JSONEncoder().encode(["Status": status]))
    }

    /// Writes a public answer of the agent, and sets the status to "awaiting your reply".
    func answer(_ ticket: UInt64, _ text: String) async throws {
        let answer = ["Content": text, "ContentType": "text/plain", "Status": "awaiting your reply"]
        _ = try await ask("POST", "ticket/\(ticket)/correspond", JSONEncoder().encode(answer))
    }

    /// The address of a user.
    func address(_ token: String) async throws -> String {
        "\(try await login(token))@customer.example"
    }

    /// The login name of a user. The token names the user's number.
    private func login(_ token: String) async throws -> String {
        let number = token.split(separator: "-").dropFirst().first ?? ""
        guard let name = try await ask("GET", "user/\(number)", token: token)["Name"] as? String else { throw SandboxError.badResponse(0) }
        return name
    }

    /// - Parameter token: Whose request it is; the agent's if `nil`.
    private func ask(_ method: String, _ path: String, _ body: Data? = nil, token: String? = nil) async throws -> [String: Any] {
        guard let url = URL(string: "REST/2.0/\(path)", relativeTo: url) else { throw SandboxError.badResponse(0) }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.setValue("token \(token ?? agent)", forHTTPHeaderField: "Authorization")
        let (data, response) = try await URLSession.shared.data(for: request)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard (200..<300).contains(status) else { throw SandboxError.badResponse(status) }
        // The answer to a change is a list of sentences.
        return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }
}
