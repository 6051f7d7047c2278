import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A running sandbox, controlled over HTTP in the same way as on its web page.
package struct SandboxServer: Sendable {
    /// The address of the sandbox.
    package let url: URL

    package init(url: URL) {
        self.url = url
    }

    /// Turns faults on. The sandbox's README describes them.
    package func fault(_ faults: String) async throws {
        try await send("POST", "sandbox/faults", Data(faults.utf8))
    }

    /// Makes the sandbox drop every connection without a response.
    package func goOffline() async throws {
        try await fault(#"{"offline": {}}"#)
    }

    /// Turns all faults off.
    package func clearFaults() async throws {
        try await send("DELETE", "sandbox/faults")
    }

    /// The tickets with this subject, as the server has them.
    package func tickets(subject: String) async throws -> [ServerTicket] {
        var query = URLComponents()
        query.queryItems = [URLQueryItem(name: "subject", value: subject)]
        let data = try await send("GET", "sandbox/tickets?\(query.percentEncodedQuery ?? "")")
        return try JSONDecoder.sandbox.decode(ServerTickets.self, from: data).tickets
    }

    /// One ticket, as the server has it.
    package func ticket(_ number: UInt64) async throws -> ServerTicket {
        let data = try await send("GET", "sandbox/tickets/\(number)")
        return try JSONDecoder.sandbox.decode(OneTicket.self, from: data).ticket
    }

    /// Adds a public answer of an agent.
    package func answer(_ ticket: UInt64, _ body: String, status: String) async throws {
        try await send("POST", "sandbox/tickets/\(ticket)/answer", JSONEncoder().encode(["body": body, "status": status]))
    }

    /// Sets a ticket's status.
    package func setStatus(_ ticket: UInt64, _ status: String) async throws {
        try await send("POST", "sandbox/tickets/\(ticket)/status", JSONEncoder().encode(["status": status]))
    }

    /// Makes a ticket invisible to a user.
    package func revoke(_ ticket: UInt64, from user: String) async throws {
        try await send("POST", "sandbox/tickets/\(ticket)/revoke", JSONEncoder().encode(["user": user]))
    }

    /// Sets a ticket's custom status, by its id.
    package func setCustomStatus(_ ticket: UInt64, _ status: Int64) async throws {
        try await send("POST", "sandbox/tickets/\(ticket)/status", JSONEncoder().encode(["custom_status": status]))
    }

    /// Adds a custom status to what the company has set up.
    ///
    /// - Parameter category: The status that it refines: `open` or `solved`, for example.
    package func addCustomStatus(_ status: Int64, of category: String, _ label: String) async throws {
        let body = try JSONSerialization.data(withJSONObject: ["id": status, "category": category, "agent_label": label] as [String: Any])
        try await send("POST", "sandbox/custom_statuses", body)
    }

    /// Adds a ticket field to what the company has set up. The sandbox's README describes it.
    package func addField(_ field: String) async throws {
        try await send("POST", "sandbox/ticket_fields", Data(field.utf8))
    }

    /// Sets the value of a ticket's custom field, as an agent or an automation does.
    ///
    /// - Parameter value: A text, or a `Bool` for a checkbox.
    package func setField(_ ticket: UInt64, _ field: Int64, _ value: some Sendable) async throws {
        let body = try JSONSerialization.data(withJSONObject: ["field": field, "value": value] as [String: Any])
        try await send("POST", "sandbox/tickets/\(ticket)/field", body)
    }

    /// Makes a ticket as the JSON says. The sandbox's README describes it.
    ///
    /// - Returns: Its number.
    package func make(_ ticket: String) async throws -> UInt64 {
        let data = try await send("POST", "sandbox/tickets/make", Data(ticket.utf8))
        return try JSONDecoder.sandbox.decode(MadeTicket.self, from: data).ticket.id
    }

    /// How far the company lets a user see the tickets of the user's colleagues: `own`, `view` or `comment`.
    package func share(with user: String, _ tickets: String) async throws {
        try await send("POST", "sandbox/users/\(user)/sharing", Data(#"{"tickets": "\#(tickets)"}"#.utf8))
    }

    /// Changes the help desk's settings, by their names.
    package func set(_ settings: String) async throws {
        try await send("POST", "sandbox/settings", Data(settings.utf8))
    }

    /// How many requests with this method reached a path of the help desk's API that ends with `path`.
    package func requests(_ method: String, _ path: String) async throws -> Int {
        let log = try JSONDecoder.sandbox.decode(RequestLog.self, from: try await send("GET", "sandbox/requests"))
        return log.requests.count { $0.method == method && $0.path.hasSuffix(path) }
    }

    /// Whether a fault is still on. A fault with `times` turns itself off.
    package func isOn(_ fault: String) async throws -> Bool {
        let faults = try JSONSerialization.jsonObject(with: try await send("GET", "sandbox/faults")) as? [String: Any]
        return faults?[fault] is [String: Any]
    }

    @discardableResult
    private func send(_ method: String, _ path: String, _ body: Data? = nil) async throws -> Data {
        guard let url = URL(string: path, relativeTo: url) else { throw SandboxError.badResponse(0) }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        let (data, response) = try await URLSession.shared.data(for: request)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard (200..<300).contains(status) else { throw SandboxError.badResponse(status) }
        return data
    }
}

/// A ticket as the server has it.
package struct ServerTicket: Decodable, Sendable {
    package struct Comment: Decodable, Sendable {
        package let body: String
        package let attachments: [File]
    }

    package struct Person: Decodable, Equatable, Sendable {
        package let name: String
        package let email: String

        package init(name: String, email: String) {
            (self.name, self.email) = (name, email)
        }
    }

    package struct Rating: Decodable, Equatable, Sendable {
        package let score: String
        package let comment: String?

        package init(score: String, comment: String?) {
            (self.score, self.comment) = (score, comment)
        }
    }

    package struct File: Decodable, Sendable {
        package let fileName: String
        package let size: Int
    }

    package let id: UInt64
    package let subject: String
    /// The server's own status: new, open, pending, hold, solved, closed.
    package let status: String
    package let issueType: String?
    package let access: Bool?
    /// Who wrote it, if that is said.
    package let requester: Person?
    /// The number of the closed ticket that it follows.
    package let followupOf: UInt64?
    package let ccs: [String]
    package let comments: [Comment]
    /// How its requester rated it; `nil` if it was not rated.
    package let rating: Rating?
    /// Whether the support team may sign in as a user to solve it, by the users' ids.
    package let proxyLogins: [String: Bool]
}

private struct ServerTickets: Decodable {
    let tickets: [ServerTicket]
}

private struct RequestLog: Decodable {
    struct Entry: Decodable {
        let method: String
        let path: String
    }

    let requests: [Entry]
}

private struct MadeTicket: Decodable {
    struct Number: Decodable {
        let id: UInt64
    }

    let ticket: Number
}

private struct OneTicket: Decodable {
    let ticket: ServerTicket
}

/// An error of the sandbox itself.
package enum SandboxError: Error {
    case notBuilt(String)
    case didNotStart
    case badResponse(Int)
}

extension JSONDecoder {
    fileprivate static var sandbox: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}
