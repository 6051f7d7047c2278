#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The field for a reply at the bottom of a thread, or the reason why the ticket takes no reply.
struct ReplyBar: View {
    @Bindable var model: ThreadModel
    let ticket: Ticket
    let strings: Strings
    let openNewTicketForm: @MainActor () -> Void

    var body: some View {
        VStack(alignment: .leading, spacing: 6) {
            if let key = model.failureKey {
                Text(strings[key])
                    .font(.subheadline)
                    .foregroundStyle(.problem)
            }
            if ticket.canReply {
                if ticket.reopens {
                    note("ticket.reopens")
                }
                if model.takesFiles {
                    DraftFileRows(files: model.files, strings: strings)
                }
                HStack(alignment: .bottom) {
                    if model.takesFiles {
                        AttachButton(files: model.files, strings: strings, attach: model.attach)
                            .labelStyle(.iconOnly)
                            .frame(minWidth: 44, minHeight: 44)
                    }
                    TextField(strings["reply.write"], text: $model.reply, axis: .vertical)
                        .lineLimit(1...6)
                        .textFieldStyle(.roundedBorder)
                        .disabled(model.isSending)
                    Button(strings["reply.send"]) { Task { await model.send() } }
                        .buttonStyle(.borderedProminent)
                        .keyboardShortcut(.return, modifiers: .command)
                        .disabled(!model.canSend)
                }
            } else {
                note(ticket.row.visible ? "ticket.closed" : "history.no_longer_visible")
                if model.hasKeptReply {
                    KeptReplyView(model: model, strings: strings, openNewTicketForm: openNewTicketForm)
                }
            }
        }
        .frame(maxWidth: .infinity, alignment: .leading)
        .padding()
        .background(.bar)
    }

    private func note(_ key: String) -> some View {
        Text(strings[key])
            .font(.subheadline)
            .foregroundStyle(.quiet)
    }
}
#endif
