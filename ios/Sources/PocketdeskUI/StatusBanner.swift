#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// What stands between the user and the desk, above the history: no network, a problem, messages that wait.
struct StatusBanner: View {
    let status: DeskStatus?
    let words: Words
    let signIn: (@MainActor () -> Void)?

    var body: some View {
        if let status, !status.online || status.problem != nil {
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
            .frame(maxWidth: .infinity, alignment: .leading)
            .padding(.horizontal)
            .padding(.vertical, 8)
            .background(.thinMaterial)
        }
    }
}
#endif
