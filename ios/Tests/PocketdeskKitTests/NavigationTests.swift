import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// The open screens over the end of the process.
@Suite("Navigation", .timeLimit(.minutes(5)))
struct NavigationTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("The open screens are found again after the end of the process")
    func restored() async throws {
        let screens: [Route] = [
            .helpSupport, .history, .thread(7), .editTicket(7), .newTicket(prefill: "Über den Kurs: מתי?"), .newTicket(),
            .articles, .articleSection(3), .article(7),
        ]
        let client = try await open("ada")
        let saved = client.saved(screens)
        #expect(saved != nil && client.saved([]) == nil)
        await client.close()

        let next = try await open("ada")
        #expect(next.screens(from: saved) == screens)
        await next.close()
    }

    @Test("A ticket that was found stays open, without the text for which the user has searched")
    func found() async throws {
        let found = FoundMessage(text: "Kündigung Müller", message: 12)
        let client = try await open("ada")
        let saved = try #require(client.saved([.history, .thread(7, found: found)]))
        #expect(!String(decoding: saved, as: UTF8.self).contains("Kündigung"))
        #expect(client.screens(from: saved) == [.history, .thread(7)])
        await client.close()

        let beside = [Route.history].besideHistory(7, found: found)
        #expect(beside == [.history, .thread(7, found: found)] && beside.wideStack == [.history])
        #expect(beside.ticketBesideHistory == 7 && beside.threadBesideHistory?.found == found)
        #expect(beside.following(wideStack: [.history, .newTicket()]) == beside + [.newTicket()])
    }

    @Test("Screens of another account, and what cannot be read, are left out")
    func notRestored() async throws {
        let ada = try await open("ada")
        let saved = try #require(ada.saved([.history, .thread(7)]))
        #expect(String(decoding: saved, as: UTF8.self).contains("ada") == false, "the account cannot be read from it")
        await ada.close()

        let ben = try await open("ben")
        #expect(ben.screens(from: saved).isEmpty, "ticket 7 is another one")
        #expect(ben.screens(from: nil).isEmpty)
        #expect(ben.screens(from: Data("[]".utf8)).isEmpty)
        #expect(ben.screens(from: saved.dropLast(1)).isEmpty)
        await ben.close()
    }

    @Test("In a wide window a ticket stands beside its history, and a form covers both")
    func besideHistory() {
        let list: [Route] = [.helpSupport, .history]
        #expect(list.ticketBesideHistory == nil && list.wideStack == list)
        let first = list.besideHistory(7)
        #expect(first == [.helpSupport, .history, .thread(7)], "a narrow window shows the ticket above the history")
        #expect(first.ticketBesideHistory == 7 && first.wideStack == list)
        #expect(first.besideHistory(9) == [.helpSupport, .history, .thread(9)], "another ticket takes its place")

        // The form of an unsent ticket covers both; back from it the ticket is there again.
        let editing = first + [.editTicket(7)]
        #expect(editing.ticketBesideHistory == 7 && editing.wideStack == [.helpSupport, .history, .editTicket(7)])
        #expect(editing.following(wideStack: list) == first)
        #expect(first.following(wideStack: list + [.newTicket()]) == first + [.newTicket()])
        #expect(first.following(wideStack: [.helpSupport]) == [.helpSupport], "back in the history leaves the ticket, too")
        #expect(first.besideHistory(nil) == list)
        // Without a history below it, a ticket is a screen of its own.
        #expect([Route.helpSupport, .thread(7)].wideStack == [.helpSupport, .thread(7)])
        #expect([Route.helpSupport, .thread(7)].ticketBesideHistory == nil)
    }

    private func open(_ account: String) async throws -> Pocketdesk {
        // Nothing is read from it.
        let server = try #require(URL(string: "http://127.0.0.1:9"))
        let client = try await Pocketdesk.open(
            ClientConfig(directory: folder.url, account: account, server: server), tokens: FixedToken())
        client.setOnline(false)
        return client
    }
}
