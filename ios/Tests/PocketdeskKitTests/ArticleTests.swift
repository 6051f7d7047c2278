import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// Help articles with the real core and the sandbox's help centre of 500 articles, in German.
@MainActor
@Suite("Help articles", .timeLimit(.minutes(5)))
struct ArticleTests {
    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 10)
        folder = try TemporaryFolder()
    }

    private func open() async throws -> Pocketdesk {
        var config = ClientConfig(directory: folder.url, account: "ada", server: sandbox.server.url, language: "de")
        config.product = #"{ "schema": 1, "id": "tested", "version": 1, "extends": "impact-web@1" }"#
        let client = try await Pocketdesk.open(config, tokens: FixedToken())
        client.setOnline(true)
        client.setInFront(true)
        return client
    }

    /// The categories, once every article was read.
    private func categories(_ client: Pocketdesk) async throws -> [HelpCategory] {
        let changes = client.changes
        var found = try await client.helpCenter()
        if found.complete { return found.categories }
        for await change in changes where change.articles {
            found = try await client.helpCenter()
            if found.complete { break }
        }
        return found.categories
    }

    private func firstArticle(_ client: Pocketdesk) async throws -> ArticleRow {
        let section = try #require(try await categories(client).first?.sections.first)
        return try #require(try await client.articles(in: section.id).first)
    }

    @Test("Categories lead to sections, and sections to articles")
    func browsing() async throws {
        let client = try await open()
        let screen = HelpCenterModel(client: client)
        let shown = Task { await screen.run() }
        let all = try await categories(client)
        try await waitUntil("every category") { screen.state == .categories(all) }
        #expect(all.map(\.name) == ["Konto & Anmeldung", "Auszahlungen & Steuern", "Tracking & Technik", "Partner & Berichte"])
        #expect(all.flatMap(\.sections).map(\.articles).reduce(0, +) == 500)

        let first = try #require(all.first?.sections.first)
        let section = ArticleSectionModel(client: client, section: first.id)
        await section.reload()
        guard case .articles(let articles) = section.state else { throw ConditionTimeout(description: "\(section.state)") }
        #expect(section.name == "Erste Schritte" && articles.count == Int(first.articles))
        #expect(articles.first?.title == "Erste Schritte mit Shopify")
        let unknown = ArticleSectionModel(client: client, section: 4711)
        await unknown.reload()
        #expect(unknown.state == .empty)
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("An article has its structure, and its picture is there without a network once it was opened")
    func reading() async throws {
        let client = try await open()
        let row = try await firstArticle(client)
        let before = try #require(try await client.article(row.id))
        #expect(before.pictures.map(\.state) == [.onServer])
        #expect(before.content.blocks.contains { $0.mark == "1." && $0.plainText == "Öffnen Sie Einstellungen → Shopify." })
        #expect(before.noteKeys.first == "article.translated")

        let screen = ArticleModel(client: client, article: row.id)
        let shown = Task { await screen.run() }
        try await waitUntil("the picture") { screen.article?.pictures.map(\.state) == [.onDevice] }
        try await sandbox.server.goOffline()
        client.setOnline(false)
        let file = try #require(await screen.picture(0))
        #expect(try Data(contentsOf: file).starts(with: [0x89, 0x50, 0x4E, 0x47]))
        #expect(await screen.picture(1) == nil)
        shown.cancel()
        await shown.value

        let unknown = ArticleModel(client: client, article: 4711)
        await unknown.reload()
        #expect(unknown.state == .gone)
        await client.close()
    }

    @Test("The answer to whether an article was helpful waits for the network, and the last one counts")
    func voting() async throws {
        let client = try await open()
        let row = try await firstArticle(client)
        let screen = ArticleModel(client: client, article: row.id)
        let shown = Task { await screen.run() }
        try await waitUntil("the question") { screen.article?.asks == true }
        #expect(screen.article?.answerKey == nil)
        client.setOnline(false)
        await screen.vote(false)
        await screen.vote(true)
        try await waitUntil("the waiting answer") { screen.article?.vote == ArticleVote(helpful: true, waiting: true) }
        #expect(screen.article?.answerKey == "article.helpful.waiting")
        client.setOnline(true)
        try await waitUntil("the sent answer") { screen.article?.answerKey == "article.helpful.thanks" }
        #expect(screen.failureKey == nil)
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("While a subject is typed, similar articles and own tickets are found without a network")
    func similar() async throws {
        let client = try await open()
        _ = try await categories(client)
        client.setOnline(false)
        var draft = try await client.ticketDraft()
        draft.subject = "Überweisung für Februar fehlt 💶"
        draft.description = "Seit Montag."
        try await client.submit(draft)

        let form = NewTicketModel(client: client, pause: .milliseconds(10))
        let shown = Task { await form.run() }
        try await waitUntil("the form") { form.isReady }
        form.draft.subject = "erste schritte mit shopify"
        try await waitUntil("the articles") { form.similar.articles.first?.title == "Erste Schritte mit Shopify" }
        form.draft.subject = "uberweisung februar"
        try await waitUntil("the ticket") { form.similar.tickets.first?.subject == "Überweisung für Februar fehlt 💶" }
        form.draft.subject = ""
        try await waitUntil("nothing") { form.similar.articles.isEmpty && form.similar.tickets.isEmpty }
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("Articles are found without a network while the user types, by their titles first, and what was found is marked")
    func searching() async throws {
        let client = try await open()
        let screen = HelpCenterModel(client: client)
        let shown = Task { await screen.run() }
        let all = try await categories(client)
        try await waitUntil("every category") { screen.state == .categories(all) }
        try await sandbox.server.goOffline()
        client.setOnline(false)

        for length in 1...7 { screen.searchText = String("shopify".prefix(length)) }
        try await waitUntil("what was found") { screen.found?.text == "shopify" }
        let hits = try #require(screen.found?.hits)
        #expect(hits.contains { $0.title.marked == "Erste Schritte mit [Shopify]" })
        let inTitle = hits.map { $0.title.contains(where: \.hit) }
        #expect(inTitle == inTitle.sorted { $0 && !$1 } && inTitle.first == true)
        #expect(hits.allSatisfy { $0.title.plainText == $0.row.title && !$0.excerpt.isEmpty })

        screen.searchText = "einstellungen öffnen"
        try await waitUntil("in the texts") { screen.found?.text == "einstellungen öffnen" && screen.found?.hits.isEmpty == false }
        screen.searchText = "Flußpferd 🦛"
        try await waitUntil("nothing") { screen.found?.hits.isEmpty == true }
        #expect(screen.found?.text == "Flußpferd 🦛")
        screen.searchText = " "
        try await waitUntil("the categories again") { screen.state == .categories(all) }
        shown.cancel()
        await shown.value
        await client.close()
    }

    @Test("An entry leads to the articles, and before anything was read the screen says that there is no connection")
    func entry() async throws {
        try await sandbox.server.goOffline()
        let client = try await open()
        let help = HelpSupportModel(client: client, strings: client.strings("de"))
        #expect(help.entries.first { $0.id == "articles" }?.target == .articles)
        let screen = HelpCenterModel(client: client)
        let shown = Task { await screen.run() }
        try await waitUntil("that there is nothing yet") { screen.state == .notYet }
        screen.searchText = "shopify"
        await screen.refresh()
        #expect(screen.state == .notYet, "a search does not say that there is nothing")
        shown.cancel()
        await shown.value
        await client.close()
    }
}

extension HelpCenterModel {
    /// What was found, if the screen shows that.
    fileprivate var found: FoundArticles? {
        if case .found(let found) = state { found } else { nil }
    }
}

extension ArticleModel {
    /// The article on screen, if it is one.
    fileprivate var article: Article? {
        if case .article(let article) = state { article } else { nil }
    }
}
