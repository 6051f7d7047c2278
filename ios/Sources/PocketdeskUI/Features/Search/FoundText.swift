#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

extension AttributedString {
    /// A text with marks where something was found. VoiceOver reads the plain text.
    init(_ parts: [Segment]) {
        self = parts.reduce(into: AttributedString()) { text, part in
            var run = AttributedString(part.text)
            if part.hit { run.markAsFound() }
            text += run
        }
    }

    /// Marks the whole text as found: by a ground, and by its weight for those who do not tell the colours apart.
    mutating func markAsFound() {
        var looks = inlinePresentationIntent ?? []
        looks.insert(.stronglyEmphasized)
        inlinePresentationIntent = looks
        backgroundColor = .found
        foregroundColor = .primary
    }
}

/// Where in a ticket something was found, with the text around it.
struct ExcerptView: View {
    let hit: TicketHit
    let strings: Strings

    var body: some View {
        VStack(alignment: .leading, spacing: 2) {
            if let place = hit.place(strings) {
                Text(place)
                    .font(.footnote.weight(.medium))
                    .foregroundStyle(.quiet)
            }
            Text(AttributedString(hit.excerpt))
                .font(.subheadline)
                .foregroundStyle(hit.row.unread ? Color.primary : Color.quiet)
                .lineLimit(3)
                .frame(maxWidth: .infinity, alignment: .leading)
                .direction(of: hit.excerpt.plainText)
        }
    }
}

extension View {
    /// A search field in the bar, while there is something to search.
    @ViewBuilder
    func search(_ text: Binding<String>?, prompt: String) -> some View {
        if let text {
            searchable(text: text, prompt: prompt)
                .autocorrectionDisabled()
        } else {
            self
        }
    }
}
#endif
