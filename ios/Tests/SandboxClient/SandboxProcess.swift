import Foundation

/// A sandbox desk in a process of its own, on a free port. It ends with ``stop()``, and at the latest with this process.
package final class SandboxProcess: Sendable {
    /// The desk.
    package let server: SandboxServer

    private let leash: FileHandle

    private init(server: SandboxServer, leash: FileHandle) {
        self.server = server
        self.leash = leash
    }

    deinit {
        stop()
    }

    /// Starts a desk with `tickets` tickets that Ada sees.
    package static func start(tickets: Int = 300) throws -> SandboxProcess {
        let program = ProcessInfo.processInfo.environment["POCKETDESK_SANDBOX"] ?? builtHere("pocketdesk-sandbox")
        guard FileManager.default.isExecutableFile(atPath: program) else { throw SandboxError.notBuilt(program) }
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        // The shell holds the desk on a leash: when the other end of its input closes, for whatever reason, the desk ends. By SIGKILL,
        // because Foundation on Linux starts processes with the signals blocked that the calling thread has blocked, SIGTERM among them.
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", #""$0" "$@" & read -r _; kill -KILL $!"#, program, "--port", "0", "--tickets", String(tickets)]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        guard let url = readLine(from: output.fileHandleForReading)?.split(separator: " ").last.flatMap({ URL(string: String($0)) }) else {
            try? input.fileHandleForWriting.close()
            throw SandboxError.didNotStart
        }
        return SandboxProcess(server: SandboxServer(url: url), leash: input.fileHandleForWriting)
    }

    /// Ends the desk. May be called again.
    package func stop() {
        try? leash.close()
    }

    private static func readLine(from handle: FileHandle) -> String? {
        var line = Data()
        while let byte = try? handle.read(upToCount: 1), byte != Data("\n".utf8) {
            if byte.isEmpty { return nil }
            line += byte
        }
        return String(data: line, encoding: .utf8)
    }
}

/// A program or library of the last `cargo build`.
package func builtHere(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../target/debug/\(name)").standardized.path
}
