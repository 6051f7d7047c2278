import Foundation
import PocketdeskKit
import SandboxClient

/// A ticket that is accessible to the account, with two addresses in CC, and two replies to it.
func writeTicketAndReplies(in folder: URL, at server: SandboxServer) async throws -> Int64 {
    let client = try await openAndLoseTheNetwork(.ada(in: folder, on: server.url), server, tickets: 300)
    var draft = try await client.ticketDraft()
    draft.subject = ScenarioData.subject
    draft.issueType = "payments_finance"
    draft.description = ScenarioData.description
    draft.cc = [ScenarioData.cc[0]]
    draft.ccEntry = ScenarioData.cc[1]
    draft.access = true
    let ticket = try await client.submit(draft)
    for text in ScenarioData.replies {
        var reply = try await client.replyDraft(ticket)
        reply.body = text
        try await client.reply(reply)
    }
    return ticket
}

/// A ticket from the web product's form, with a file. The addresses were typed while access was on, and are kept aside since it is off.
@MainActor
func fillInTheForm(in folder: URL, at server: SandboxServer, attaching file: URL) async throws -> Int64 {
    let client = try await openAndLoseTheNetwork(.web(in: folder, on: server.url), server, tickets: 300)
    let form = NewTicketModel(client: client, pause: .milliseconds(10))
    Task { await form.run() }
    try await waitUntil("the form") { form.isReady && form.check != nil }
    form.draft.subject = ScenarioData.subject
    form.draft.issueType = "payments_finance"
    form.draft.description = ScenarioData.description
    form.draft.access = true
    form.draft.cc = ScenarioData.cc
    await form.attach([ChosenFile(file)])
    try await waitUntil("valid, and with its addresses") { form.canCreate && form.check?.notes == [] }
    form.draft.access = false
    try await waitUntil("valid, and without its addresses") { form.canCreate && form.check?.notes == [.addressesKeptAside] }
    await form.create()
    guard let ticket = form.created else { throw ConditionTimeout(description: "not created: \(form.failureKey ?? "")") }
    return ticket
}

/// A toggle of the hub that is pressed again and again, a last reply to another ticket, and closing that one.
@MainActor
func closeATicket(in folder: URL, at server: SandboxServer) async throws -> Int64 {
    let client = try await openAndLoseTheNetwork(.hub(in: folder, on: server.url), server)
    let escalated = try await screen(of: HubData.escalated, client)
    for isOn in HubData.presses {
        let offer = try await offer("proxy_login", on: escalated)
        await escalated.setToggle(offer, to: isOn)
        try await waitUntil("the toggle at \(isOn)") { escalated.details.offer("proxy_login")?.toggle?.on == isOn }
    }
    let closing = try await screen(of: HubData.mail, client)
    closing.reply = HubData.lastReply
    await closing.send()
    let close = try await offer("close", on: closing)
    guard await closing.act(close) == nil, closing.question == close, await closing.confirm(close) == .written else {
        throw ConditionTimeout(description: "not closed: \(closing.failureKey ?? "")")
    }
    return try await ticket(HubData.mail, client)
}

/// Feedback about the hub's ticket that was closed.
@MainActor
func giveFeedback(in folder: URL, at server: SandboxServer) async throws -> Int64 {
    let client = try await openAndLoseTheNetwork(.hub(in: folder, on: server.url), server)
    let closed = try await screen(of: HubData.mail, client)
    _ = await closed.act(try await offer("feedback", on: closed))
    guard let form = closed.givingFeedback else { throw ConditionTimeout(description: "no form") }
    form.answer = "good"
    form.text = HubData.feedback
    guard await form.send() else { throw ConditionTimeout(description: "not given: \(form.failureKey ?? "")") }
    return try await ticket(HubData.mail, client)
}

private func ticket(_ subject: String, _ client: Pocketdesk) async throws -> Int64 {
    try await client.waitFor(subject) { try await $0.history(limit: 200).tickets.first { $0.subject == subject }?.id }
}

/// A ticket on screen, where it stays.
@MainActor
private func screen(of subject: String, _ client: Pocketdesk) async throws -> ThreadModel {
    let screen = ThreadModel(client: client, ticket: try await ticket(subject, client), language: "de", pause: .milliseconds(10))
    Task { await screen.run() }
    try await waitUntil("the ticket") { if case .thread = screen.state { true } else { false } }
    return screen
}

@MainActor
private func offer(_ action: String, on screen: ThreadModel) async throws -> ActionOffer {
    try await waitUntil(action) { screen.details.offer(action) != nil }
    guard let offer = screen.details.offer(action) else { throw ConditionTimeout(description: action) }
    return offer
}

/// - Parameter tickets: How many the history has when it was read; as many as there are if `nil`.
private func openAndLoseTheNetwork(_ config: ClientConfig, _ server: SandboxServer, tickets: UInt64? = nil) async throws -> Pocketdesk {
    let client = try await Pocketdesk.open(config, tokens: FixedToken())
    client.setInFront(true)
    client.setOnline(true)
    _ = try await client.waitFor("the first sync") { client in
        guard let tickets else { return try await client.status().firstSyncDone ? true : nil }
        return try await client.history(limit: 200).total == tickets ? true : nil
    }
    try await server.goOffline()
    client.setOnline(false)
    return client
}
