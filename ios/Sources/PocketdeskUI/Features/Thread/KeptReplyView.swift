#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The draft of a reply to a ticket that takes no reply any more. The user can copy it, continue it in a new ticket, or discard it.
struct KeptReplyView: View {
    let model: ThreadModel
    let strings: Strings
    let openNewTicketForm: @MainActor () -> Void
    @State private var isCopied = false
    @State private var isDiscarding = false

    var body: some View {
        VStack(alignment: .leading, spacing: 6) {
            Text(strings["reply.kept"])
                .font(.subheadline.weight(.semibold))
            // A longer text scrolls, so that the thread above keeps some space.
            ScrollView {
                Text(verbatim: model.reply)
                    .textSelection(.enabled)
                    .frame(maxWidth: .infinity, alignment: .leading)
            }
            .frame(maxHeight: 120)
            DraftFileRows(files: model.files, strings: strings, attachSmaller: model.attachSmaller)
            HStack {
                if !model.reply.isEmpty {
                    Button(strings[isCopied ? "button.copied" : "button.copy"]) { copy() }
                    // Where the product has an action for it, the notice above offers that.
                    if model.details.notice.isEmpty, !model.details.offersNewRequest {
                        Button(strings["history.create"]) { Task { if await model.followUp() { openNewTicketForm() } } }
                    }
                }
                Button(strings["button.discard"], role: .destructive) { isDiscarding = true }
                    .confirmationDialog(strings["reply.kept.question"], isPresented: $isDiscarding, titleVisibility: .visible) {
                        Button(strings["button.discard"], role: .destructive) { Task { await model.discardReply() } }
                        Button(strings["button.cancel"], role: .cancel) {}
                    }
            }
            .buttonStyle(.bordered)
        }
        .onChange(of: model.reply) { isCopied = false }
    }

    private func copy() {
        Clipboard.copy(model.reply)
        isCopied = true
    }
}
#endif
