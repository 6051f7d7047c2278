#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// One message: who, when, what, and where its way to the desk stands (O4).
struct MessageView: View {
    let message: Message
    let model: ThreadModel
    let words: Words
    @State private var isDiscarding = false

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
            ForEach(Array(message.attachments.enumerated()), id: \.offset) { _, file in
                Label("\(file.name) · \(Int64(clamping: file.size).formatted(.byteCount(style: .file)))", systemImage: "paperclip")
                    .font(.subheadline)
            }
            delivery
        }
        .padding(.vertical, 4)
    }

    @ViewBuilder
    private var delivery: some View {
        if let key = message.delivery.wordKey {
            Label(words[key], systemImage: "clock")
                .font(.subheadline)
                .foregroundStyle(.secondary)
        }
        if case .needsYou(let reason) = message.delivery {
            Text(words[reason.kind.wordKey])
                .font(.subheadline)
                .foregroundStyle(.red)
            if let said = reason.words {
                Text(said)
                    .font(.subheadline)
                    .foregroundStyle(.secondary)
            }
        }
        if message.canRetry || message.canDiscard {
            HStack {
                if message.canRetry {
                    Button(words["action.retry"]) { Task { await model.retry(message) } }
                }
                if message.canDiscard {
                    Button(words["action.discard"], role: .destructive) { isDiscarding = true }
                        .confirmationDialog(words["action.discard.question"], isPresented: $isDiscarding, titleVisibility: .visible) {
                            Button(words["action.discard"], role: .destructive) { Task { await model.discard(message) } }
                            Button(words["action.cancel"], role: .cancel) {}
                        }
                }
            }
            .buttonStyle(.bordered)
        }
    }

    private var author: String {
        message.mine ? words["ticket.you"] : message.author ?? words["ticket.desk"]
    }
}
#endif
