// The README shows what stands between the markers; the test below it runs it.

// README:start
import Foundation
import PocketdeskKit

/// The app's sign-in, as the desk sees it.
struct Session: TokenSource {
    let auth: Auth

    func token(refused: Bool) async throws -> String {
        guard let token = await auth.accessToken(fresh: refused) else { throw TokenError.SignedOut }
        return token
    }
}

/// Made once, when the app starts, for a user or for the system: it opens one desk for the signed-in user, in a folder of its own, lets go
/// of it when the app leaves the front, and has the system start the app for what waits to be sent.
func makeSupportHost(at server: URL, in folder: URL, auth: Auth, scheduler: any BackgroundScheduler) -> PocketdeskHost {
    PocketdeskHost(scheduler: scheduler) { onEnqueue in
        guard let user = auth.user else { return nil }
        let config = DeskConfig(directory: folder, account: user, server: server)
        return try await Pocketdesk.open(config, tokens: Session(auth: auth), onEnqueue: onEnqueue)
    }
}

/// Works with or without a network: the ticket is on disk when this returns, and on its way as soon as there is one.
func reportMissingPayout(_ client: Pocketdesk) async throws -> Int64 {
    var draft = try await client.ticketDraft()
    draft.subject = "The payout for October is missing"
    draft.issueType = "payments_finance"
    draft.description = "Invoice 2026-10-4471 was due on the 15th and has not arrived."
    return try await client.submit(draft)
}
// README:end

import SandboxClient
import Testing

/// Stands for the app's own sign-in.
struct Auth: Sendable {
    let user: String? = "ada"

    func accessToken(fresh: Bool) async -> String? {
        "ada-token"
    }
}

@Suite("The README's sample")
struct EmbeddingSampleTests {
    @Test("It opens a desk and makes a ticket that arrives, and for which the system would start the app")
    func sample() async throws {
        let sandbox = try SandboxProcess.start(tickets: 20)
        defer { sandbox.stop() }
        let folder = try TemporaryFolder()
        let scheduler = RecordingScheduler()
        let host = makeSupportHost(at: sandbox.server.url, in: folder.url, auth: Auth(), scheduler: scheduler)
        let client = try #require(try await host.client())
        let ticket = try await reportMissingPayout(client)
        client.setOnline(true)
        _ = try await client.waitFor("a number") { try await $0.ticket(ticket).row.number }
        #expect(scheduler.requests == [.atOnce])
        await host.forget()
    }
}
