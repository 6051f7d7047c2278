// README:start
import PocketdeskKit
import PocketdeskUI
import SwiftUI

@main
struct SampleApp: App {
    private let auth = Auth()
    private let host: PocketdeskHost

    init() {
        let task = "com.example.shop.support"
        let folder = URL.applicationSupportDirectory.appending(path: "support", directoryHint: .isDirectory)
        host = makeSupportHost(at: server, in: folder, auth: auth, scheduler: SystemScheduler(task: task))
        // Here, because iOS accepts the background task only before the app has finished launching.
        host.connect(task: task)
    }

    var body: some Scene {
        WindowGroup { SupportScene(host: host, auth: auth) }
    }
}

/// Opens the client and shows Pocketdesk's screens: the account, or before the sign-in the help for those who cannot sign in.
struct SupportScene: View {
    let host: PocketdeskHost
    let auth: Auth
    @State private var client: Pocketdesk?
    @State private var failure: String?

    var body: some View {
        if let client {
            PocketdeskScreens(client: client, signIn: signIn, onSignedOut: signedOut)
        } else if let failure {
            Text(failure)
        } else {
            ProgressView().task { await open() }
        }
    }

    /// An app shows its own sign-in here. The next client belongs to whoever signs in.
    private func signIn() {
        Task {
            await auth.signIn()
            await host.forget()
            client = nil
        }
    }

    /// The client is closed.
    private func signedOut() {
        Task {
            await auth.signOut()
            await host.forget()
            client = nil
        }
    }

    private func open() async {
        do {
            client = try await host.client()
        } catch {
            failure = Strings()[(error as? OpenError)?.key() ?? "error.open.internal_fault"]
        }
    }
}
// README:end

/// A sandbox on the Mac that runs the simulator.
// swift-format-ignore: NeverForceUnwrap
private let server = URL(string: "http://127.0.0.1:8088")!
