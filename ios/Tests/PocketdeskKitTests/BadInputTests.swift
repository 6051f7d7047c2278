import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// Input that cannot be accepted leads to a typed error with a text in every language, and changes nothing.
@Suite("Bad input", .timeLimit(.minutes(5)))
struct BadInputTests {
    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 20)
        folder = try TemporaryFolder()
    }

    // MARK: A new ticket

    @Test(
        "The validation of an invalid draft names every problem",
        arguments: [
            (InvalidField.subject(""), [FieldProblem(field: .subject, index: nil, problem: .required)]),
            (.subject(" \n\t "), [FieldProblem(field: .subject, index: nil, problem: .required)]),
            (.subject(longSubject), [FieldProblem(field: .subject, index: nil, problem: .tooLong(count: 141, limit: 140))]),
            (.description(" \n\n "), [FieldProblem(field: .description, index: nil, problem: .required)]),
            (.cc(["ada@", "ben@nordlicht-reisen.example"]), [FieldProblem(field: .cc, index: 0, problem: .malformed)]),
            (.issueType("astrology"), [FieldProblem(field: .issueType, index: nil, problem: .unknown)]),
        ])
    func invalidDraft(_ field: InvalidField, _ problems: [FieldProblem]) async throws {
        let client = try await open()
        let draft = field.applied(to: try await validDraft(client))
        #expect(try await client.check(draft).problems == problems)
        #expect(try await client.check(draft).canCreate == false)
        await #expect(throws: SubmitError.Invalid(problems: problems)) { try await client.submit(draft) }
        let tried = FormProgress(left: [], typing: false, attempted: true)
        expectStrings(try await client.check(draft, tried).messages.map(\.key))
        expectStrings([SubmitError.Invalid(problems: problems).key()])
        #expect(try await client.history().tickets.allSatisfy { $0.number != nil }, "no ticket was made")
        await client.close()
    }

    @Test("A subject of 140 family emoji is not too long; a repeated address is dropped with a note")
    func boundaries() async throws {
        let client = try await open()
        var draft = try await validDraft(client)
        draft.subject = String(repeating: "👨‍👩‍👧‍👦", count: 140)
        draft.cc = ["Jürgen@Nordlicht-Reisen.example"]
        draft.ccEntry = "jürgen@nordlicht-reisen.example"
        let check = try await client.check(draft)
        #expect(check.problems == [])
        #expect(check.subjectCount == 140)
        #expect(check.notes == [.repeatedAddress(index: 1)])
        expectStrings(check.messages.map(\.key))
        let ticket = try await client.submit(draft)
        #expect(try await client.ticket(ticket).cc == ["Jürgen@Nordlicht-Reisen.example"])
        #expect(try await client.submit(draft) == ticket, "two taps, one ticket")
        await client.close()
    }

    @Test("Half of an emoji cannot reach the core, because Swift strings replace it")
    func unpairedSurrogate() async throws {
        // A String cannot contain an unpaired surrogate. When UTF-16 text with one (from an NSString or a text field) becomes a String,
        // U+FFFD replaces it before any call into the core. On Apple's systems the same applies to bridged NSStrings.
        let half = String(decoding: [0x0041, 0xD83D, 0x0042] as [UInt16], as: UTF16.self)
        #expect(half == "A\u{FFFD}B")
        let client = try await open()
        var draft = try await validDraft(client)
        draft.subject = half
        draft.description = half
        let ticket = try await client.submit(draft)
        #expect(try await client.ticket(ticket).row.subject == half)
        #expect(try await client.thread(ticket).messages.map(\.body) == [half])
        await client.close()
    }

    // MARK: Replies and tickets

    @Test("A blank reply and a reply to a closed ticket are rejected, and the draft stays")
    func replies() async throws {
        let client = try await open()
        _ = try await client.waitFor("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        let rows = try await client.history(limit: 200).tickets
        let ticket = try #require(rows.first { $0.status.kind != .closed })
        var draft = try await client.replyDraft(ticket.id)
        draft.body = " \n "
        let problems = [FieldProblem(field: .body, index: nil, problem: .required)]
        await #expect(throws: ReplyError.Invalid(problems: problems)) { try await client.reply(draft) }

        let number = try #require(ticket.number)
        try await sandbox.server.setStatus(number, "closed")
        client.syncNow()
        _ = try await client.waitFor("closed") { try await $0.ticket(ticket.id).row.status.kind == .closed ? true : nil }
        #expect(try await client.ticket(ticket.id).canReply == false)
        draft.body = ScenarioData.replies[0]
        await #expect(throws: ReplyError.TicketClosed) { try await client.reply(draft) }
        await #expect(throws: ClientError.NoSuchTicket) { try await client.ticket(-1) }
        expectStrings([
            ReplyError.Invalid(problems: problems).key(), ReplyError.TicketClosed.key(), ClientError.NotPossibleNow.key(),
        ])
        await client.close()
    }

    // MARK: Problems of the server and the account

    @Test("A server that does not answer, a captive portal and a refused token are told apart, and nothing is stored")
    func serverProblems() async throws {
        let faults: [(String, AccountProblem)] = [
            (#"{"offline": {}}"#, .serverUnreachable), (#"{"html": {}}"#, .serverMisbehaves), (#"{"unauthorized": {}}"#, .signedOut),
        ]
        for (fault, problem) in faults {
            try await sandbox.server.clearFaults()
            try await sandbox.server.fault(fault)
            let folder = try TemporaryFolder()
            let client = try await open(folder)
            let found = try await client.waitFor("a problem") { try await $0.status().problem }
            #expect(found == problem)
            #expect(try await client.history().total == 0)
            expectStrings([try #require(try await client.status().problemKey)])
            await client.close()
        }
    }

    @Test("With another user's token nothing is sent, and nothing of that user is shown")
    func wrongUser() async throws {
        let ada = try await open()
        _ = try await ada.waitFor("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        await ada.close()
        let zoe = try await open(token: "zoe-token")
        let problem = try await zoe.waitFor("the problem") { try await $0.status().problem }
        #expect(problem == .wrongUser)
        #expect(try await zoe.history().total == 20)
        expectStrings([try #require(try await zoe.status().problemKey)])
        await zoe.close()
    }

    @Test("A token of the help desk's staff is refused, and what was written goes out with the right one")
    func agentToken() async throws {
        let staff = try await open(token: "agent-token")
        let problem = try await staff.waitFor("the problem") { try await $0.status().problem }
        #expect(problem == .agentToken)
        var draft = try await staff.ticketDraft()
        (draft.subject, draft.description) = (ScenarioData.subject, ScenarioData.description)
        let ticket = try await staff.submit(draft)
        staff.syncNow()
        _ = try await staff.waitFor("the end of the run") { try await $0.status().syncing ? nil : true }
        #expect(try await sandbox.server.tickets(subject: ScenarioData.subject).isEmpty)
        #expect(try await staff.history().total == 1, "what is the agent's is not shown")
        #expect(try await sandbox.server.requests("GET", "/api/v2/requests") == 0, "nothing else was asked")
        expectStrings([try #require(try await staff.status().problemKey)])
        await staff.close()

        let ada = try await open()
        _ = try await ada.waitFor("it is sent") { try await $0.ticket(ticket).row.number }
        #expect(try await sandbox.server.tickets(subject: ScenarioData.subject).count == 1)
        #expect(try await ada.status().problem == nil)
        await ada.close()
    }

    // MARK: Files

    @Test("A file that is not a database is not changed")
    func notADatabase() async throws {
        let file = try await databaseFile()
        let letter = Data(String(repeating: "Sehr geehrte Damen und Herren, ", count: 500).utf8)
        try letter.write(to: file)
        await #expect(throws: OpenError.NotADatabase) { try await open() }
        #expect(try Data(contentsOf: file) == letter)
        expectStrings([OpenError.NotADatabase.key()])
    }

    @Test("A file of a later version is not changed")
    func newerSchema() async throws {
        let file = try await databaseFile()
        // SQLite's user_version: four bytes at offset 60, most significant first.
        var bytes = try Data(contentsOf: file)
        bytes.replaceSubrange(60..<64, with: [0, 0, 0x03, 0xE7])
        try bytes.write(to: file)
        let error = await openError(ClientConfig.ada(in: folder.url, on: sandbox.server.url))
        guard case .NewerSchema(found: 999, let known) = error else {
            Issue.record("the file of a later version led to \(String(describing: error))")
            return
        }
        #expect(known < 999)
        #expect(try Data(contentsOf: file) == bytes)
        expectStrings([OpenError.NewerSchema(found: 999, known: known).key()])
    }

    @Test("A file belongs to one account on one server; an invalid folder, account, address or product is rejected")
    func wrongConfiguration() async throws {
        let client = try await open()
        // The first contact binds the file to its server.
        _ = try await client.waitFor("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        await client.close()
        let config = ClientConfig.ada(in: folder.url, on: sandbox.server.url)
        #expect(await openError(config) { $0.serverUrl = "https://help.nordlicht-reisen.example" } == .OtherAccount)
        #expect(await openError(config) { $0.serverUrl = "ftp://nordlicht-reisen.example" } == .InvalidUrl)
        #expect(await openError(config) { $0.serverUrl = "http://nordlicht-reisen.example" } == .InvalidUrl, "tokens need encryption")
        #expect(await openError(config) { $0.account = "" } == .InvalidAccount)
        #expect(await openError(config) { $0.directory = "/dev/null/support" } == .InvalidDirectory)
        #expect(await openError(config) { $0.key = Data(count: 7) } == .KeyNotSupported)
        let error = await openError(config) { $0.product = #"{"name": "# }
        guard case .InvalidProduct = error else {
            Issue.record("an unreadable product led to \(String(describing: error))")
            return
        }
        let errors: [OpenError] = [
            .OtherAccount, .InvalidUrl, .InvalidAccount, .InvalidDirectory, .KeyNotSupported, .InvalidProduct(what: "name"),
        ]
        expectStrings(errors.map { $0.key() })
    }

    // MARK: Helpers

    private func open(_ folder: TemporaryFolder? = nil, token: String = "ada-token") async throws -> Pocketdesk {
        let client = try await Pocketdesk.open(.ada(in: (folder ?? self.folder).url, on: sandbox.server.url), tokens: FixedToken(token))
        client.setInFront(true)
        client.setOnline(true)
        return client
    }

    private func openError(_ config: ClientConfig, but change: (inout ClientConfig) -> Void = { _ in }) async -> OpenError? {
        var config = config
        change(&config)
        do {
            await (try Pocketdesk.open(config, tokens: FixedToken())).close()
            return nil
        } catch {
            return error
        }
    }

    /// The only database file of an account that was opened and closed.
    private func databaseFile() async throws -> URL {
        await (try open()).close()
        let all = FileManager.default.enumerator(at: folder.url, includingPropertiesForKeys: nil)?.allObjects as? [URL] ?? []
        let databases = all.filter { (try? Data(contentsOf: $0))?.starts(with: Data("SQLite format 3".utf8)) == true }
        let file = try #require(databases.first)
        #expect(databases.count == 1)
        for name in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(at: URL(fileURLWithPath: file.path + name))
        }
        return file
    }

    private func validDraft(_ client: Pocketdesk) async throws -> TicketDraft {
        var draft = try await client.ticketDraft()
        draft.subject = ScenarioData.subject
        draft.description = ScenarioData.description
        return draft
    }

    private func expectStrings(_ keys: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        for language in languages() {
            for key in keys {
                #expect(Strings(language).contains(key), "\(language): \(key)", sourceLocation: sourceLocation)
            }
        }
    }
}

/// 141 grapheme clusters, which are more bytes and more code points.
private let longSubject = String(repeating: "ü👩🏽‍💻é", count: 47)

/// One way in which a draft is invalid.
enum InvalidField: Sendable {
    case subject(String)
    case description(String)
    case cc([String])
    case issueType(String)

    func applied(to draft: TicketDraft) -> TicketDraft {
        var draft = draft
        switch self {
        case .subject(let subject): draft.subject = subject
        case .description(let description): draft.description = description
        case .cc(let addresses): draft.cc = addresses
        case .issueType(let type): draft.issueType = type
        }
        return draft
    }
}
