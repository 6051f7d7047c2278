import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A running sandbox desk, spoken to over HTTP as its page does.
package struct SandboxServer: Sendable {
    /// Where it listens.
    package let url: URL

    package init(url: URL) {
        self.url = url
    }

    /// Turns faults on, as the sandbox's README describes them.
    package func fault(_ faults: String) async throws {
        try await send("POST", "sandbox/faults", Data(faults.utf8))
    }

    /// Every connection is dropped without an answer.
    package func goOffline() async throws {
        try await fault(#"{"offline": {}}"#)
    }

    /// Turns all faults off.
    package func clearFaults() async throws {
        try await send("DELETE", "sandbox/faults")
    }

    /// The desk's own record of the tickets with this subject.
    package func tickets(subject: String) async throws -> [ServerTicket] {
        var query = URLComponents()
        query.queryItems = [URLQueryItem(name: "subject", value: subject)]
        let data = try await send("GET", "sandbox/tickets?\(query.percentEncodedQuery ?? "")")
        return try JSONDecoder.sandbox.decode(ServerTickets.self, from: data).tickets
    }

    /// The desk's own record of one ticket.
    package func ticket(_ number: UInt64) async throws -> ServerTicket {
        let data = try await send("GET", "sandbox/tickets/\(number)")
        return try JSONDecoder.sandbox.decode(OneTicket.self, from: data).ticket
    }

    /// An agent's public answer.
    package func answer(_ ticket: UInt64, _ body: String, status: String) async throws {
        try await send("POST", "sandbox/tickets/\(ticket)/answer", JSONEncoder().encode(["body": body, "status": status]))
    }

    /// The desk sets a ticket's status.
    package func setStatus(_ ticket: UInt64, _ status: String) async throws {
        try await send("POST", "sandbox/tickets/\(ticket)/status", JSONEncoder().encode(["status": status]))
    }

    /// Whether a fault is still on; one with `times` turns itself off.
    package func isOn(_ fault: String) async throws -> Bool {
        let faults = try JSONSerialization.jsonObject(with: try await send("GET", "sandbox/faults")) as? [String: Any]
        return faults?[fault] is [String: Any]
    }

    @discardableResult
    private func send(_ method: String, _ path: String, _ body: Data? = nil) async throws -> Data {
        guard let url = URL(string: path, relativeTo: url) else { throw SandboxError.badAnswer(0) }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        let (data, response) = try await URLSession.shared.data(for: request)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard (200..<300).contains(status) else { throw SandboxError.badAnswer(status) }
        return data
    }
}

/// A ticket as the desk has it.
package struct ServerTicket: Decodable, Sendable {
    package struct Comment: Decodable, Sendable {
        package let body: String
    }

    package let id: UInt64
    package let subject: String
    package let access: Bool?
    package let ccs: [String]
    package let comments: [Comment]
}

private struct ServerTickets: Decodable {
    let tickets: [ServerTicket]
}

private struct OneTicket: Decodable {
    let ticket: ServerTicket
}

/// What can go wrong with the sandbox itself.
package enum SandboxError: Error {
    case notBuilt(String)
    case didNotStart
    case badAnswer(Int)
}

extension JSONDecoder {
    fileprivate static var sandbox: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}
