#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The label of an entry, with a note and with how much is waiting to be sent behind it.
struct EntryLabel: View {
    let text: String
    var note: String?
    let symbol: String
    let waiting: UInt32?
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
    }
}
#endif
