import Foundation
import PocketdeskKit
import Testing

@Suite("Strings")
struct StringsTests {
    @Test("A language tag finds its language; an unsupported language falls back to English")
    func tags() {
        #expect(Strings("de-AT").language == "de")
        #expect(Strings("es_MX").language == "es")
        #expect(Strings("fr-CA").language == "en")
        #expect(Strings("").language == "en")
        #expect(Strings("de")["history.create"] == "Ein neues Ticket erstellen")
        #expect(Strings("es")["reply.send"] == "Enviar")
    }

    @Test("Placeholders are replaced, and a key without a text is shown itself")
    func placeholders() {
        let counter = Strings("en")("new.subject.counter", ["count": "12", "limit": "140"])
        #expect(counter.contains("12") && counter.contains("140") && !counter.contains("{"))
        #expect(Strings("en")["no.such.key"] == "no.such.key")
    }

    @Test("Every value of the core has a text in every language", arguments: languages())
    func complete(_ language: String) {
        let strings = Strings(language)
        let reasons: [ReasonKind] = [
            .signedOut, .wrongUser, .notAllowed, .ticketClosed, .noLongerVisible, .refused, .restored, .attachmentTooLarge,
            .attachmentType, .attachmentMissing, .unsupported,
        ]
        let problems: [AccountProblem] = [
            .signedOut, .wrongUser, .notAllowed, .historyMissing, .serverUnreachable, .serverMisbehaves, .storageFull,
            .internalFault,
        ]
        let deliveries: [Delivery] = [
            .held(until: 0), .queued, .sending, .waiting(until: 0), .checking,
            .needsUser(reason: Reason(kind: .refused, serverMessage: nil)),
            .mayHaveBeenSent,
            .notShown,
        ]
        let open: [OpenError] = [
            .NotADatabase, .NewerSchema(found: 2, known: 1), .OtherAccount, .ReadOnly, .NoSpace, .InUse, .KeyNotSupported, .InvalidUrl,
            .InvalidAccount, .InvalidProduct(what: "name"), .InvalidDirectory, .Storage(code: 11), .InternalFault,
        ]
        let call: [ClientError] = [
            .Closed, .Suspended, .InUse, .NoSuchTicket, .NoSuchMessage, .NoSuchDraft, .NoSuchFile, .NotPossibleNow,
            .InvalidCursor, .NoSpace, .Damaged, .ReadOnly, .Storage(code: 11), .InternalFault,
        ]
        let submit: [SubmitError] = [
            .Invalid(problems: []), .NoSuchTicket, .NoSuchMessage, .NoSuchDraft, .NoSuchFile, .NotPossibleNow,
            .InvalidCursor, .Closed, .Suspended, .InUse, .NoSpace, .Damaged, .ReadOnly, .Storage(code: 11),
            .InternalFault,
        ]
        let reply: [ReplyError] = [
            .Invalid(problems: []), .TicketClosed, .NoLongerVisible, .NoSuchTicket, .NoSuchMessage, .NoSuchDraft, .NoSuchFile,
            .NotPossibleNow,
            .InvalidCursor, .Closed, .Suspended, .InUse, .NoSpace, .Damaged,
            .ReadOnly, .Storage(code: 11), .InternalFault,
        ]
        let change: [ChangeError] = [
            .Invalid(problems: []), .NotOffered, .TicketClosed, .NoLongerVisible, .NoSuchTicket, .NoSuchMessage, .NoSuchDraft, .NoSuchFile,
            .NotPossibleNow,
            .InvalidCursor, .Closed, .Suspended, .InUse, .NoSpace,
            .Damaged, .ReadOnly, .Storage(code: 11), .InternalFault,
        ]
        let fields: [FieldProblem] = [
            FieldProblem(field: .subject, index: nil, problem: .required), FieldProblem(field: .body, index: nil, problem: .required),
            FieldProblem(field: .subject, index: nil, problem: .tooLong(count: 141, limit: 140)),
            FieldProblem(field: .access, index: nil, problem: .unknown),
            FieldProblem(field: .cc, index: 0, problem: .malformed), FieldProblem(field: .issueType, index: nil, problem: .unknown),
        ]
        let attach: [AttachError] = [
            .Off, .TooMany(limit: 5), .TooLarge(limit: 500_000), .WrongType, .WrongContent, .Empty, .Unreadable(code: 2), .NoSuchTicket,
            .NoSuchMessage, .NoSuchDraft, .NoSuchFile, .NotPossibleNow,
            .InvalidCursor, .Closed, .Suspended, .InUse,
            .NoSpace, .Damaged, .ReadOnly, .Storage(code: 11), .InternalFault,
        ]
        let downloads: [DownloadProblem] = [.gone, .noSpace, .tooLarge, .unavailable]
        let recoveries = [Recovered(salvaged: 1, lost: false), Recovered(salvaged: 1, lost: true)]
        let kinds: [ChangeKind] = [.addCc, .solve]
        let turns: [Turn] = [.helpDesk, .you, .nobody]
        let notes: [DraftNote] = [.repeatedAddress(index: 0), .ownAddress(index: 0)]
        var keys = reasons.map(\.stringKey) + problems.map(\.stringKey) + deliveries.compactMap(\.stringKey)
        keys += open.map(\.stringKey) + call.map(\.stringKey)
        keys += submit.map(\.stringKey) + reply.map(\.stringKey) + change.map(\.stringKey)
        keys += fields.map(\.stringKey) + notes.map(\.stringKey) + turns.map(\.stringKey) + kinds.map(\.stringKey)
        keys += attach.map(\.stringKey) + downloads.map(\.stringKey) + recoveries.map(\.stringKey)
        for key in keys {
            #expect(strings.contains(key), "\(key)")
        }
    }

    // The screens are not compiled on every platform, so the keys are searched for in their sources.
    @Test("Every text that a screen uses exists in every language", arguments: languages())
    func screens(_ language: String) throws {
        let strings = Strings(language)
        let folder = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../Sources/PocketdeskUI").standardized
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects as? [URL] ?? []
        let keys = try files.filter { $0.pathExtension == "swift" }.flatMap { screen in
            try String(contentsOf: screen, encoding: .utf8).matches(of: /strings[\[(]\s*"([a-z_.]+)"/).map { String($0.output.1) }
        }
        #expect(keys.count > 40)
        for key in Set(keys) {
            #expect(strings.contains(key), "\(key)")
        }
    }
}
