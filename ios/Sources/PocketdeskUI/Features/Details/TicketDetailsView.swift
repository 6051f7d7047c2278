#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The details of a ticket: what its status means, the sections that the product has for it, and the actions below them. The messages have a place
/// of their own, below the head.
struct TicketDetailsView: View {
    let model: ThreadModel
    let strings: Strings
    let openNewTicketForm: @MainActor () -> Void

    var body: some View {
        VStack(alignment: .leading, spacing: 12) {
            if let explanation = model.details.explanation {
                Text(verbatim: explanation)
                    .font(.subheadline)
                Divider()
            }
            ForEach(model.details.parts, id: \.key) { part($0) }
            ForEach(model.details.menu, id: \.id) { offer in
                ActionButton(offer: offer, model: model, openNewTicketForm: openNewTicketForm)
            }
        }
        .padding(.horizontal, 16)
        .padding(.vertical, 12)
        .frame(maxWidth: .infinity, alignment: .leading)
        .background(.card, in: RoundedRectangle(cornerRadius: 16))
    }

    @ViewBuilder
    private func part(_ part: DetailPart) -> some View {
        switch part {
        case .section(let section):
            DetailSectionView(section: section, model: model, strings: strings, openNewTicketForm: openNewTicketForm)
        case .note(let text):
            DetailNote(text: text)
        case .thread, .transcript:
            EmptyView()
        }
    }
}

/// A section of the details. One that can be folded is open at first.
private struct DetailSectionView: View {
    let section: DetailSection
    let model: ThreadModel
    let strings: Strings
    let openNewTicketForm: @MainActor () -> Void
    @State private var isOpen = true

    var body: some View {
        if section.collapsible, let title = section.title {
            DisclosureGroup(isExpanded: $isOpen) {
                content
                    .padding(.top, 8)
            } label: {
                heading(title)
            }
        } else {
            VStack(alignment: .leading, spacing: 8) {
                if let title = section.title { heading(title) }
                content
            }
        }
    }

    private func heading(_ title: String) -> some View {
        Text(verbatim: title)
            .font(.subheadline.weight(.semibold))
            .accessibilityAddTraits(.isHeader)
    }

    private var content: some View {
        VStack(alignment: .leading, spacing: 10) {
            if let hint = section.hint { DetailNote(text: hint) }
            ForEach(section.items, id: \.key) { item($0) }
            if let timeline = section.timeline {
                TimelineStepsView(timeline: timeline, model: model, strings: strings, openNewTicketForm: openNewTicketForm)
            }
        }
        .frame(maxWidth: .infinity, alignment: .leading)
    }

    @ViewBuilder
    private func item(_ item: DetailItem) -> some View {
        switch item {
        case .value(_, let label, let value, let secret, let copy):
            DetailValueView(label: label, value: value, isSecret: secret, canCopy: copy, strings: strings)
        case .action(let id):
            if let offer = model.details.offer(id), let toggle = offer.toggle {
                ToggleView(offer: offer, toggle: toggle, model: model)
            } else if let offer = model.details.offer(id) {
                ActionButton(offer: offer, model: model, openNewTicketForm: openNewTicketForm)
            }
        case .note(let text):
            DetailNote(text: text)
        }
    }
}

/// A text among the details.
private struct DetailNote: View {
    let text: String

    var body: some View {
        Text(verbatim: text)
            .font(.subheadline)
            .foregroundStyle(.quiet)
            .frame(maxWidth: .infinity, alignment: .leading)
    }
}
#endif
