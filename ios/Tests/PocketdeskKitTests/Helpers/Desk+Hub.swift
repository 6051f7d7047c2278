import PocketdeskKit
import SandboxClient
import Testing

extension Desk {
    /// Opens the history. It stays on screen.
    func history() -> HistoryModel {
        let screen = HistoryModel(client: client, pageSize: 200)
        show { await screen.run() }
        return screen
    }

    /// Opens the ticket with this number, once the history has it.
    func open(number: UInt64, in scope: String? = nil) async throws -> TicketOnScreen {
        client.syncNow()
        let id = try await client.waitFor("ticket \(number)") { client in
            try await client.history(limit: 200, scope: scope).tickets.first { $0.number == number }?.id
        }
        let ticket = open(id)
        try await waitUntil("the ticket") { ticket.screen.ticket != nil }
        return ticket
    }
}

extension HistoryModel {
    /// The row of the ticket with this number; `nil` if it is not in the scope on screen.
    func row(_ number: UInt64) -> TicketRow? {
        rows.first { $0.number == number }
    }
}

extension TicketRow {
    func column(_ id: String) -> [String] {
        columns.first { $0.id == id }?.texts ?? []
    }
}

extension TicketOnScreen {
    /// The escalation; `nil` if there is none.
    var timeline: Timeline? {
        screen.details.parts.lazy.compactMap { part in
            if case .section(let section) = part { section.timeline } else { nil }
        }.first
    }

    /// What the step is called that the escalation has reached.
    var step: String? { timeline?.steps.first { $0.progress == .current }?.label }

    var proxyLogin: ToggleOffer? { screen.details.offer("proxy_login")?.toggle }

    /// What can be copied where no reply can be written.
    var copies: [String] {
        screen.details.replyAlternatives.compactMap { way in
            if case .copy(_, let value) = way { value } else { nil }
        }
    }

    /// Waits until an action is offered.
    func isOffered(_ action: String) async throws -> ActionOffer {
        try await waitUntil("the action \(action)") { screen.details.offer(action) != nil }
        return try #require(screen.details.offer(action))
    }

    /// Waits until the ticket is closed, and nothing of it waits.
    func isClosed() async throws {
        try await waitUntil("the closed ticket") { screen.ticket.map { $0.row.status.kind == .closed && $0.row.waiting == 0 } == true }
    }

    /// Presses the toggle for proxy login.
    func allowProxyLogin(_ isOn: Bool) async throws {
        let offer = try await isOffered("proxy_login")
        await screen.setToggle(offer, to: isOn)
        try await waitUntil("the toggle at \(isOn)") { proxyLogin?.on == isOn }
    }

    /// Waits until the screen says why no reply can be written, and returns what it says.
    func takesNoReply() async throws -> String {
        try await waitUntil("why there is no reply") { screen.ticket?.threadComplete == true && screen.details.replyPlace == .notice }
        return try #require(screen.details.replyNote)
    }
}
