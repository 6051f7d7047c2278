// README:start
import Foundation
import PocketdeskKit

/// Provides the tokens of the app's own sign-in.
struct Session: TokenSource {
    let auth: Auth

    func token(refused: Bool) async throws -> String {
        guard let token = await auth.accessToken(fresh: refused) else { throw TokenError.SignedOut }
        return token
    }
}

/// Called once, when the app is launched by the user or by the system. The host opens one client for the signed-in user, suspends it while
/// nothing needs it, and has the system launch the app for what is waiting to be sent.
func makeSupportHost(at server: URL, in folder: URL, auth: Auth, scheduler: any BackgroundScheduler) -> PocketdeskHost {
    PocketdeskHost(scheduler: scheduler, inFront: false) { onEnqueue in
        guard let user = await auth.user else {
            // Whoever cannot sign in can ask for help all the same, and is answered by mail. An app without that returns nil here.
            var config = ClientConfig.signedOut(directory: folder, server: server)
            config.product = product
            return try await Pocketdesk.open(config, onEnqueue: onEnqueue)
        }
        var config = ClientConfig(directory: folder, account: user, server: server)
        config.product = product
        return try await Pocketdesk.open(config, tokens: Session(auth: auth), onEnqueue: onEnqueue)
    }
}

/// What the app offers. A company writes its own definition in place of this one.
private let product = #"{ "schema": 1, "id": "shop", "version": 1, "extends": "impact-web@1" }"#

/// Works with or without a network. The ticket is on disk when this returns, and is sent when there is a network.
func reportMissingPayout(_ client: Pocketdesk) async throws -> Int64 {
    var draft = try await client.ticketDraft()
    draft.subject = "The payout for October is missing"
    draft.issueType = "payments_finance"
    draft.description = "Invoice 2026-10-4471 was due on the 15th and has not arrived."
    return try await client.submit(draft)
}
// README:end
