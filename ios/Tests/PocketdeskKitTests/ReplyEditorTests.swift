import Foundation
import PocketdeskKit
import SandboxClient
import Testing

/// The field of a reply with its formats.
@MainActor
@Suite("Reply editor", .timeLimit(.minutes(5)))
struct ReplyEditorTests {
    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder

    init() throws {
        sandbox = try SandboxProcess.start(tickets: 20)
        folder = try TemporaryFolder()
    }

    @Test("A reply keeps its formats while plain text is typed, as a draft, and in the thread")
    func formats() async throws {
        let config = ClientConfig.ada(in: folder.url.appendingPathComponent("support"), on: sandbox.server.url)
        let client = try await Pocketdesk.open(config, tokens: FixedToken())
        client.setInFront(true)
        client.setOnline(true)
        let row = try #require(try await client.ownTickets().first)
        let screen = ThreadModel(client: client, ticket: row.id, language: "de", pause: .milliseconds(10))
        let shown = Task { await screen.run() }
        try await waitUntil("the thread") { screen.ticket?.threadComplete == true }

        screen.editor = screen.editor.changed(after: "Bitte heute 🙏", selection: TextPlace(from: 6, to: 14)).toggled(look: .bold)
        #expect(screen.editor.looks().bold)
        screen.reply = "Hallo, Bitte heute 🙏"
        #expect(screen.editor.text.formats == [TextFormat(place: TextPlace(from: 13, to: 21), bold: true, italic: false, link: nil)])
        screen.editor = screen.editor.changed(after: screen.reply, selection: TextPlace(from: 0, to: 5))
        screen.link(to: "javascript:alert(1)")
        #expect(screen.failureKey == "format.link.wrong")
        screen.link(to: "desk.example/hilfe")
        #expect(screen.failureKey == nil)
        try await waitUntil("saved") { screen.isSaved }
        #expect(try await client.replyDraft(row.id).formats == screen.editor.text.formats)

        await screen.send()
        try await waitUntil("the reply") { screen.messages.last?.body == "Hallo, Bitte heute 🙏" }
        let message = try #require(screen.messages.last)
        let spans = message.content.blocks.flatMap(\.spans)
        #expect(spans.map(\.text) == ["Hallo", ", Bitte ", "heute 🙏"])
        #expect(spans[0].link?.address == "https://desk.example/hilfe" && spans[2].bold)
        #expect(screen.editor == editorOf(text: FormattedText(text: "")))
        shown.cancel()
        await shown.value
        await client.close()
    }
}
