import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// Feedback about a closed ticket, and the toggle for proxy login.
@MainActor
@Suite("Feedback and the toggle", .timeLimit(.minutes(5)))
struct FeedbackTests {
    private let sandbox: SandboxProcess
    private let server: SandboxServer
    private let folder: TemporaryFolder

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 5)
        server = sandbox.server
        folder = try TemporaryFolder()
    }

    @Test("Feedback is given once, at the head of a closed ticket, and thanked for")
    func given() async throws {
        let (ada, ticket) = try await start(closed: true)
        try await waitUntil("feedback") { ticket.screen.details.head.map(\.id) == ["feedback"] }
        let offer = try #require(ticket.screen.details.head.first)
        #expect(offer.label == "Feedback hinterlassen" && ticket.screen.details.thanks == nil)
        #expect(await ticket.screen.act(offer) == nil)
        let form = try #require(ticket.screen.givingFeedback)
        #expect(form.form.answers.map(\.label) == ["Schlecht", "Gut"] && !form.form.isTextRequired)
        form.text = HubData.feedback
        #expect(!form.canSend, "an answer has to be chosen")
        #expect(await form.send() == false)
        #expect(ticket.screen.ticket?.changes == [])

        ada.client.setOnline(false)
        form.answer = "good"
        #expect(form.canSend)
        #expect(await form.send())
        #expect(!form.isSaving && form.failureKey == nil)
        try await waitUntil("thanks") { ticket.screen.details.thanks == "Vielen Dank für Ihr Feedback." }
        #expect(ticket.screen.ticket?.changes.map(\.kind) == [.feedback])
        #expect(ticket.screen.details.offer("feedback") == nil, "it counts once")
        #expect(try await server.ticket(ticket.number).rating == nil)

        ada.client.setOnline(true)
        try await waitUntil("it is given") { ticket.screen.ticket?.changes == [] }
        #expect(ticket.screen.details.thanks != nil && ticket.screen.details.offer("feedback") == nil)
        #expect(try await server.ticket(ticket.number).rating == .init(score: "good", comment: HubData.feedback))
        await ada.close()
    }

    @Test("Feedback about a ticket that was opened again meanwhile is not stored: the form says so, and keeps what was typed")
    func openedAgain() async throws {
        let (ada, ticket) = try await start(closed: true)
        await ticket.screen.act(try await ticket.isOffered("feedback"))
        let form = try #require(ticket.screen.givingFeedback)
        (form.answer, form.text) = ("bad", HubData.feedback)
        try await server.setStatus(ticket.number, "open")
        ada.client.syncNow()
        try await waitUntil("it is open") { ticket.screen.details.offer("feedback") == nil }
        #expect(await form.send() == false)
        let key = try #require(form.failureKey)
        #expect(ada.strings[key] != key, "there is a text for it")
        #expect(form.text == HubData.feedback && !form.isSaving && ticket.screen.ticket?.changes == [])
        form.text = "Kürzer."
        #expect(form.failureKey == nil, "typing takes it away")
        await ada.close()
    }

    @Test("A toggle is not in force before the server has confirmed it, and only the last value is sent")
    func toggle() async throws {
        let (ada, ticket) = try await start(closed: false)
        let offer = try await ticket.isOffered("proxy_login")
        #expect(offer.toggle?.on == nil && offer.toggle?.note == "Wie für Ihr Konto eingestellt", "it was never set")
        #expect(offer.warn == "Eine Änderung beendet keine laufende Sitzung. Sie verhindert nur neue.")
        #expect(await ticket.screen.act(offer) == nil && ticket.screen.question == nil, "it is no button")
        #expect(ticket.proxyLogin?.on == nil)

        ada.client.setOnline(false)
        for isOn in HubData.presses {
            try await ticket.allowProxyLogin(isOn)
            #expect(ticket.proxyLogin?.note == "Noch nicht wirksam")
            #expect(ticket.screen.ticket?.changes.map(\.kind) == [.toggle], "an earlier value is replaced")
        }
        #expect(try await server.ticket(ticket.number).proxyLogins == [:])
        ada.client.setOnline(true)
        try await waitUntil("the server's word") { ticket.screen.ticket?.changes == [] && ticket.proxyLogin?.isWaiting == false }
        #expect(ticket.proxyLogin?.on == true && ticket.proxyLogin?.note == nil && ticket.screen.failureKey == nil)
        #expect(try await server.ticket(ticket.number).proxyLogins == [HubData.ada: true])
        #expect(try await server.requests("PATCH", "/custom_objects/proxy_login/records") == 1)
        await ada.close()
    }

    @Test("A toggle that is no longer offered stays as it is, and the screen says why")
    func toggleNotOffered() async throws {
        let (ada, ticket) = try await start(closed: false)
        let offer = try await ticket.isOffered("proxy_login")
        // Of Ben's tickets Ada is no further user.
        try await server.share(with: "ada", "comment")
        let number = try await server.make(
            #"{ "requester": "ben", "channel": "email", "subject": "Bens Frage", "messages": [{ "by": "ben", "body": "Größe?" }] }"#)
        ada.client.setClaims(["support_admin"])
        let others = try await ada.open(number: number, in: "organisation")
        await others.screen.setToggle(offer, to: true)
        let key = try #require(others.screen.failureKey)
        #expect(ada.strings[key] != key, "there is a text for it")
        #expect(others.screen.ticket?.changes == [])
        #expect(try await server.requests("PATCH", "/custom_objects/proxy_login/records") == 0)
        await ada.close()
    }

    /// Ada, with a ticket of her own on screen.
    private func start(closed: Bool) async throws -> (Desk, TicketOnScreen) {
        let number = try await HubTickets(server).mail()
        if closed { try await server.setStatus(number, "solved") }
        let ada = try await Desk.open(.hub(in: folder.url, on: server.url))
        return (ada, try await ada.open(number: number))
    }
}
