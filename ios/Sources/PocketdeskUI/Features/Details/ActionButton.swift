#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The button of an action that the product offers on a ticket. What has to be asked first, `actionQuestions` asks.
struct ActionButton: View {
    let offer: ActionOffer
    let model: ThreadModel
    let openNewTicketForm: @MainActor () -> Void

    var body: some View {
        Button(offer.label) {
            Task { if case .newTicket = await model.act(offer) { openNewTicketForm() } }
        }
        .buttonStyle(.bordered)
        .frame(minHeight: 44)
        .disabled(model.isActing)
    }
}

extension View {
    /// Asks what actions have to know first: a question with its explanation, addresses, or feedback.
    func actionQuestions(
        _ model: ThreadModel, _ strings: Strings, openNewTicketForm: @escaping @MainActor () -> Void
    ) -> some View {
        let isAsking = Binding(get: { model.question != nil }, set: { isShown in if !isShown { model.question = nil } })
        let isAddingCc = Binding(get: { model.addingCc != nil }, set: { isShown in if !isShown { model.addingCc = nil } })
        let isGivingFeedback = Binding(
            get: { model.givingFeedback != nil }, set: { isShown in if !isShown { model.givingFeedback = nil } })
        return confirmationDialog(
            model.question?.question ?? "", isPresented: isAsking, titleVisibility: .visible, presenting: model.question
        ) { offer in
            Button(offer.label) {
                Task { if case .newTicket = await model.confirm(offer) { openNewTicketForm() } }
            }
            Button(strings["button.cancel"], role: .cancel) {}
        } message: { offer in
            if let explanation = offer.explanation { Text(verbatim: explanation) }
        }
        .sheet(isPresented: isGivingFeedback) {
            if let form = model.givingFeedback {
                FeedbackView(model: form, strings: strings) { model.givingFeedback = nil }
            }
        }
        .sheet(isPresented: isAddingCc) {
            if let form = model.addingCc { AddCcView(model: form, strings: strings) { model.addingCc = nil } }
        }
    }
}
#endif
