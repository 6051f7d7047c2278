#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// One message: its author, time, text and files, and its delivery state. The user's own messages stand at the trailing edge, and the name of an
/// agent has "Support" beside it.
struct MessageView: View {
    let message: Message
    let ticket: Ticket
    let model: ThreadModel
    let strings: Strings
    let editTicket: @MainActor () -> Void

    var body: some View {
        VStack(alignment: .leading, spacing: 6) {
            byline
            // Above the text, whose end is far away.
            if message.shortened {
                Label(strings["message.shortened"], systemImage: "info.circle")
                    .font(.subheadline)
                    .foregroundStyle(.quiet)
            }
            MessageTextView(message: message, model: model, strings: strings)
            ForEach(message.filesBelow, id: \.self) { index in
                AttachmentView(file: message.attachments[index], index: index, message: message, model: model, strings: strings)
            }
            DeliveryView(delivery: message.delivery, keys: keys, strings: strings, actions: actions)
        }
        .padding(.horizontal, 14)
        .padding(.vertical, 12)
        .background(
            message.mine ? AnyShapeStyle(.tint.opacity(0.15)) : AnyShapeStyle(.card), in: RoundedRectangle(cornerRadius: 16)
        )
        .overlay {
            // Of the messages that have what is looked for, the reader is at this one.
            if model.find.isCurrent(message.id) {
                RoundedRectangle(cornerRadius: 16)
                    .strokeBorder(.primary, lineWidth: 2)
                    .allowsHitTesting(false)
            }
        }
        .frame(maxWidth: .infinity, alignment: message.mine ? .trailing : .leading)
        .padding(message.mine ? .leading : .trailing, 28)
    }

    private var byline: some View {
        VStack(alignment: .leading, spacing: 2) {
            if let author = message.authorName(in: ticket, strings) {
                HStack(alignment: .center, spacing: 8) {
                    if message.authorPhoto != nil { photo(of: author) }
                    Text(verbatim: author)
                        .font(.subheadline.weight(.semibold))
                    if message.isNamedAgent {
                        Text(strings["ticket.desk"])
                            .font(.caption.weight(.medium))
                            .foregroundStyle(.quiet)
                    }
                }
            }
            Text(strings.moment(message.created))
                .font(.caption)
                .foregroundStyle(.quiet)
        }
        .accessibilityElement(children: .combine)
    }

    /// The photo of an agent, and the initials until it is here.
    private func photo(of author: String) -> some View {
        SmallPictureView(picture: message.authorPhoto, edge: 24, file: { await model.authorPhoto(of: message) }) {
            Circle()
                .fill(.tint.opacity(0.15))
                .overlay {
                    // The circle does not grow with the user's text size, so these letters do not either.
                    Text(verbatim: Person(name: author).initials)
                        .font(.system(size: 10, weight: .medium))
                }
        }
        .clipShape(Circle())
    }

    private var keys: DeliveryView.Keys {
        DeliveryView.Keys(
            delivery: message.deliveryKey, reason: message.reasonKey, retry: message.retryKey,
            discardQuestion: message.discardQuestionKey)
    }

    private var actions: DeliveryView.Actions {
        DeliveryView.Actions(
            retry: message.canRetry ? { @MainActor in Task { await model.retry(message) } } : nil,
            edit: message.canEdit ? edit : nil,
            discard: message.canDiscard ? { @MainActor in Task { await model.discard(message) } } : nil,
            remove: message.delivery == .notShown ? { @MainActor in Task { await model.remove(message) } } : nil
        )
    }

    private func edit() {
        if message.description {
            editTicket()
        } else {
            model.edit(message)
        }
    }
}
#endif
