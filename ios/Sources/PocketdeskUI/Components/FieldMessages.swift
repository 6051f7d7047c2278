#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The texts below a field: what is wrong with it, and what will not be sent. Empty if there is nothing to say.
struct FieldMessages: View {
    let messages: [FieldMessage]
    let strings: Strings

    var body: some View {
        ForEach(Array(messages.enumerated()), id: \.offset) { _, message in
            Label(message.text(strings), systemImage: message.problem ? "exclamationmark.circle" : "info.circle")
                .font(.subheadline)
                .foregroundStyle(message.problem ? AnyShapeStyle(.problem) : AnyShapeStyle(.quiet))
        }
    }
}
#endif
