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
        let host = makeSupportHost(at: sandbox.server.url, in: folder.url, auth: Auth(), scheduler: scheduler)
        try await host.enterFront()
        let client = try #require(try await host.client())
        let ticket = try await reportMissingPayout(client)
        client.setOnline(true)
        _ = try await client.waitFor("a number") { try await $0.ticket(ticket).row.number }
        #expect(scheduler.requests == [.asap])
        await host.forget()
    }
}
