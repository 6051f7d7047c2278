#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// A strip above the history: no network, a problem of the account, or the progress of the first sync. Empty if there is nothing to say.
struct SyncStatusBanner: View {
    let status: SyncStatus?
    let strings: Strings
    let signIn: (@MainActor () -> Void)?
    let acknowledge: @MainActor () -> Void

    var body: some View {
        if let status {
            if let recovered = status.recovered {
                recoveryNotice(recovered)
            }
            if !status.online || status.problem != nil {
                problem(status)
            } else if !status.firstSyncDone, status.knownTickets > 0 {
                firstSync(status)
            }
        }
    }

    /// Says that the file was damaged and has been replaced. It stays until the user confirms it.
    private func recoveryNotice(_ recovered: Recovered) -> some View {
        HStack(alignment: .firstTextBaseline) {
            Text(strings[recovered.stringKey])
                .font(.subheadline.weight(.medium))
            Spacer()
            Button(strings["action.ok"], action: acknowledge)
                .buttonStyle(.bordered)
        }
        .banner()
    }

    private func problem(_ status: SyncStatus) -> some View {
        VStack(alignment: .leading, spacing: 2) {
            Text(strings[status.problem.map(\.stringKey) ?? "offline.banner"])
                .font(.subheadline.weight(.medium))
            if status.waiting > 0 {
                Text(strings("offline.waiting", ["count": status.waiting.formatted()]))
                    .font(.subheadline)
            }
            if status.problem == .signedOut, let signIn {
                Button(strings["action.sign_in"], action: signIn)
                    .buttonStyle(.bordered)
            }
        }
        .banner()
    }

    private func firstSync(_ status: SyncStatus) -> some View {
        VStack(alignment: .leading, spacing: 4) {
            Text(strings["history.first_sync"])
                .font(.subheadline.weight(.medium))
            if let percent = status.firstSyncPercent {
                ProgressView(value: Double(percent), total: 100) {
                    Text(strings("history.first_sync.of", ["percent": percent.formatted()]))
                        .font(.subheadline)
                }
            }
        }
        .banner()
    }
}

extension View {
    /// The style of a strip above a list, as wide as the screen.
    func banner() -> some View {
        frame(maxWidth: .infinity, alignment: .leading)
            .padding(.horizontal)
            .padding(.vertical, 8)
            .background(.thinMaterial)
    }
}
#endif
