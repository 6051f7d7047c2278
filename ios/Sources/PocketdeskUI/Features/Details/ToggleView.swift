#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// A value of the user's own that is on, off, or was never set. Both values can be chosen with one press, so nobody has to pass the one that is not
/// wanted. What is said beside it stands there all the time.
struct ToggleView: View {
    let offer: ActionOffer
    let toggle: ToggleOffer
    let model: ThreadModel

    var body: some View {
        VStack(alignment: .leading, spacing: 6) {
            Text(verbatim: offer.label)
                .font(.subheadline.weight(.semibold))
            ChoiceRow(label: toggle.onLabel, isChosen: toggle.on == true) { Task { await model.setToggle(offer, to: true) } }
            ChoiceRow(label: toggle.offLabel, isChosen: toggle.on == false) { Task { await model.setToggle(offer, to: false) } }
            ForEach([toggle.note, offer.warn].compactMap { $0 }, id: \.self) { text in
                Text(verbatim: text)
                    .font(.footnote)
                    .foregroundStyle(.quiet)
            }
        }
        .frame(maxWidth: .infinity, alignment: .leading)
    }
}

/// One of several values, of which one is chosen.
struct ChoiceRow: View {
    let label: String
    let isChosen: Bool
    let choose: @MainActor () -> Void

    var body: some View {
        Button {
            choose()
        } label: {
            HStack(spacing: 10) {
                Image(systemName: isChosen ? "checkmark.circle.fill" : "circle")
                    .accessibilityHidden(true)
                Text(verbatim: label)
                    .frame(maxWidth: .infinity, alignment: .leading)
            }
            .contentShape(Rectangle())
        }
        .buttonStyle(.plain)
        .frame(minHeight: 44)
        .accessibilityAddTraits(isChosen ? .isSelected : [])
    }
}
#endif
