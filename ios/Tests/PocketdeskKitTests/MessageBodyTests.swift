import Foundation
import Testing

@testable import PocketdeskKit

/// What a view asks of a message's structure.
@Suite struct MessageBodyTests {
    private func paragraph(_ text: String, link: TextLink? = nil) -> BodyBlock {
        BodyBlock(kind: .paragraph, spans: [TextSpan(text: text, link: link)])
    }

    @Test func history() {
        let blocks = [paragraph("Morgen."), paragraph("Am 5. März schrieb Ada:"), paragraph("Wann?")]
        let folded = MessageBody(blocks: blocks, historyFrom: 1)
        #expect(folded.shown.map(\.plainText) == ["Morgen."])
        #expect(folded.history.map(\.plainText) == ["Am 5. März schrieb Ada:", "Wann?"])
        let whole = MessageBody(blocks: blocks)
        #expect(whole.shown.count == 3)
        #expect(whole.history.isEmpty)
    }

    @Test func addresses() throws {
        let body = MessageBody(blocks: [
            paragraph("https://bank.example", link: TextLink(address: "https://evil.example/", differs: true)),
            paragraph("hier", link: TextLink(address: "https://docs.example/", differs: false)),
        ])
        #expect(body.differs(try #require(URL(string: "https://evil.example/"))))
        #expect(!body.differs(try #require(URL(string: "https://docs.example/"))))
    }

    @Test func marks() {
        let item = { (marker: ListMarker?) in BodyBlock(kind: .paragraph, spans: [], lists: 1, marker: marker).mark }
        #expect([item(.bullet), item(.number(number: 9)), item(nil)] == ["•", "9.", nil])
    }

    @Test func filesBelow() {
        var message = Samples.message(2, mine: false)
        message.attachments = ["a.png", "b.txt"].map { name in
            Attachment(name: name, contentType: "", size: 1, state: .onServer, canDownload: true)
        }
        message.content = MessageBody(blocks: [BodyBlock(kind: .picture(attachment: 0), spans: [])])
        #expect(message.filesBelow == [1])
    }
}
