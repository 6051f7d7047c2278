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

/// One desk for the signed-in user, in a folder of its own; kept while the user is signed in.
func openDesk(at desk: URL, for user: String, in folder: URL, auth: Auth) async throws -> Pocketdesk {
    let config = DeskConfig(directory: folder, account: user, desk: desk)
    return try await Pocketdesk.open(config, tokens: Session(auth: auth))
}

/// Works with or without a network: the ticket is on disk when this returns, and on its way as soon as there is one.
func reportMissingPayout(_ desk: Pocketdesk) async throws -> Int64 {
    var draft = try await desk.ticketDraft()
    draft.subject = "The payout for October is missing"
    draft.issueType = "payments_finance"
    draft.description = "Invoice 2026-10-4471 was due on the 15th and has not arrived."
    return try await desk.submit(draft)
}
// README:end

import SandboxClient
import Testing

/// Stands for the app's own sign-in.
struct Auth: Sendable {
    func accessToken(fresh: Bool) async -> String? {
        "ada-token"
    }
}

@Suite("The README's sample")
struct EmbeddingSampleTests {
    @Test("It opens a desk and makes a ticket that arrives")
    func sample() async throws {
        let sandbox = try SandboxProcess.start(tickets: 20)
        defer { sandbox.stop() }
        let folder = try Folder()
        let desk = try await openDesk(at: sandbox.sandbox.url, for: "ada", in: folder.url, auth: Auth())
        let ticket = try await reportMissingPayout(desk)
        desk.setOnline(true)
        _ = try await desk.first("a number") { try await $0.ticket(ticket).row.number }
        await desk.close()
    }
}
