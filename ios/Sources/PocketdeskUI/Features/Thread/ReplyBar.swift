#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The field for a reply at the bottom of a thread, or the reason why the ticket takes no reply, with the way to a new one.
struct ReplyBar: View {
    @Bindable var model: ThreadModel
    let strings: Strings
    let openNewTicketForm: @MainActor () -> Void

    var body: some View {
        let place = model.details.replyPlace
        if model.failureKey != nil || place != .none {
            VStack(alignment: .leading, spacing: 6) {
                if let key = model.failureKey {
                    Text(strings[key])
                        .font(.subheadline)
                        .foregroundStyle(.problem)
                }
                if place != .none, let note = model.details.replyNote {
                    Text(verbatim: note)
                        .font(.subheadline)
                        .foregroundStyle(.quiet)
                }
                switch place {
                case .none: EmptyView()
                case .field: writing
                case .notice: wayOn
                }
            }
            .frame(maxWidth: .infinity, alignment: .leading)
            .padding()
            .background(.bar)
        }
    }

    @ViewBuilder
    private var writing: some View {
        if model.takesFiles {
            DraftFileRows(files: model.files, strings: strings, attachSmaller: model.attachSmaller)
        }
        #if os(iOS)
        FormatBar(model: model, strings: strings)
        #endif
        HStack(alignment: .bottom) {
            if model.takesFiles {
                Group {
                    AttachButton(files: model.files, strings: strings, attach: model.attach)
                    PhotoButton(files: model.files, strings: strings, attach: model.attach)
                }
                .labelStyle(.iconOnly)
                .frame(minWidth: 44, minHeight: 44)
            }
            field
            Button(strings["reply.send"]) { Task { await model.send() } }
                .buttonStyle(.borderedProminent)
                .keyboardShortcut(.return, modifiers: .command)
                .disabled(!model.canSend)
        }
    }

    @ViewBuilder
    private var field: some View {
        let isEnabled = !model.isSending && !model.isActing
        #if os(iOS)
        ReplyTextView(editor: $model.editor, isEnabled: isEnabled, label: strings["reply.write"])
            .padding(.horizontal, 4)
            .overlay(alignment: .leading) {
                if model.reply.isEmpty {
                    Text(strings["reply.write"])
                        .foregroundStyle(.quiet)
                        .padding(.horizontal, 10)
                        .allowsHitTesting(false)
                        .accessibilityHidden(true)
                }
            }
            .background(Color.secondary.opacity(0.12), in: RoundedRectangle(cornerRadius: 8))
        #else
        TextField(strings["reply.write"], text: $model.reply, axis: .vertical)
            .lineLimit(1...6)
            .textFieldStyle(.roundedBorder)
            .disabled(!isEnabled)
        #endif
    }

    @ViewBuilder
    private var wayOn: some View {
        ReplyAlternativesView(alternatives: model.details.replyAlternatives, strings: strings) {
            Task { if await model.followUp() { openNewTicketForm() } }
        }
        ForEach(model.details.notice, id: \.id) { offer in
            ActionButton(offer: offer, model: model, openNewTicketForm: openNewTicketForm)
        }
        if model.canRemoveTicket {
            RemoveTicketView(model: model, strings: strings)
        }
        if model.hasKeptReply {
            KeptReplyView(model: model, strings: strings, openNewTicketForm: openNewTicketForm)
        }
    }
}
#endif
