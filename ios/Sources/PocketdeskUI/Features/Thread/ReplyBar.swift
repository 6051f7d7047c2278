#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The field for a reply at the bottom of a thread, or the reason why the ticket takes no reply, with the way to a new one.
struct ReplyBar: View {
    @Bindable var model: ThreadModel
    let ticket: Ticket
    let strings: Strings
    let openNewTicketForm: @MainActor () -> Void

    var body: some View {
        // The transcript of a chat takes no replies, and there is nothing to say about it.
        if model.failureKey != nil || !ticket.canReply || model.details.takesReplies {
            VStack(alignment: .leading, spacing: 6) {
                if let key = model.failureKey {
                    Text(strings[key])
                        .font(.subheadline)
                        .foregroundStyle(.problem)
                }
                if !ticket.canReply { notice } else if model.details.takesReplies { writing }
            }
            .frame(maxWidth: .infinity, alignment: .leading)
            .padding()
            .background(.bar)
        }
    }

    @ViewBuilder
    private var writing: some View {
        if ticket.reopens {
            note("ticket.reopens")
        }
        if model.takesFiles {
            DraftFileRows(files: model.files, strings: strings)
        }
        HStack(alignment: .bottom) {
            if model.takesFiles {
                Group {
                    AttachButton(files: model.files, strings: strings, attach: model.attach)
                    PhotoButton(files: model.files, strings: strings, attach: model.attach)
                }
                .labelStyle(.iconOnly)
                .frame(minWidth: 44, minHeight: 44)
            }
            TextField(strings["reply.write"], text: $model.reply, axis: .vertical)
                .lineLimit(1...6)
                .textFieldStyle(.roundedBorder)
                .disabled(model.isSending || model.isActing)
            Button(strings["reply.send"]) { Task { await model.send() } }
                .buttonStyle(.borderedProminent)
                .keyboardShortcut(.return, modifiers: .command)
                .disabled(!model.canSend)
        }
    }

    @ViewBuilder
    private var notice: some View {
        note(ticket.row.visible ? "ticket.closed" : "history.no_longer_visible")
        ForEach(model.noticeOffers, id: \.id) { offer in
            ActionButton(offer: offer, model: model, openNewTicketForm: openNewTicketForm)
        }
        if model.hasKeptReply {
            KeptReplyView(model: model, strings: strings, openNewTicketForm: openNewTicketForm)
        }
    }

    private func note(_ key: String) -> some View {
        Text(strings[key])
            .font(.subheadline)
            .foregroundStyle(.quiet)
    }
}
#endif
