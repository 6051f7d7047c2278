#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The delivery state of a message or a change, and what the user can do about it: one line while it is waiting, and more when it needs
/// the user.
struct DeliveryView: View {
    let delivery: Delivery
    let keys: Keys
    let strings: Strings
    let actions: Actions
    @State private var isDiscarding = false
    @State private var isRemoving = false

    /// The keys of what is said. Each is `nil` where there is nothing to say.
    struct Keys {
        let delivery: String?
        /// Why this needs the user, unless that is said elsewhere.
        let reason: String?
        /// The name of the button that sends it again.
        let retry: String?
        /// The question before discarding.
        let discardQuestion: String?
    }

    /// What the user can do about a message or a change that was not sent. An action that is not possible is `nil`.
    struct Actions {
        var retry: (@MainActor () -> Void)?
        var edit: (@MainActor () -> Void)?
        var discard: (@MainActor () -> Void)?
        /// Removes a message that the server has and does not show.
        var remove: (@MainActor () -> Void)?
    }

    var body: some View {
        switch delivery {
        case .sent:
            EmptyView()
        case .held:
            held
        case .queued, .sending, .waiting, .checking:
            HStack {
                statusLine(said, symbol)
                edit
                discard
            }
            .buttonStyle(.borderless)
        case .needsUser(let reason):
            Text(said)
                .font(.subheadline.weight(.semibold))
                .foregroundStyle(.problem)
            needsDecision(keys.reason.map { strings[$0] }, reason.serverMessage)
        case .mayHaveBeenSent:
            needsDecision(said, nil)
        case .notShown:
            notShown
        }
    }

    /// The server has it, so this is no error. The text can be used in a new reply, or removed.
    private var notShown: some View {
        VStack(alignment: .leading, spacing: 6) {
            statusLine(said, "eye.slash")
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
                let seconds = delivery.countdown(at: now.date)?.seconds ?? 0
                statusLine(seconds > 0 ? strings("delivery.held.seconds", ["seconds": strings.number(seconds)]) : said, "clock")
            }
            .accessibilityElement(children: .ignore)
            .accessibilityLabel(said)
            if let undo = actions.discard {
                Button(strings["button.undo"], action: undo)
                    .frame(minHeight: 44)
            }
        }
        .buttonStyle(.borderless)
    }

    /// Not sent until the user decides. Shows why, with the text of the server if there is one, and all possible actions.
    private func needsDecision(_ text: String?, _ serverMessage: String?) -> some View {
        VStack(alignment: .leading, spacing: 6) {
            if let text {
                Label(text, systemImage: "exclamationmark.circle")
                    .font(.subheadline)
                    .foregroundStyle(.problem)
            }
            if let serverMessage, !serverMessage.isEmpty {
                Text(verbatim: "“\(serverMessage)”")
                    .font(.subheadline)
                    .foregroundStyle(.quiet)
            }
            HStack {
                if let retry = actions.retry, let key = keys.retry {
                    Button(strings[key], action: retry)
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
        if let discard = actions.discard, let question = keys.discardQuestion {
            Button(strings["button.discard"], role: .destructive) { isDiscarding = true }
                .frame(minHeight: 44)
                .confirmationDialog(strings[question], isPresented: $isDiscarding, titleVisibility: .visible) {
                    Button(strings["button.discard"], role: .destructive, action: discard)
                    Button(strings["button.cancel"], role: .cancel) {}
                }
        }
    }

    private var said: String { keys.delivery.map { strings[$0] } ?? "" }

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
