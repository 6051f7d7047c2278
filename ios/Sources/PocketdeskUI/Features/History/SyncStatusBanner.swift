#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The strips above the history: a file that was damaged, a problem of the account, a busy help desk, and what of the history is still to be
/// loaded. Empty if there is nothing to say. What stands between the device and the help desk is said by the strip of every screen
/// (``ConnectionStrip``).
struct SyncStatusBanner: View {
    let model: HistoryModel
    let strings: Strings
    let signIn: (@MainActor () -> Void)?

    var body: some View {
        if let status = model.status {
            if let recovered = status.recovered {
                recoveryNotice(recovered)
            }
            if let problem = status.accountProblem, let key = status.problemKey {
                accountProblem(problem, strings[key])
            }
            if let time = status.nextAttempt {
                Text(strings("busy.banner", ["time": strings.soon(time)]))
                    .font(.subheadline.weight(.medium))
                    .banner()
            }
            if let key = model.restKey {
                rest(strings[key], status)
            }
        }
    }

    /// Says that the file was damaged and has been replaced. It stays until the user confirms it.
    private func recoveryNotice(_ recovered: Recovered) -> some View {
        HStack(alignment: .firstTextBaseline) {
            Text(strings[recovered.key])
                .font(.subheadline.weight(.medium))
            Spacer()
            Button(strings["button.ok"]) { Task { await model.acknowledgeRecovery() } }
                .buttonStyle(.bordered)
        }
        .banner()
    }

    private func accountProblem(_ problem: AccountProblem, _ text: String) -> some View {
        VStack(alignment: .leading, spacing: 2) {
            Text(text)
                .font(.subheadline.weight(.medium))
            if problem == .signedOut, let signIn {
                Button(strings["button.sign_in"], action: signIn)
                    .buttonStyle(.bordered)
            }
        }
        .banner()
    }

    private func rest(_ text: String, _ status: SyncStatus) -> some View {
        VStack(alignment: .leading, spacing: 4) {
            Text(text)
                .font(.subheadline)
            if let percent = status.firstSync?.percent {
                ProgressView(value: Double(percent), total: 100) {
                    Text(strings("history.first_sync.of", ["percent": strings.number(percent)]))
                        .font(.subheadline)
                }
            }
        }
        .banner()
    }
}
#endif
