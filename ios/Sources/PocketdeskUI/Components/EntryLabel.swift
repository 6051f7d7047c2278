#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The label of an entry, with a note, and with how much is waiting to be sent and how many tickets are unread behind it.
struct EntryLabel: View {
    let text: String
    var note: String?
    let symbol: String
    let waiting: UInt32?
    /// How many tickets are unread behind it.
    var unread: UInt32 = 0
    let strings: Strings

    var body: some View {
        Label {
            VStack(alignment: .leading, spacing: 2) {
                Text(text)
                if let note {
                    Text(note)
                        .font(.subheadline)
                        .foregroundStyle(.quiet)
                }
                if let waiting, waiting > 0 {
                    Text(strings.counted("offline.unsent", waiting))
                        .font(.subheadline)
                        .foregroundStyle(.quiet)
                }
            }
        } icon: {
            Image(systemName: symbol)
        }
        .badge(unreadBadge)
    }

    /// The number, which VoiceOver reads with what it counts.
    private var unreadBadge: Text? {
        guard unread > 0 else { return nil }
        return Text(verbatim: unread.formatted())
            .accessibilityLabel(strings.counted("history.unread_tickets", unread))
    }
}
#endif
