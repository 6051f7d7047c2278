#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The delivery state of a message or a change, and what the user can do about it: one line while it is waiting, and more when it needs
/// the user.
struct DeliveryView: View {
    let delivery: Delivery
    /// The key of the text that says why this needs the user; `nil` if it does not, or if that is said elsewhere.
    let reasonKey: String?
    let strings: Strings
    let actions: Actions
    @State private var isDiscarding = false
    @State private var isRemoving = false

    /// What the user can do about a message or a change that was not sent. An action that is not possible is `nil`.
    struct Actions {
        var retry: (@MainActor () -> Void)?
        var edit: (@MainActor () -> Void)?
        var discard: (@MainActor () -> Void)?
        /// Removes a message that the server has and does not show.
        var remove: (@MainActor () -> Void)?
        /// The key of the question before discarding.
        var question: String
    }

    var body: some View {
        switch delivery {
        case .sent:
            EmptyView()
        case .held:
            held
        case .queued, .sending, .waiting, .checking:
            HStack {
                if let key = delivery.stringKey { statusLine(strings[key], symbol) }
                edit
                discard
            }
            .buttonStyle(.borderless)
        case .needsUser(let reason):
            Text(strings["delivery.needs_you"])
                .font(.subheadline.weight(.semibold))
                .foregroundStyle(.problem)
            needsDecision(reasonKey.map { strings[$0] }, reason)
        case .mayHaveBeenSent:
            needsDecision(strings["delivery.may_have_been_sent"], nil)
        case .notShown:
            notShown
        }
    }

    /// The server has it, so this is no error. The text can be used in a new reply, or removed.
    private var notShown: some View {
        VStack(alignment: .leading, spacing: 6) {
            statusLine(strings["delivery.not_shown"], "eye.slash")
            HStack {
                if let use = actions.discard {
                    Button(strings["button.use_text"], action: use)
                        .frame(minHeight: 44)
                }
                if let remove = actions.remove {
                    Button(strings["button.remove"], role: .destructive) { isRemoving = true }
                        .frame(minHeight: 44)
                        .confirmationDialog(strings["button.remove.question"], isPresented: $isRemoving, titleVisibility: .visible) {
                            Button(strings["button.remove"], role: .destructive, action: remove)
                            Button(strings["button.cancel"], role: .cancel) {}
                        }
                }
            }
            .buttonStyle(.bordered)
        }
    }

    /// Held back for some seconds. Undoing does not ask.
    private var held: some View {
        HStack {
            // VoiceOver does not read the countdown, because it would do so every second.
            TimelineView(.periodic(from: .now, by: 1)) { now in
                let seconds = delivery.secondsHeld(at: now.date) ?? 0
                statusLine(
                    seconds > 0 ? strings("delivery.held.seconds", ["seconds": strings.number(seconds)]) : strings["delivery.held"],
                    "clock"
                )
            }
            .accessibilityElement(children: .ignore)
            .accessibilityLabel(strings["delivery.held"])
            if let undo = actions.discard {
                Button(strings["button.undo"], action: undo)
                    .frame(minHeight: 44)
            }
        }
        .buttonStyle(.borderless)
    }

    /// Not sent until the user decides. Shows why, with the text of the server if there is one, and all possible actions.
    private func needsDecision(_ text: String?, _ reason: Reason?) -> some View {
        VStack(alignment: .leading, spacing: 6) {
            if let text {
                Label(text, systemImage: "exclamationmark.circle")
                    .font(.subheadline)
                    .foregroundStyle(.problem)
            }
            if let explanation = reason?.serverMessage, !explanation.isEmpty {
                Text(verbatim: "“\(explanation)”")
                    .font(.subheadline)
                    .foregroundStyle(.quiet)
            }
            HStack {
                if let retry = actions.retry {
                    // A message from a copied file was never tried on this device, so "Send" is right and "Try again" is not.
                    Button(reason?.kind == .restored ? strings["reply.send"] : strings["button.retry"], action: retry)
                }
                edit
                discard
            }
            .buttonStyle(.bordered)
        }
    }

    @ViewBuilder
    private var edit: some View {
        if let edit = actions.edit {
            Button(strings["button.edit"], action: edit)
                .frame(minHeight: 44)
        }
    }

    @ViewBuilder
    private var discard: some View {
        if let discard = actions.discard {
            Button(strings["button.discard"], role: .destructive) { isDiscarding = true }
                .frame(minHeight: 44)
                .confirmationDialog(strings[actions.question], isPresented: $isDiscarding, titleVisibility: .visible) {
                    Button(strings["button.discard"], role: .destructive, action: discard)
                    Button(strings["button.cancel"], role: .cancel) {}
                }
        }
    }

    private func statusLine(_ text: String, _ symbol: String) -> some View {
        Label(text, systemImage: symbol)
            .font(.subheadline)
            .foregroundStyle(.quiet)
    }

    private var symbol: String {
        switch delivery {
        case .sending: "paperplane"
        case .checking: "arrow.clockwise"
        default: "clock"
        }
    }
}
#endif
