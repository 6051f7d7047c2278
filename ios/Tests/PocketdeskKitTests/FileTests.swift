import Foundation
import PocketdeskKit
import SandboxClient
import Testing

@Suite("Files", .timeLimit(.minutes(5)))
struct FileTests {
    @Test("A file attached without a network arrives with its message and can be downloaded; a file that is not accepted is rejected")
    func attached() async throws {
        let sandbox = try SandboxProcess.start(tickets: 20)
        let folder = try TemporaryFolder()
        let picked = folder.url.appendingPathComponent("Überweisung – 2026.txt")
        let text = Data("Überwiesen am 3. Oktober. 🧾".utf8)
        try text.write(to: picked)
        let client = try await open(in: folder, on: sandbox)
        client.setOnline(false)

        var draft = try await client.ticketDraft()
        draft.subject = ScenarioData.subject
        draft.description = ScenarioData.description
        await #expect(throws: AttachError.NoSuchDraft) { try await client.attach(picked, to: draft.id) }
        try await client.save(draft)
        let program = folder.url.appendingPathComponent("rechnung.exe")
        try text.write(to: program)
        await #expect(throws: AttachError.WrongType) { try await client.attach(program, to: draft.id) }
        await #expect(throws: AttachError.Unreadable(code: 2)) {
            try await client.attach(folder.url.appendingPathComponent("nicht da.txt"), to: draft.id)
        }
        let file = try await client.attach(picked, to: draft.id)
        let second = try await client.attach(picked, to: draft.id, as: "noch einmal.txt")
        await #expect(throws: AttachError.TooMany(limit: 2)) { try await client.attach(picked, to: draft.id) }
        try await client.detach(second.id)
        #expect(try await client.files(of: draft.id) == [file])
        #expect(file.size == UInt64(text.count))
        try FileManager.default.removeItem(at: picked)

