import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// The hub as the people of one organisation live it: Ada writes in about her problems, and Ben is the administrator.
@MainActor
@Suite("The hub's scenario", .timeLimit(.minutes(5)))
struct HubScenarioTests {
    private let sandbox: SandboxProcess
    private let server: SandboxServer
    private let folder: TemporaryFolder

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 30)
        server = sandbox.server
        folder = try TemporaryFolder()
    }

    /// The numbers of Ada's tickets.
    private struct Numbers {
        let escalated: UInt64
        let mail: UInt64
        let phone: UInt64
    }

    @Test("An escalation is followed, and a ticket closed and rated offline, while the administrator sees both and then loses them")
    func oneOrganisation() async throws {
        let tickets = try await HubTickets(server)
        try await server.share(with: "ben", "comment")
        let numbers = Numbers(
            escalated: try await tickets.escalated(), mail: try await tickets.mail(), phone: try await tickets.phone())

        try await ada { ada in
            try await readsTheEscalation(ada, numbers, tickets)
            try await confirmsTheFix(ada, numbers)
        }
        try await ben { ben in
            try await seesTheTicketsOfTheOrganisation(ben, numbers)
            try await repliesAndCannotClose(ben, numbers)
            try await mayOnlyReadWhereHeWasAdded(ben, numbers)
            try await setsHisOwnProxyLogin(ben, numbers)
        }
        try await ada { try await seesWhatBenWrote($0, numbers) }

        _ = try FirstProcess.run("hub", on: sandbox, in: folderOfAda)
        try await nothingHasArrived(numbers)
        try await ada(online: false) { ada in
            try await waitsInTheNextProcess(ada, numbers)
            try await arrivesOnceAndInOrder(ada, numbers)
        }

        _ = try FirstProcess.run("hub-feedback", on: sandbox, in: folderOfAda)
        #expect(try await server.ticket(numbers.mail).rating == nil, "nothing may have reached the server")
        try await ada(online: false) { ada in
            try await isThankedFor(ada, numbers)
            try await cannotReplyToWhatIsClosed(ada, numbers)
            try await cannotReplyToACall(ada, numbers)
        }
        try await ben { try await isNoAdministratorAnyMore($0, numbers) }
    }

    private var folderOfAda: URL { folder.url.appendingPathComponent("ada") }

    private func ada(online: Bool = true, _ lives: (Desk) async throws -> Void) async throws {
        let ada = try await Desk.open(.hub(in: folderOfAda, on: server.url), online: online)
        try await lives(ada)
        await ada.close()
    }

    private func ben(_ lives: (Desk) async throws -> Void) async throws {
        let place = folder.url.appendingPathComponent("ben")
        let config = ClientConfig.hub(in: place, on: server.url, account: "ben", claims: ["support_admin"])
        let ben = try await Desk.open(config, token: "ben-token")
        try await lives(ben)
        await ben.close()
    }

    private func readsTheEscalation(_ ada: Desk, _ numbers: Numbers, _ tickets: HubTickets) async throws {
        let history = ada.history()
        try await waitUntil("both tickets") { history.row(numbers.escalated) != nil && history.row(numbers.mail) != nil }
        #expect(history.scopes.isEmpty, "only an administrator has something to switch")
        let row = try #require(history.row(numbers.escalated))
        #expect(row.markKeys.map { ada.strings[$0] } == ["Eskaliert"])
        #expect(row.column("escalation_id") == ["CP-20419"])
        #expect(history.row(numbers.mail)?.markKeys == [])

        let ticket = try await ada.open(number: numbers.escalated)
        try await waitUntil("the escalation") { ticket.step == "Eskalation eingereicht" }
        let steps = try #require(ticket.timeline).steps
        let labels = ["Eskalation eingereicht", "Wird geprüft", "Engineering in Progress", "Lösung wird geprüft", "Behoben"]
        #expect(steps.map(\.label) == labels)
        #expect(steps.allSatisfy { $0.explanation != nil } && steps[0].at != nil)
        #expect(ticket.screen.ticket?.row.markKeys == ["mark.escalated"])
        #expect(ticket.screen.details.offer("confirm_fix") == nil, "there is no fix yet")
        try await tickets.step(numbers.escalated, "esc_fix")
        ada.client.syncNow()
        try await waitUntil("the step that needs her") { ticket.step == "Lösung wird geprüft" }
        _ = try await ticket.isOffered("confirm_fix")
    }

    private func confirmsTheFix(_ ada: Desk, _ numbers: Numbers) async throws {
        let ticket = try await ada.open(number: numbers.escalated)
        let offer = try await ticket.isOffered("confirm_fix")
        #expect(await ticket.screen.act(offer) == .replyDraft)
        #expect(ticket.screen.reply == HubData.confirmed)
        try await ticket.reply("\(HubData.confirmed) In Sevilla auch – ¡gracias!")
        let texts = try await server.ticket(numbers.escalated).comments.map(\.body)
        #expect(texts.last == "\(HubData.confirmed) In Sevilla auch – ¡gracias!")
        #expect(texts.count { $0.hasPrefix(HubData.confirmed) } == 1)
    }

    private func seesTheTicketsOfTheOrganisation(_ ben: Desk, _ numbers: Numbers) async throws {
        let history = ben.history()
        try await waitUntil("where he was added") { history.scope == "mine" && history.row(numbers.escalated) != nil }
        #expect(history.scopes.map { ben.strings[$0.labelKey] } == ["Meine Tickets", "Tickets meiner Organisation"])
        #expect(history.row(numbers.escalated)?.linked == true, "somebody else's is marked as such")
        #expect(history.row(numbers.mail) == nil)
        await history.choose("organisation")
        try await waitUntil("Ada's ticket") { history.scope == "organisation" && history.row(numbers.mail) != nil }
        #expect(history.row(numbers.mail)?.column("users") == ["Ada Lindqvist"])
        #expect(history.row(numbers.mail)?.linked == false)
    }

    private func repliesAndCannotClose(_ ben: Desk, _ numbers: Numbers) async throws {
        let ticket = try await ben.open(number: numbers.mail, in: "organisation")
        try await waitUntil("the field for a reply") { ticket.screen.ticket?.canReply == true }
        try await ticket.reply(HubData.colleague)
        #expect(try await server.ticket(numbers.mail).comments.count { $0.body == HubData.colleague } == 1)
        #expect(ticket.screen.details.actions == [], "neither closing nor feedback nor her proxy login")
        await #expect(throws: ChangeError.NotOffered) { try await ben.client.setToggle("proxy_login", to: true, on: ticket.id) }
    }

    private func mayOnlyReadWhereHeWasAdded(_ ben: Desk, _ numbers: Numbers) async throws {
        let ticket = try await ben.open(number: numbers.escalated)
        #expect(try await ticket.takesNoReply() == "Dieses Ticket gehört jemand anderem. Sie können es lesen, aber nicht beantworten.")
        #expect(ticket.copies == ["#\(numbers.escalated)", "CP-20419"])
        #expect(ticket.screen.details.offersNewRequest)
        #expect(await ticket.screen.followUp())
        let subject = "Gilt das auch für Portugal? 🇵🇹"
        let next = try await ben.create(ben.fillIn(subject))
        #expect(try await server.ticket(next.number).comments.map(\.body) == ["Zu Ticket #\(numbers.escalated):"])
    }

    private func setsHisOwnProxyLogin(_ ben: Desk, _ numbers: Numbers) async throws {
        let ticket = try await ben.open(number: numbers.escalated)
        let toggle = try await ticket.isOffered("proxy_login").toggle
        #expect(toggle?.on == nil && toggle?.note == "Wie für Ihr Konto eingestellt")
        try await ticket.allowProxyLogin(false)
        try await waitUntil("the server's word") { ticket.proxyLogin?.isWaiting == false && ticket.screen.ticket?.changes == [] }
        #expect(ticket.proxyLogin?.on == false)
        #expect(try await server.ticket(numbers.escalated).proxyLogins == [HubData.ben: false])
    }

    private func seesWhatBenWrote(_ ada: Desk, _ numbers: Numbers) async throws {
        let ticket = try await ada.open(number: numbers.mail)
        try await waitUntil("his reply") { ticket.screen.messages.last?.body == HubData.colleague }
        let message = try #require(ticket.screen.messages.last)
        #expect(message.author == "Ben Okafor" && !message.fromAgent)
        #expect(try await ticket.isOffered("close").kind == .solve)
        let escalated = try await ada.open(number: numbers.escalated)
        let offer = try await escalated.isOffered("proxy_login")
        #expect(offer.toggle?.on == nil && offer.warn != nil, "what Ben has set is his own")
    }

    private func nothingHasArrived(_ numbers: Numbers) async throws {
        #expect(try await server.ticket(numbers.mail).status == "open")
        #expect(try await server.ticket(numbers.escalated).proxyLogins == [HubData.ben: false])
    }

    private func waitsInTheNextProcess(_ ada: Desk, _ numbers: Numbers) async throws {
        #expect(try await ada.client.status().waiting == 3, "a reply, closing, and one value of the toggle")
        let ticket = try await ada.open(number: numbers.mail)
        #expect(ticket.screen.ticket?.changes.map(\.kind) == [.solve])
        #expect(ticket.screen.messages.last?.body == HubData.lastReply && ticket.screen.messages.last?.delivery != .sent)
        #expect(ticket.screen.details.offer("feedback") == nil, "it is not closed yet, so nobody asks how it was")
        let toggle = try await ada.open(number: numbers.escalated).isOffered("proxy_login").toggle
        #expect(toggle?.on == true && toggle?.note == "Noch nicht wirksam")
    }

    private func arrivesOnceAndInOrder(_ ada: Desk, _ numbers: Numbers) async throws {
        try await server.clearFaults()
        // The answer to the first attempt is lost.
        try await server.fault(#"{"cut_after": {"times": 1, "only": "PUT /api/v2/requests"}}"#)
        ada.client.setOnline(true)
        let ticket = try await ada.open(number: numbers.mail)
        try await ticket.isClosed()
        #expect(ticket.screen.ticket?.row.status.name(ada.strings) == "Geschlossen")
        try await waitUntil("feedback in the place of closing") { ticket.screen.details.head.map(\.id) == ["feedback"] }
        #expect(try await ticket.takesNoReply() == closed, "the banner")
        let arrived = try await server.ticket(numbers.mail)
        #expect(arrived.status == "solved", "the reply first: after closing it would have opened the ticket again")
        #expect(arrived.comments.count { $0.body == HubData.lastReply } == 1 && arrived.comments.last?.body == HubData.lastReply)

        let escalated = try await ada.open(number: numbers.escalated)
        try await waitUntil("it is in force") { escalated.proxyLogin?.isWaiting == false && escalated.proxyLogin?.note == nil }
        #expect(escalated.proxyLogin?.on == true)
        let logins = try await server.ticket(numbers.escalated).proxyLogins
        #expect(logins == [HubData.ada: true, HubData.ben: false], "each has set their own")
        #expect(try await server.requests("PATCH", "/custom_objects/proxy_login/records") == 2, "one request of each")
    }

    private func isThankedFor(_ ada: Desk, _ numbers: Numbers) async throws {
        let ticket = try await ada.open(number: numbers.mail)
        #expect(ticket.screen.ticket?.changes.map(\.kind) == [.feedback])
        #expect(ticket.screen.details.thanks == "Vielen Dank für Ihr Feedback.")
        try await server.clearFaults()
        try await server.fault(#"{"cut_after": {"times": 1, "only": "POST /api/v2/tickets"}}"#)
        ada.client.setOnline(true)
        try await waitUntil("it is given") { ticket.screen.ticket?.changes == [] && ticket.screen.ticket?.row.waiting == 0 }
        #expect(ticket.screen.details.thanks == "Vielen Dank für Ihr Feedback.")
        #expect(ticket.screen.details.offer("feedback") == nil)
        #expect(try await server.ticket(numbers.mail).rating == .init(score: "good", comment: HubData.feedback))
    }

    private func cannotReplyToWhatIsClosed(_ ada: Desk, _ numbers: Numbers) async throws {
        let ticket = try await ada.open(number: numbers.mail)
        #expect(try await ticket.takesNoReply() == closed)
        #expect(ticket.copies == ["#\(numbers.mail)"])
        guard case .newTicket(let draft) = try await ticket.choose("Neues Ticket anlegen") else {
            throw ConditionTimeout(description: "it led elsewhere: \(ticket.screen.failureKey ?? "")")
        }
        #expect(draft.description == "Zu Ticket #\(numbers.mail):")
        let next = try await ada.create(ada.fillIn("Noch einmal: Währung für Zürich"))
        #expect(try await server.ticket(next.number).comments.map(\.body) == ["Zu Ticket #\(numbers.mail):"])
    }

    private func cannotReplyToACall(_ ada: Desk, _ numbers: Numbers) async throws {
        let ticket = try await ada.open(number: numbers.phone)
        #expect(try await ticket.takesNoReply() == "Zu diesem Ticket gibt es keine E-Mails, auf die Sie antworten könnten.")
        #expect(ticket.copies == ["#\(numbers.phone)"])
        #expect(await ticket.screen.followUp())
        #expect(try await ada.client.ticketDraft().description == "Zu Ticket #\(numbers.phone):")
    }

    private func isNoAdministratorAnyMore(_ ben: Desk, _ numbers: Numbers) async throws {
        let history = ben.history()
        await history.choose("organisation")
        try await waitUntil("Ada's ticket") { history.scope == "organisation" && history.row(numbers.mail) != nil }
        let lost = try #require(history.row(numbers.mail)).id
        await history.choose("mine")
        try await waitUntil("his own") { history.scope == "mine" && history.row(numbers.mail) == nil }
        let mine = Set(history.rows.map(\.id))
        let ticket = ben.open(lost)
        try await waitUntil("Ada's words") { ticket.screen.messages.contains { $0.body == HubData.lastReply } }
        try await server.share(with: "ben", "own")
        ben.client.setClaims([])
        ben.client.syncNow()
        try await waitUntil("what is left") { history.scopes.isEmpty && history.scope == "mine" && Set(history.rows.map(\.id)) == mine }
        #expect(history.row(numbers.escalated)?.visible == true)
        try await waitUntil("her words are gone") {
            ticket.screen.state == .removed || ticket.screen.ticket?.row.visible == false && ticket.screen.messages.isEmpty
        }
        try await waitUntil("his own, and nothing else") { Set(history.rows.map(\.id)) == mine }
    }

    private let closed = """
        Dieses Ticket wurde geschlossen. Wenn Sie weitere Fragen oder Bedenken haben, \
        legen Sie ein neues Ticket an und verweisen Sie auf diese Ticketnummer.
        """
}
