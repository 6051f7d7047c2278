import Foundation
@testable import PocketdeskKit
import SandboxClient
import Testing

@Suite("The installation's id", .timeLimit(.minutes(5)))
struct InstallationTests {
    @Test("The id is created once; the first of two threads decides; a store that cannot be read is not overwritten")
    func madeOnce() throws {
        let store = MemoryInstallationStore()
        let id = try #require(Installation.id(in: store))
        #expect(UUID(uuidString: id) != nil)
        #expect(Installation.id(in: store) == id)

        let contested = MemoryInstallationStore()
        contested.beforeAdding = { contested.id = "of another thread" }
        #expect(Installation.id(in: contested) == "of another thread")

        let locked = MemoryInstallationStore()
        locked.id = id
        locked.isLocked = true
        #expect(Installation.id(in: locked) == nil)
        #expect(locked.id == id)
    }

    @Test("What is waiting in a copy of the file on another device is not sent until the user decides")
    func restoredElsewhere() async throws {
        let sandbox = try SandboxProcess.start(tickets: 20)
        let folder = try TemporaryFolder()
        var config = ClientConfig.ada(in: folder.url, on: sandbox.server.url)
        config.installation = "4a0e1f0c-the-first-phone"
        try await sandbox.server.goOffline()
        let before = try await Pocketdesk.open(config, tokens: FixedToken())
        var draft = try await before.ticketDraft()
        draft.subject = ScenarioData.subject
        draft.description = ScenarioData.description
        let ticket = try await before.submit(draft)
        await before.close()

        config.installation = "b7d19c55-the-next-phone"
        try await sandbox.server.clearFaults()
        let after = try await Pocketdesk.open(config, tokens: FixedToken())
        after.setOnline(true)
        _ = try await after.waitFor("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        let message = try #require(try await after.thread(ticket).messages.first)
        #expect(message.delivery == .needsUser(reason: Reason(kind: .restored, serverMessage: nil)))
        #expect(try await sandbox.server.tickets(subject: ScenarioData.subject).isEmpty)
        #expect(message.canRetry && message.canDiscard)
        try await after.retry(message.id)
        _ = try await after.waitFor("a number") { try await $0.ticket(ticket).row.number }
        #expect(try await sandbox.server.tickets(subject: ScenarioData.subject).count == 1)
        await after.close()
    }
}

private final class MemoryInstallationStore: InstallationStore {
    struct Refused: Error {}

    var id: String?
    var isLocked = false
    var beforeAdding: () -> Void = {}

    func read() throws -> String? {
        if isLocked { throw Refused() }
        return id
    }

    func add(_ id: String) throws {
        beforeAdding()
        guard !isLocked, self.id == nil else { throw Refused() }
        self.id = id
    }
}
