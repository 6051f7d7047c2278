#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// What stands between the user and the desk, above the history: no network, a problem, messages that wait; or how far the first sync is.
struct StatusBanner: View {
    let status: DeskStatus?
    let words: Words
    let signIn: (@MainActor () -> Void)?
    let acknowledge: @MainActor () -> Void

    var body: some View {
        if let status {
            if let recovered = status.recovered {
                notice(recovered)
            }
            if !status.online || status.problem != nil {
                trouble(status)
            } else if !status.firstSyncDone, status.knownTickets > 0 {
                firstSync(status)
            }
        }
    }

    /// The file was damaged and made anew; it stays until the user has seen it.
    private func notice(_ recovered: Recovered) -> some View {
        HStack(alignment: .firstTextBaseline) {
            Text(words[recovered.wordKey])
                .font(.subheadline.weight(.medium))
            Spacer()
            Button(words["action.ok"], action: acknowledge)
                .buttonStyle(.bordered)
        }
        .banner()
    }

    private func trouble(_ status: DeskStatus) -> some View {
        VStack(alignment: .leading, spacing: 2) {
            Text(words[status.problem.map(\.wordKey) ?? "offline.banner"])
                .font(.subheadline.weight(.medium))
            if status.waiting > 0 {
                Text(words("offline.waiting", ["count": status.waiting.formatted()]))
                    .font(.subheadline)
            }
            if status.problem == .signedOut, let signIn {
                Button(words["action.sign_in"], action: signIn)
                    .buttonStyle(.bordered)
            }
        }
        .banner()
    }

    private func firstSync(_ status: DeskStatus) -> some View {
        VStack(alignment: .leading, spacing: 4) {
            Text(words["history.first_sync"])
                .font(.subheadline.weight(.medium))
            if let percent = status.firstSyncPercent {
                ProgressView(value: Double(percent), total: 100) {
                    Text(words("history.first_sync.of", ["percent": percent.formatted()]))
                        .font(.subheadline)
                }
            }
        }
        .banner()
    }
}

extension View {
    /// A strip over a list, as wide as the screen.
    func banner() -> some View {
        frame(maxWidth: .infinity, alignment: .leading)
            .padding(.horizontal)
            .padding(.vertical, 8)
            .background(.thinMaterial)
    }
}
#endif
