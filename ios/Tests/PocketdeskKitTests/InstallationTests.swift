import Foundation
@testable import PocketdeskKit
import SandboxClient
import Testing

@Suite("The installation's id", .timeLimit(.minutes(2)))
struct InstallationTests {
    @Test("It is made once and kept; whoever was faster has decided; what cannot be read is not replaced")
    func madeOnce() throws {
        let shelf = Shelf()
        let id = try #require(Installation.id(in: shelf))
        #expect(UUID(uuidString: id) != nil)
        #expect(Installation.id(in: shelf) == id)

        let contested = Shelf()
        contested.beforeAdding = { contested.kept = "of another thread" }
        #expect(Installation.id(in: contested) == "of another thread")

        let locked = Shelf()
        locked.kept = id
        locked.isLocked = true
        #expect(Installation.id(in: locked) == nil)
        #expect(locked.kept == id)
    }

    @Test("What waits in a copy of the file on another device is not sent by itself; the user decides")
    func restoredElsewhere() async throws {
        let desk = try SandboxProcess.start(tickets: 20)
        let folder = try Folder()
        var config = try DeskConfig.ada(in: folder.url, on: desk.sandbox.url)
        config.installation = "4a0e1f0c-the-first-phone"
        try await desk.sandbox.goOffline()
        let before = try await Pocketdesk.open(config, tokens: FixedToken())
        var draft = try await before.ticketDraft()
        draft.subject = Story.subject
        draft.description = Story.description
        let ticket = try await before.submit(draft)
        await before.close()

        config.installation = "b7d19c55-the-next-phone"
        try await desk.sandbox.clearFaults()
        let after = try await Pocketdesk.open(config, tokens: FixedToken())
        after.setOnline(true)
        _ = try await after.first("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        let message = try #require(try await after.thread(ticket).messages.first)
        #expect(message.delivery == .needsYou(reason: Reason(kind: .restored, words: nil)))
        #expect(try await desk.sandbox.tickets(subject: Story.subject).isEmpty)
        #expect(message.canRetry && message.canDiscard)
        try await after.retry(message.id)
        _ = try await after.first("a number") { try await $0.ticket(ticket).row.number }
        #expect(try await desk.sandbox.tickets(subject: Story.subject).count == 1)
        await after.close()
    }
}

private final class Shelf: InstallationShelf {
    struct Refused: Error {}

    var kept: String?
    var isLocked = false
    var beforeAdding: () -> Void = {}

    func read() throws -> String? {
        if isLocked { throw Refused() }
        return kept
    }

    func add(_ id: String) throws {
        beforeAdding()
        guard !isLocked, kept == nil else { throw Refused() }
        kept = id
    }
}
