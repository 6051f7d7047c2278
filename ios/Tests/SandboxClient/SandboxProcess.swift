import Foundation

/// A sandbox server in a process of its own, on a free port. It ends with ``stop()``, and at the latest with this process.
package final class SandboxProcess: Sendable {
    /// The server.
    package let server: SandboxServer

    private let stdin: FileHandle

    private init(server: SandboxServer, stdin: FileHandle) {
        self.server = server
        self.stdin = stdin
    }

    deinit {
        stop()
    }

    /// Starts a sandbox with `tickets` tickets that Ada can see.
    package static func start(tickets: Int = 300) throws -> SandboxProcess {
        let program = ProcessInfo.processInfo.environment["POCKETDESK_SANDBOX"] ?? builtHere("pocketdesk-sandbox")
        guard FileManager.default.isExecutableFile(atPath: program) else { throw SandboxError.notBuilt(program) }
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        // The shell ends the sandbox when the other end of its input closes, for whatever reason. It uses SIGKILL, because Foundation on
        // Linux starts processes with the signals blocked that the calling thread has blocked, and SIGTERM is one of them.
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", #""$0" "$@" & read -r _; kill -KILL $!"#, program, "--port", "0", "--tickets", String(tickets)]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        guard let url = readLine(from: output.fileHandleForReading)?.split(separator: " ").last.flatMap({ URL(string: String($0)) }) else {
            try? input.fileHandleForWriting.close()
            throw SandboxError.didNotStart
        }
        return SandboxProcess(server: SandboxServer(url: url), stdin: input.fileHandleForWriting)
    }

    /// Ends the sandbox. May be called repeatedly.
    package func stop() {
        try? stdin.close()
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

/// The path of a program or library of the last `cargo build`.
package func builtHere(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../target/debug/\(name)").standardized.path
}
