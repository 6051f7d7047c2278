import Foundation
import PocketdeskKit
import SandboxClient

/// A ticket that is accessible to the account, with two addresses in CC, and two replies to it.
func writeTicketAndReplies(in folder: URL, at server: SandboxServer) async throws -> Int64 {
    let client = try await openAndLoseTheNetwork(.ada(in: folder, on: server.url), server)
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
    let client = try await openAndLoseTheNetwork(.web(in: folder, on: server.url), server)
    let form = NewTicketModel(client: client, pause: .milliseconds(10))
    Task { await form.run() }
    try await waitUntil("the form") { form.isReady && form.check != nil }
    form.draft.subject = ScenarioData.subject
    form.draft.issueType = "payments_finance"
    form.draft.description = ScenarioData.description
    form.draft.access = true
    form.draft.cc = ScenarioData.cc
    await form.attach([file])
    try await waitUntil("valid, and with its addresses") { form.canCreate && form.keptAsideKey == nil }
    form.draft.access = false
    try await waitUntil("valid, and without its addresses") { form.canCreate && form.keptAsideKey != nil }
    await form.create()
    guard let ticket = form.created else { throw ConditionTimeout(description: "not created: \(form.failureKey ?? "")") }
    return ticket
}

private func openAndLoseTheNetwork(_ config: ClientConfig, _ server: SandboxServer) async throws -> Pocketdesk {
    let client = try await Pocketdesk.open(config, tokens: FixedToken())
    client.setInFront(true)
    client.setOnline(true)
    _ = try await client.waitFor("the first sync") { client in
        try await client.history(limit: 200).total == 300 ? true : nil
    }
    try await server.goOffline()
    client.setOnline(false)
    return client
}
