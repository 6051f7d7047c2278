#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// A change of the ticket that the server does not have yet, for example added CC addresses.
struct PendingChangeView: View {
    let change: PendingChange
    let model: ThreadModel
    let strings: Strings

    var body: some View {
        VStack(alignment: .leading, spacing: 6) {
            Text(strings(change.kind.stringKey, change.values))
                .font(.subheadline)
            DeliveryView(
                delivery: change.delivery,
                reasonKey: change.reasonKey,
                strings: strings,
                actions: DeliveryView.Actions(
                    retry: change.canRetry ? { @MainActor in Task { await model.retry(change) } } : nil,
                    edit: nil,
                    discard: change.canDiscard ? { @MainActor in Task { await model.discard(change) } } : nil,
                    question: "change.discard.question"
                )
            )
        }
        .padding(.vertical, 4)
    }
}
#endif
