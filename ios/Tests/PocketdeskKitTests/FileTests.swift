import Foundation
import PocketdeskKit
import SandboxClient
import Testing

@Suite("Files", .timeLimit(.minutes(2)))
struct FileTests {
    @Test("A file attached in a tunnel arrives with its message, and can be fetched again; what is not taken is refused by name")
    func attached() async throws {
        let desk = try SandboxProcess.start(tickets: 20)
        let folder = try Folder()
        let picked = folder.url.appendingPathComponent("Überweisung – 2026.txt")
        let text = Data("Überwiesen am 3. Oktober. 🧾".utf8)
        try text.write(to: picked)
        let app = try await Pocketdesk.open(.ada(in: folder.url.appendingPathComponent("desk"), on: desk.sandbox.url), tokens: FixedToken())
        try await desk.sandbox.goOffline()

        var draft = try await app.ticketDraft()
        draft.subject = Story.subject
        draft.description = Story.description
        await #expect(throws: AttachError.NotFound) { try await app.attach(picked, to: draft.id) }
        try await app.save(draft)
        let program = folder.url.appendingPathComponent("rechnung.exe")
        try text.write(to: program)
        await #expect(throws: AttachError.WrongType) { try await app.attach(program, to: draft.id) }
        await #expect(throws: AttachError.Unreadable) {
            try await app.attach(folder.url.appendingPathComponent("nicht da.txt"), to: draft.id)
        }
        let file = try await app.attach(picked, to: draft.id)
        let second = try await app.attach(picked, to: draft.id, as: "noch einmal.txt")
        await #expect(throws: AttachError.TooMany(limit: 2)) { try await app.attach(picked, to: draft.id) }
        try await app.detach(second.id)
        #expect(try await app.files(of: draft.id) == [file])
        #expect(file.size == UInt64(text.count))
        try FileManager.default.removeItem(at: picked)

        let ticket = try await app.submit(draft)
        #expect(try await app.thread(ticket).messages.first?.attachments.map(\.state) == [.waiting])
        try await desk.sandbox.clearFaults()
        app.setOnline(true)
        let message = try await app.first("sent, and shown by the desk") { app in
            let message = try await app.thread(ticket).messages.first
            return message?.delivery == .sent && message?.attachments.first?.state != .waiting ? message : nil
        }
        await #expect(throws: DeskError.NotFound) { try await app.download(-1, of: message.id) }
        _ = try await app.first("asked for") { try? await $0.download(0, of: message.id) }
        let copy = try await app.first("here") { try await $0.file(0, of: message.id) }
        #expect(try Data(contentsOf: copy) == text)
        await app.close()
    }
}
