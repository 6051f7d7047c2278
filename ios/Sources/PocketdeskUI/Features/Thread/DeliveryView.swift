#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// How far something of the user's got, and what can be done about it (O4): quietly while it merely waits, with buttons once it is stuck.
struct DeliveryView: View {
    let delivery: Delivery
    let strings: Strings
    let actions: Actions
    @State private var isDiscarding = false

    /// What can be done about something that was not sent; `nil` where it cannot.
    struct Actions {
        var retry: (@MainActor () -> Void)?
        var edit: (@MainActor () -> Void)?
        var discard: (@MainActor () -> Void)?
        /// What is asked before something is discarded.
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
                if let key = delivery.stringKey { line(strings[key], symbol) }
                edit
                discard
            }
            .buttonStyle(.borderless)
        case .needsYou(let reason):
            Text(strings["delivery.needs_you"])
                .font(.subheadline.weight(.semibold))
                .foregroundStyle(.red)
            stuck(strings[reason.kind.stringKey], reason)
        case .mayHaveBeenSent:
            stuck(strings["delivery.may_have_been_sent"], nil)
        }
    }

    /// It will be sent in a moment; until then it is undone without a question.
    private var held: some View {
        HStack {
            // Counted for the eye only: read out each second, it would talk over everything else.
            TimelineView(.periodic(from: .now, by: 1)) { now in
                let seconds = delivery.secondsHeld(at: now.date) ?? 0
                line(
                    seconds > 0 ? strings("delivery.held.seconds", ["seconds": seconds.formatted()]) : strings["delivery.held"],
                    "clock"
                )
            }
            .accessibilityElement(children: .ignore)
            .accessibilityLabel(strings["delivery.held"])
            if let undo = actions.discard {
                Button(strings["action.undo"], action: undo)
                    .frame(minHeight: 44)
            }
        }
        .buttonStyle(.borderless)
    }

    /// It stays until the user decides: why, in the desk's own words where it gave any, and every way on.
    private func stuck(_ text: String, _ reason: Reason?) -> some View {
        VStack(alignment: .leading, spacing: 6) {
            Label(text, systemImage: "exclamationmark.circle")
                .font(.subheadline)
                .foregroundStyle(.red)
            if let said = reason?.words, !said.isEmpty {
                Text("“\(said)”")
                    .font(.subheadline)
                    .foregroundStyle(.secondary)
            }
            HStack {
                if let retry = actions.retry {
                    // What another device may have sent was not tried here yet.
                    Button(reason?.kind == .restored ? strings["reply.send"] : strings["action.retry"], action: retry)
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
            Button(strings["action.edit"], action: edit)
                .frame(minHeight: 44)
        }
    }

    @ViewBuilder
    private var discard: some View {
        if let discard = actions.discard {
            Button(strings["action.discard"], role: .destructive) { isDiscarding = true }
                .frame(minHeight: 44)
                .confirmationDialog(strings[actions.question], isPresented: $isDiscarding, titleVisibility: .visible) {
                    Button(strings["action.discard"], role: .destructive, action: discard)
                    Button(strings["action.cancel"], role: .cancel) {}
                }
        }
    }

    private func line(_ text: String, _ symbol: String) -> some View {
        Label(text, systemImage: symbol)
            .font(.subheadline)
            .foregroundStyle(.secondary)
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
