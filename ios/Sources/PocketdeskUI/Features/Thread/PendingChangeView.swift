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
            Text(change.text(strings))
                .font(.subheadline)
            DeliveryView(
                delivery: change.delivery,
                keys: DeliveryView.Keys(
                    delivery: change.deliveryKey, reason: change.reasonKey, retry: change.retryKey,
                    discardQuestion: change.discardQuestionKey),
                strings: strings,
                actions: DeliveryView.Actions(
                    retry: change.canRetry ? { @MainActor in Task { await model.retry(change) } } : nil,
                    edit: nil,
                    discard: change.canDiscard ? { @MainActor in Task { await model.discard(change) } } : nil
                )
            )
        }
        .padding(.vertical, 4)
    }
}
#endif