        let ticket = try await client.submit(draft)
        #expect(try await client.thread(ticket).messages.first?.attachments.map(\.state) == [.waiting])
        client.setOnline(true)
        let message = try await client.waitFor("sent, and shown by the server") { client in
            let message = try await client.thread(ticket).messages.first
            return message?.delivery == .sent && message?.attachments.first?.state != .waiting ? message : nil
        }
        await #expect(throws: ClientError.NoSuchFile) { try await client.download(-1, of: message.id) }
        _ = try await client.waitFor("asked for") { try? await $0.download(0, of: message.id) }
        let copy = try await client.waitFor("downloaded") { try await $0.file(0, of: message.id) }
        #expect(try Data(contentsOf: copy) == text)
        await client.close()
    }

    @Test("The form saves files with the draft, says for each rejected file why, and sends the others")
    @MainActor
    func form() async throws {
        let sandbox = try SandboxProcess.start(tickets: 20)
        let folder = try TemporaryFolder()
        let client = try await open(in: folder, on: sandbox)
        let form = NewTicketModel(client: client, pause: .milliseconds(10))
        let running = Task { await form.run() }
        try await waitUntil("the form") { form.isReady }
        form.draft.subject = ScenarioData.subject
        form.draft.description = ScenarioData.description
        let chosen = try ["Beleg.txt", "rechnung.exe", "תמונה.png", "Notiz.txt"].map(folder.file)
        await form.attach(chosen.map(ChosenFile.init))
        #expect(form.files.attached.map(\.name) == ["Beleg.txt", "Notiz.txt"])
        #expect(form.files.refused.map(\.name) == ["rechnung.exe", "תמונה.png"])
        #expect(form.files.refused.map(\.reason) == [.error(.WrongType), .error(.WrongContent)])
        #expect(form.files.refused.first?.text(Strings("en")) == "Files of this type cannot be attached.")
        form.files.dismiss("rechnung.exe")
        await form.files.detach(try #require(form.files.attached.last))
        #expect((form.files.attached.map(\.name), form.files.refused.count) == (["Beleg.txt"], 1))
        running.cancel()
        await running.value

        let again = NewTicketModel(client: client)
        let reading = Task { await again.run() }
        try await waitUntil("the saved draft") { again.canCreate }
        #expect(again.files.attached.map(\.name) == ["Beleg.txt"])
        await again.create()
        let ticket = try #require(again.created)
        #expect(try await client.thread(ticket).messages.first?.attachments.map(\.name) == ["Beleg.txt"])
        reading.cancel()
        await client.close()
    }

    @Test("What can be attached is said before a file is chosen; files are attached in their order, and can be left out and looked at")
    @MainActor
    func saidBefore() async throws {
        let sandbox = try SandboxProcess.start(tickets: 20)
        let folder = try TemporaryFolder()
        let client = try await open(in: folder, on: sandbox)
        let form = NewTicketModel(client: client)
        let running = Task { await form.run() }
        try await waitUntil("the form") { form.isReady }
        let strings = client.strings("de", device: Locale(identifier: "de_DE"))
        let limits = ["Bis zu 2 Dateien, je bis 500 kB.", "Dateitypen: TXT, PNG."]
        #expect(form.files.hints(strings) == ["Zum Beispiel Screenshots, Diagramme oder Notizen."] + limits)

        let chosen = try ["Größe 1.txt", "übrig.txt", "Größe 2.txt"].map(folder.file)
        let attaching = Task { await form.attach(chosen.map(ChosenFile.init)) }
        // They are listed before the first of them is read.
        while form.files.copying.isEmpty { await Task.yield() }
        #expect(form.files.copying.map(\.name) == ["Größe 1.txt", "übrig.txt", "Größe 2.txt"])
        #expect(form.files.room == 0 && form.files.isAttaching && !form.canCreate)
        form.files.leaveOut(form.files.copying[1])
        await attaching.value
        #expect(form.files.attached.map(\.name) == ["Größe 1.txt", "Größe 2.txt"] && form.files.refused == [])
        #expect(form.files.room == 0 && !form.files.isAttaching)

        let preview = try #require(await form.files.preview(form.files.attached[1]))
        #expect(preview.url.lastPathComponent == "Größe 2.txt")
        #expect(try Data(contentsOf: preview.url) == Data(contentsOf: chosen[2]))
        preview.remove()
        await form.files.detach(form.files.attached[1])
        #expect(form.files.room == 1)
        #expect(await form.files.preview(try #require(form.files.attached.first)) != nil)
        running.cancel()
        await running.value
        await client.close()
    }

    @Test("A photo that has to be fetched first is attached under its own name, and one that does not come says so")
    @MainActor
    func fetched() async throws {
        let sandbox = try SandboxProcess.start(tickets: 20)
        let folder = try TemporaryFolder()
        let client = try await open(in: folder, on: sandbox)
        let form = NewTicketModel(client: client)
        let running = Task { await form.run() }
        try await waitUntil("the form") { form.isReady }
        #expect(form.files.takesPictures && !form.files.takesVideos && !form.files.takesPhonesPhotos, "it takes TXT and PNG")
        let copy = try folder.file("copy")
        await form.attach([
            ChosenFile(name: "PNG") { throw CocoaError(.fileReadUnknown) },
            ChosenFile(name: "TXT") { (copy, "Bildschirmfoto – שלום.txt") },
        ])
        #expect(form.files.attached.map(\.name) == ["Bildschirmfoto – שלום.txt"] && form.files.room == 1)
        #expect(form.files.refused.map { $0.text(Strings("de")) } == ["Die Datei kann nicht gelesen werden."])
        #expect(!FileManager.default.fileExists(atPath: copy.path), "the copy is gone")
        running.cancel()
        await running.value
        await client.close()
    }

    @Test("The files of a reply are saved with its text, return with it when it is withdrawn, and are sent with it")
    @MainActor
    func reply() async throws {
        let sandbox = try SandboxProcess.start(tickets: 20)
        let folder = try TemporaryFolder()
        let client = try await open(in: folder, on: sandbox)
        let ticket = try await client.waitFor("a ticket that takes replies") { client in
            for row in try await client.history().tickets {
                let ticket = try await client.ticket(row.id)
                if ticket.canReply { return row.id }
            }
            return nil
        }
        try await sandbox.server.goOffline()
        let thread = ThreadModel(client: client, ticket: ticket, pause: .milliseconds(10))
        let running = Task { await thread.run() }
        try await waitUntil("the thread") { if case .thread = thread.state { true } else { false } }
        await thread.attach(try ["Überweisung.txt", "rechnung.exe"].map(folder.file).map(ChosenFile.init))
        #expect((thread.files.attached.map(\.name), thread.files.refused.map(\.name)) == (["Überweisung.txt"], ["rechnung.exe"]))
        #expect(!thread.canSend, "a reply needs text, not only files")
        thread.reply = "Anbei der Beleg. 🧾"
        running.cancel()
        await running.value

        let again = ThreadModel(client: client, ticket: ticket)
        let reading = Task { await again.run() }
        try await waitUntil("the saved reply") { again.canSend }
        #expect((again.reply, again.files.attached.map(\.name)) == ("Anbei der Beleg. 🧾", ["Überweisung.txt"]))
        await again.send()
        #expect((again.reply, again.files.attached.count) == ("", 0))
        func written() -> Message? {
            if case .thread(_, let messages) = again.state { messages.last } else { nil }
        }
        await again.discard(try #require(written()))
        #expect((again.reply, again.files.attached.map(\.name)) == ("Anbei der Beleg. 🧾", ["Überweisung.txt"]))
        await again.send()
        let message = try #require(written())
        #expect(message.attachments.map(\.name) == ["Überweisung.txt"])
        try await sandbox.server.clearFaults()
        client.setOnline(true)
        try await waitUntil("the message on the server") { written()?.delivery == .sent }
        #expect(written()?.attachments.map(\.name) == ["Überweisung.txt"])
        reading.cancel()
        await client.close()
    }

    @Test("An agent's photo comes when it is shown, and is there without a network")
    @MainActor
    func photo() async throws {
        let sandbox = try SandboxProcess.start(tickets: 20)
        let folder = try TemporaryFolder()
        let client = try await open(in: folder, on: sandbox)
        _ = try await client.waitFor("the first sync") { try await $0.status().firstSyncDone ? true : nil }
        let row = try await client.waitFor("a ticket that takes replies") { client in
            for row in try await client.history().tickets where try await client.ticket(row.id).canReply { return row }
            return nil
        }
        try await sandbox.server.answer(try #require(row.number), "Wir prüfen das. 👍", status: "open")
        let thread = ThreadModel(client: client, ticket: row.id)
        let shown = Task { await thread.run() }
        client.syncNow()
        try await waitUntil("the answer") { thread.messages.last?.body == "Wir prüfen das. 👍" }
        let answer = try #require(thread.messages.last)
        #expect(answer.authorPhoto == .onServer)
        #expect(thread.messages.first(where: \.mine)?.authorPhoto == nil, "users have none")
        #expect(await thread.authorPhoto(of: answer) == nil, "it is asked for")
        try await waitUntil("the photo") { thread.messages.last?.authorPhoto == .onDevice }
        try await sandbox.server.goOffline()
        client.setOnline(false)
        let photo = try #require(await thread.authorPhoto(of: answer))
        #expect(try !Data(contentsOf: photo).isEmpty)
        #expect(await thread.thumbnail(0, of: answer) == nil, "a message without files")
        shown.cancel()
        await shown.value
        await client.close()
    }

    private func open(in folder: TemporaryFolder, on sandbox: SandboxProcess) async throws -> Pocketdesk {
        let directory = folder.url.appendingPathComponent("support")
        return try await Pocketdesk.open(.ada(in: directory, on: sandbox.server.url), tokens: FixedToken())
    }
}
