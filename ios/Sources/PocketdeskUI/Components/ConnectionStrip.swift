#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// A slim strip on top of every screen: why nothing can be sent or received at the moment, and how much waits. Empty if nothing is in the way.
struct ConnectionStrip: View {
    let strings: Strings
    @Environment(StatusModel.self) private var model

    var body: some View {
        VStack(spacing: 0) {
            if let status = model.status, let obstacle = status.obstacle, let key = status.obstacleKey {
                HStack(alignment: .firstTextBaseline, spacing: 10) {
                    Label(strings[key], systemImage: obstacle == .noNetwork ? "wifi.slash" : "exclamationmark.icloud")
                    Spacer(minLength: 0)
                    if status.waiting > 0 { waiting(status.waiting) }
                }
                .font(.subheadline.weight(.medium))
                .accessibilityElement(children: .combine)
                .banner()
                // The strip stays slim: it is on every screen, and the content needs the space.
                .dynamicTypeSize(...DynamicTypeSize.xxxLarge)
            }
        }
    }

    /// A clock and a number, which VoiceOver reads as a sentence.
    private func waiting(_ count: UInt32) -> some View {
        Label(strings.number(count), systemImage: "clock")
            .accessibilityElement(children: .ignore)
            .accessibilityLabel(strings.counted("offline.unsent", count))
    }
}

extension View {
    /// Puts the connection strip on top of a screen.
    func connectionStrip(_ strings: Strings) -> some View {
        safeAreaInset(edge: .top, spacing: 0) { ConnectionStrip(strings: strings) }
    }
}
#endif
