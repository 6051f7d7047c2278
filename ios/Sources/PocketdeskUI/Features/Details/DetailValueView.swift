#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// A label and its value. A secret is hidden until the user asks for it.
struct DetailValueView: View {
    let label: String
    /// `nil` if the ticket has none.
    let value: ShownValue?
    let isSecret: Bool
    let canCopy: Bool
    let strings: Strings
    @State private var isShown = false
    @State private var isCopied = false

    var body: some View {
        LabeledContent(label) {
            VStack(alignment: .trailing, spacing: 4) {
                if let value {
                    if isSecret, !isShown { hidden } else { shown(value) }
                    buttons(value)
                } else {
                    Text(strings["value.none"])
                        .foregroundStyle(.quiet)
                }
            }
        }
        .font(.subheadline)
        // The user asked to see the earlier value, or copied it.
        .onChange(of: value) { (isShown, isCopied) = (false, false) }
    }

    private var hidden: some View {
        Text(verbatim: "••••••")
            .accessibilityHidden(true)
    }

    @ViewBuilder
    private func shown(_ value: ShownValue) -> some View {
        switch value {
        case .status(let status):
            StatusLabel(status: status, strings: strings)
        case .links(let links):
            ForEach(Array(links.enumerated()), id: \.offset) { _, link in
                if let destination = link.destination {
                    Link(destination: destination) {
                        Text(verbatim: link.title)
                    }
                    .frame(minHeight: 44)
                } else {
                    text(link.title)
                }
            }
        case .text, .texts, .instant, .day:
            text(value.text(strings))
        }
    }

    private func text(_ text: String) -> some View {
        Text(verbatim: text)
            .textSelection(.enabled)
            .direction(of: text)
    }

    /// A screen reader hears which value a button is about.
    @ViewBuilder
    private func buttons(_ value: ShownValue) -> some View {
        if isSecret || canCopy {
            HStack(spacing: 16) {
                if isSecret { button(isShown ? strings["button.hide"] : strings["button.show"]) { isShown.toggle() } }
                if canCopy {
                    button(isCopied ? strings["button.copied"] : strings["button.copy"]) {
                        Clipboard.copy(value.text(strings))
                        isCopied = true
                    }
                }
            }
            .buttonStyle(.borderless)
        }
    }

    private func button(_ name: String, action: @escaping @MainActor () -> Void) -> some View {
        Button(name, action: action)
            .frame(minHeight: 44)
            .accessibilityLabel("\(name): \(label)" as String)
    }
}
#endif
