import Foundation
import SandboxClient
import Testing

/// A process of a scenario (`ScenarioChild`), which writes something without a network and then ends.
enum FirstProcess {
    /// Runs it to its end.
    ///
    /// - Parameters:
    ///   - story: What it writes: `mobile`, `web` with a file to attach, `hub` or `hub-feedback`.
    ///   - sandbox: The server, which is offline afterwards.
    ///   - folder: The client's folder.
    ///   - file: The file that `web` attaches; `nil` for the others.
    /// - Returns: The local id of the ticket that it wrote, or wrote about.
    static func run(_ story: String, on sandbox: SandboxProcess, in folder: URL, attaching file: URL? = nil) throws -> Int64 {
        let child = Process()
        let output = Pipe()
        child.executableURL = try program("ScenarioChild")
        child.arguments = [story, sandbox.server.url.absoluteString, folder.path] + [file?.path].compactMap(\.self)
        child.standardOutput = output
        try child.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        child.waitUntilExit()
        #expect(child.terminationStatus == 0)
        return try #require(Int64(String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    /// The path of a program of this package. It is in the folder of the running program, or in one above.
    private static func program(_ name: String) throws -> URL {
        var folder = try #require(Bundle.main.executableURL).deletingLastPathComponent()
        while folder.path != "/" {
            let program = folder.appendingPathComponent(name)
            if FileManager.default.isExecutableFile(atPath: program.path) { return program }
            folder.deleteLastPathComponent()
        }
        throw CocoaError(.fileNoSuchFile)
    }
}
