#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The steps of something that goes on beside the ticket, and when its end is estimated. A screen reader hears where each step stands.
struct TimelineStepsView: View {
    let timeline: Timeline
    let model: ThreadModel
    let strings: Strings
    let openNewTicketForm: @MainActor () -> Void

    var body: some View {
        VStack(alignment: .leading, spacing: 12) {
            ForEach(timeline.steps, id: \.id) { step($0) }
            if let estimate = timeline.estimate { view(estimate) }
        }
    }

    private func step(_ step: TimelineStep) -> some View {
        HStack(alignment: .firstTextBaseline, spacing: 10) {
            Image(systemName: step.progress.symbol)
                .foregroundStyle(step.progress == .notReached ? AnyShapeStyle(.quiet) : AnyShapeStyle(.tint))
                .accessibilityHidden(true)
            VStack(alignment: .leading, spacing: 4) {
                texts(step)
                if let offer = step.action.flatMap(model.details.offer) {
                    ActionButton(offer: offer, model: model, openNewTicketForm: openNewTicketForm)
                }
            }
        }
    }

    private func texts(_ step: TimelineStep) -> some View {
        VStack(alignment: .leading, spacing: 2) {
            Text(verbatim: step.label)
                .font(.subheadline.weight(step.progress == .current ? .semibold : .regular))
                .foregroundStyle(step.progress == .notReached ? Color.quiet : Color.primary)
            if let reached = step.reached { quiet(strings.moment(reached)) }
            if let explanation = step.explanation { quiet(explanation) }
        }
        .accessibilityElement(children: .combine)
        .accessibilityValue(strings[step.progressKey])
    }

    private func view(_ estimate: Estimate) -> some View {
        VStack(alignment: .leading, spacing: 2) {
            Text(strings("step.estimate", ["date": estimate.at.text(strings)]))
                .font(.subheadline)
            if let note = estimate.note { quiet(note) }
        }
        .accessibilityElement(children: .combine)
    }

    private func quiet(_ text: String) -> some View {
        Text(verbatim: text)
            .font(.footnote)
            .foregroundStyle(.quiet)
    }
}

extension StepProgress {
    /// The symbol beside a step. The screen reader is told the same in words.
    fileprivate var symbol: String {
        switch self {
        case .done: "checkmark.circle.fill"
        case .current: "smallcircle.filled.circle"
        case .notReached: "circle"
        }
    }
}
#endif
