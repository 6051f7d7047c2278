import Foundation
import PocketdeskKit
import SandboxClient

/// Ada at her device: what she does, and what her screens show. Each `async` call waits until it has happened, so that a test reads as her story.
/// The calls that open a screen do not wait for what it shows.
@MainActor
final class Desk {
    let client: Pocketdesk
    let strings: Strings
    private var screens: [Task<Void, Never>] = []

    private init(_ client: Pocketdesk) {
        self.client = client
        strings = client.strings("de")
    }

    /// Opens the client, in front.
    static func open(_ config: ClientConfig, token: String = "ada-token", online: Bool = true) async throws -> Desk {
        let client = try await Pocketdesk.open(config, tokens: FixedToken(token))
        client.setOnline(online)
        client.setInFront(true)
        return Desk(client)
    }

    /// Leaves every screen, and closes the client.
    func close() async {
        for screen in screens { screen.cancel() }
        for screen in screens { await screen.value }
        await client.close()
    }

    // MARK: The form

    /// Fills in a new ticket, creates it and waits until the server has it.
    func create(_ subject: String, access: Bool = false, cc: [String] = []) async throws -> TicketOnScreen {
        let form = try await fillIn(subject, ScenarioData.description, access: access, cc: cc)
        return try await create(form)
    }

    /// Opens the form, with what an entry of the help screen or an earlier ticket brought into it, and fills it in.
    ///
    /// - Parameter description: `nil` to leave it as it is.
    func fillIn(
        _ subject: String, _ description: String? = nil, prefill: String? = nil, access: Bool = false, cc: [String] = []
    ) async throws -> NewTicketModel {
        let form = NewTicketModel(client: client, prefill: prefill, pause: .milliseconds(10))
        show { await form.run() }
        try await waitUntil("the form") { form.isReady }
        form.draft.subject = subject
        if let description { form.draft.description = description }
        form.draft.access = access
        form.draft.cc = cc
        try await waitUntil("the form is complete") { form.canCreate && form.isSaved }
        return form
    }

    /// Creates the ticket of a form, and waits until the server has it.
    func create(_ form: NewTicketModel) async throws -> TicketOnScreen {
        await form.create()
        guard let created = form.created else { throw ConditionTimeout(description: "not created: \(form.failureKey ?? "")") }
        let ticket = open(created)
        try await ticket.isSent()
        return ticket
    }

    // MARK: The screens

    /// Opens a ticket. It stays on screen.
    func open(_ ticket: Int64) -> TicketOnScreen {
        let screen = ThreadModel(client: client, ticket: ticket, language: strings.language, pause: .milliseconds(10))
        show { await screen.run() }
        return TicketOnScreen(screen, client, strings)
    }

    /// Opens the help screen.
    func help(onHostCall: (@MainActor (String) -> Void)? = nil) -> HelpSupportModel {
        let screen = HelpSupportModel(client: client, strings: strings, onHostCall: onHostCall)
        show { await screen.run() }
        return screen
    }

    func show(_ screen: @escaping @MainActor () async -> Void) {
        screens.append(Task { await screen() })
    }
}

/// A ticket on screen, in German.
@MainActor
struct TicketOnScreen {
    let screen: ThreadModel
    private let client: Pocketdesk
    private let strings: Strings

    init(_ screen: ThreadModel, _ client: Pocketdesk, _ strings: Strings) {
        (self.screen, self.client, self.strings) = (screen, client, strings)
    }

    /// The local id.
    var id: Int64 { screen.ticket?.row.id ?? -1 }

    /// The number that the server gave it; 0 before.
    var number: UInt64 { screen.ticket?.row.number ?? 0 }

    /// What can be done with it, wherever it stands.
    var actions: [String] { screen.details.actions.map(\.label) }

    /// Waits until everything of the ticket is on the server.
    func isSent() async throws {
        try await waitUntil("everything is sent") {
            number != 0 && screen.messages.allSatisfy { $0.delivery == .sent } && screen.ticket?.changes.isEmpty == true
        }
    }

    /// Waits until the head says this status, and whose turn it is.
    func shows(_ status: String, _ turn: String) async throws {
        client.syncNow()
        try await waitUntil("\(status): \(turn)") {
            guard let ticket = screen.ticket, let key = ticket.turnKey else { return false }
            return ticket.row.status.name(strings) == status && strings[key] == turn
        }
    }

    /// Writes a reply, and waits until the server has it.
    func reply(_ text: String) async throws {
        screen.reply = text
        await screen.send()
        try await waitUntil("the reply") { screen.messages.last?.body == text }
        try await isSent()
    }

    /// Waits until an action is offered, or is no longer.
    func offers(_ action: String, _ offered: Bool = true) async throws {
        client.syncNow()
        try await waitUntil("\(action): \(offered)") { actions.contains(action) == offered }
    }

    /// Does an action that asks for addresses, and waits until the server has them.
    func add(_ addresses: [String], with action: String) async throws {
        try await choose(action)
        guard let form = screen.addingCc else { throw ConditionTimeout(description: "no form: \(screen.failureKey ?? "")") }
        form.text = addresses.joined(separator: ", ")
        guard await form.add() else { throw ConditionTimeout(description: "not added: \(form.failureKey ?? "")") }
        try await waitUntil("they wait") { screen.ticket.map { !$0.changes.isEmpty || $0.cc.count > 1 } == true }
        try await isSent()
    }

    /// Does an action.
    @discardableResult
    func choose(_ action: String) async throws -> Acted? {
        guard let offer = screen.details.actions.first(where: { $0.label == action }) else {
            throw ConditionTimeout(description: "\(action) is not offered, but \(actions)")
        }
        return await screen.act(offer)
    }
}
