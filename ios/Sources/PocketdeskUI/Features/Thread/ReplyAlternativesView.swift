#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// What the product offers where a ticket takes no reply: ids to copy, the mail, and a new ticket that names this one.
struct ReplyAlternativesView: View {
    let alternatives: [ReplyAlternative]
    let strings: Strings
    let begin: @MainActor () -> Void
    @State private var copied: String?

    var body: some View {
        ForEach(Array(alternatives.enumerated()), id: \.offset) { _, alternative in
            switch alternative {
            case .copy(let label, let value):
                Button {
                    Clipboard.copy(value)
                    copied = value
                } label: {
                    Label("\(label) \(value)" as String, systemImage: copied == value ? "checkmark" : "doc.on.doc")
                }
                .frame(minHeight: 44)
                .accessibilityLabel("\(strings[copied == value ? "button.copied" : "button.copy"]): \(label) \(value)" as String)
            case .answerMail(let text):
                Label(text, systemImage: "envelope")
                    .font(.subheadline)
                    .foregroundStyle(.quiet)
            case .newRequest(let label):
                Button(label, action: begin)
                    .buttonStyle(.bordered)
                    .frame(minHeight: 44)
            }
        }
    }
}
#endif
