import Foundation
import PocketdeskKit
@testable import PocketdeskSample
import SandboxClient
import Testing

@Suite("The README's sample")
struct EmbeddingSampleTests {
    @Test("It opens a client and makes a ticket that arrives, and for which the system would launch the app")
    func sample() async throws {
        let sandbox = try SandboxProcess.start(tickets: 20)
        defer { sandbox.stop() }
        let folder = try TemporaryFolder()
        let scheduler = RecordingScheduler()
        let host = makeSupportHost(at: sandbox.server.url, in: folder.url, auth: Auth(user: "ada"), scheduler: scheduler)
        try await host.enterFront()
        let client = try #require(try await host.client())
        let ticket = try await reportMissingPayout(client)
        client.setOnline(true)
        _ = try await client.waitFor("a number") { try await $0.ticket(ticket).row.number }
        #expect(scheduler.requests == [.asap])
        await host.forget()
    }

    @Test("Before the sign-in it opens a client without an account, and afterwards that of the user")
    func signIn() async throws {
        let sandbox = try SandboxProcess.start(tickets: 20)
        defer { sandbox.stop() }
        let folder = try TemporaryFolder()
        let auth = Auth()
        let host = makeSupportHost(at: sandbox.server.url, in: folder.url, auth: auth, scheduler: RecordingScheduler())
        try await host.enterFront()
        let signedOut = try #require(try await host.client())
        #expect(signedOut.product.anonymous)
        let help = await HelpSupportModel(client: signedOut, strings: signedOut.strings("en"))
        #expect(await help.entries.map(\.label).contains("Need help signing in?"))
        await auth.signIn()
        await host.forget()
        let client = try #require(try await host.client())
        #expect(!client.product.anonymous)
        _ = try await client.waitFor("Ada's tickets") { try await $0.history().tickets.isEmpty ? nil : true }
        await host.forget()
    }
}
