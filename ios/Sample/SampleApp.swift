// README:start
import PocketdeskKit
import PocketdeskUI
import SwiftUI

@main
struct SampleApp: App {
    private let host: PocketdeskHost

    init() {
        let task = "com.example.shop.support"
        let folder = URL.applicationSupportDirectory.appending(path: "support", directoryHint: .isDirectory)
        host = makeSupportHost(at: server, in: folder, auth: Auth(), scheduler: SystemScheduler(task: task))
        // Here, because iOS accepts the background task only before the app has finished launching.
        host.connect(task: task)
    }

    var body: some Scene {
        WindowGroup { SupportScene(host: host) }
    }
}

/// Opens the client and shows Pocketdesk's screens.
struct SupportScene: View {
    let host: PocketdeskHost
    @State private var client: Pocketdesk?
    @State private var failure: String?

    var body: some View {
        if let client {
            PocketdeskScreens(client: client, onSignedOut: signedOut)
        } else if let failure {
            Text(failure)
        } else {
            ProgressView().task { await open() }
        }
    }

    /// The client is closed. An app shows its sign-in, and the next client belongs to whoever signs in.
    private func signedOut() {
        client = nil
        Task { await host.forget() }
    }

    private func open() async {
        do {
            // Without a signed-in user this is nil, and an app shows its sign-in.
            client = try await host.client()
        } catch {
            failure = Strings()[(error as? OpenError)?.stringKey ?? "error.open.internal_fault"]
        }
    }
}
// README:end

/// A sandbox on the Mac that runs the simulator.
// swift-format-ignore: NeverForceUnwrap
private let server = URL(string: "http://127.0.0.1:8088")!
