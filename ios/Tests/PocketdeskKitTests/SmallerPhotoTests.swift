import Foundation
import SandboxClient
import Testing

@testable import PocketdeskKit

@Suite("Photos that a help desk does not take", .timeLimit(.minutes(5)))
@MainActor
struct SmallerPhotoTests {
    /// A phone's encoder, which makes JPGs of `size` bytes, or none if that is `nil`.
    private actor Encoder: PhotoConverter {
        private let size: Int?
        private(set) var asked: [SmallerPhoto] = []

        init(size: Int?) {
            self.size = size
        }

        func jpeg(of photo: URL, wanted: SmallerPhoto) -> URL? {
            asked.append(wanted)
            guard let size else { return nil }
            let jpeg = photo.deletingLastPathComponent().appendingPathComponent("made-\(UUID().uuidString)")
            return (try? (Self.start + Data(count: size - Self.start.count)).write(to: jpeg)).map { jpeg }
        }

        static let start = Data([0xFF, 0xD8, 0xFF, 0xE0, 0, 16]) + Data("JFIF".utf8)
    }

    private func open(in folder: TemporaryFolder, on sandbox: SandboxProcess) async throws -> Pocketdesk {
        let directory = folder.url.appendingPathComponent("support")
        var config = ClientConfig.ada(in: directory, on: sandbox.server.url)
        config.product = config.product?.replacingOccurrences(
            of: #""types": ["txt", "png"]"#, with: #""types": ["txt", "png", "jpg"], "shrink_photos": true"#)
        return try await Pocketdesk.open(config, tokens: FixedToken())
    }

    private func photo(_ name: String, _ start: Data, size: Int, in folder: TemporaryFolder) throws -> ChosenFile {
        let file = folder.url.appendingPathComponent(name)
        try (start + Data(count: size - start.count)).write(to: file)
        return ChosenFile(file)
    }

    @Test("Photos that are too large or a HEIC are attached to a new ticket as smaller JPGs once the user wants that")
    func newTicket() async throws {
        let sandbox = try SandboxProcess.start(tickets: 20)
        let folder = try TemporaryFolder()
        let client = try await open(in: folder, on: sandbox)
        let form = NewTicketModel(client: client, pause: .milliseconds(10))
        let encoder = Encoder(size: 480_000)
        form.files.photos = encoder
        let running = Task { await form.run() }
        try await waitUntil("the form") { form.isReady }
        form.draft.subject = ScenarioData.subject
        form.draft.description = "Siehe Fotos. 📷"
        await form.attach([
            try photo("Zähler groß.JPEG", Encoder.start, size: 2_400_000, in: folder),
            try photo("IMG_0042.HEIC", Data([0, 0, 0, 24]) + Data("ftypheic".utf8), size: 900, in: folder),
        ])
        #expect(form.files.refused.map(\.canBeSmaller) == [true, true])
        #expect(form.files.refused.map(\.reason) == [.error(.TooLarge(limit: 500_000)), .error(.WrongType)])
        #expect(await encoder.asked.isEmpty, "nothing is made before the user asks")
        for refused in form.files.refused { await form.attachSmaller(refused) }
        #expect(form.files.attached.map(\.name) == ["Zähler groß.jpg", "IMG_0042.jpg"])
        #expect(form.files.refused.isEmpty && form.files.copying.isEmpty)
        #expect(await encoder.asked.map(\.maxBytes) == [500_000, 500_000])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).allSatisfy { !$0.hasPrefix("made-") })
        await form.create()
        let ticket = try #require(form.created)
        let message = try await client.waitFor("sent") { client in
            let message = try await client.thread(ticket).messages.first
            return message?.delivery == .sent ? message : nil
        }
        #expect(message.attachments.map(\.name) == ["Zähler groß.jpg", "IMG_0042.jpg"])
        running.cancel()
        await running.value
        await client.close()
    }

    @Test("A photo that cannot be made small enough says so, and a system without decoders offers none")
    func notSmaller() async throws {
        let sandbox = try SandboxProcess.start(tickets: 20)
        let folder = try TemporaryFolder()
        let client = try await open(in: folder, on: sandbox)
        let form = NewTicketModel(client: client, pause: .milliseconds(10))
        let running = Task { await form.run() }
        try await waitUntil("the form") { form.isReady }
        let png = Data([0x89]) + Data("PNG\r\n".utf8) + Data([0x1A, 0x0A])
        let plan = try photo("Lageplan.png", png, size: 900_000, in: folder)
        form.files.photos = nil
        await form.attach([plan])
        #expect(form.files.refused.map(\.canBeSmaller) == [false])

        form.files.photos = Encoder(size: nil)
        await form.attach([plan])
        await form.attachSmaller(try #require(form.files.refused.first { $0.canBeSmaller }))
        let refused = try #require(form.files.refused.first)
        #expect((refused.name, refused.reason, refused.canBeSmaller) == ("Lageplan.png", .cannotBeSmaller, false))
        #expect(refused.text(Strings("de")) == "Dieses Foto lässt sich nicht genug verkleinern.")
        #expect(form.files.copying.isEmpty && form.files.attached.isEmpty)
        running.cancel()
        await running.value
        await client.close()
    }
}
