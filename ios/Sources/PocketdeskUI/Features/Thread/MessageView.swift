#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// One message: its author, time, text and files, and its delivery state.
struct MessageView: View {
    let message: Message
    let model: ThreadModel
    let strings: Strings
    let editTicket: @MainActor () -> Void

    var body: some View {
        VStack(alignment: .leading, spacing: 6) {
            HStack(alignment: .firstTextBaseline) {
                Text(author)
                    .font(.subheadline.weight(.semibold))
                Spacer()
                Text(message.created, format: .dateTime.day().month().hour().minute())
                    .font(.caption)
                    .foregroundStyle(.secondary)
            }
            Text(message.body)
                .textSelection(.enabled)
            if message.shortened {
                Text(strings["message.shortened"])
                    .font(.subheadline)
                    .foregroundStyle(.secondary)
            }
            ForEach(Array(message.attachments.enumerated()), id: \.offset) { index, file in
                AttachmentView(file: file, index: index, message: message, model: model, strings: strings)
            }
            DeliveryView(delivery: message.delivery, reasonKey: message.reasonKey, strings: strings, actions: actions)
        }
        .padding(.vertical, 4)
    }

    private var actions: DeliveryView.Actions {
        let isSure = message.delivery != .mayHaveBeenSent
        return DeliveryView.Actions(
            retry: message.canRetry ? { @MainActor in Task { await model.retry(message) } } : nil,
            edit: message.canEdit ? edit : nil,
            discard: message.canDiscard ? { @MainActor in Task { await model.discard(message) } } : nil,
            remove: message.delivery == .notShown ? { @MainActor in Task { await model.remove(message) } } : nil,
            question: isSure ? "action.discard.question" : "action.discard.maybe.question"
        )
    }

    private func edit() {
        if message.description {
            editTicket()
        } else {
            model.edit(message)
        }
    }

    private var author: String {
        message.mine ? strings["ticket.you"] : message.author ?? strings["ticket.desk"]
    }
}
#endif
