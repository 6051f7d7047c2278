#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The text of a message with its structure.
struct MessageTextView: View {
    let message: Message
    let model: ThreadModel
    let strings: Strings

    var body: some View {
        BodyTextView(content: message.content, strings: strings, found: model.find.parts(of: message.id)) { index in
            PictureView(index: index, message: message, model: model, strings: strings)
        }
    }
}

/// A text with its structure, of a message or of a help article. The quoted mail history is folded.
struct BodyTextView<Picture: View>: View {
    let content: MessageBody
    let strings: Strings
    /// The plain text with what was found in it; `nil` if nothing was.
    var found: [Segment]?
    /// The picture with this index.
    @ViewBuilder let picture: (Int) -> Picture
    @Environment(\.openURL) private var openURL
    @State private var asked: URL?
    @State private var isUnfolded = false

    var body: some View {
        let marked = content.marked(by: found)
        let isFoundInHistory = content.isInHistory(marked)
        VStack(alignment: .leading, spacing: 8) {
            blocks(content.shown, marked)
            if !content.history.isEmpty, !isFoundInHistory {
                Button(strings[isUnfolded ? "message.history.hide" : "message.history.show"]) { isUnfolded.toggle() }
                    .buttonStyle(.borderless)
                    .font(.subheadline)
                    .frame(minHeight: 44)
            }
            // What was found is never folded.
            if isUnfolded || isFoundInHistory { blocks(content.history, marked) }
        }
        .environment(\.openURL, OpenURLAction(handler: opened))
        .confirmationDialog(strings["link.differs"], isPresented: isAsking, titleVisibility: .visible, presenting: asked) { address in
            Button(strings["link.open"]) { openURL(address) }
            Button(strings["button.cancel"], role: .cancel) {}
        } message: { address in
            Text(verbatim: address.absoluteString)
        }
    }

    private var isAsking: Binding<Bool> {
        Binding(get: { asked != nil }, set: { isShown in if !isShown { asked = nil } })
    }

    private func opened(_ address: URL) -> OpenURLAction.Result {
        guard content.differs(address) else { return .systemAction }
        asked = address
        return .handled
    }

    private func blocks(_ blocks: ArraySlice<BodyBlock>, _ marked: [[MarkedSpan]]) -> some View {
        ForEach(blocks.indices, id: \.self) { index in
            BlockView(block: blocks[index], spans: marked[index], picture: picture)
        }
    }
}

/// A paragraph, an item of a list, code or a picture, inside the quotes in which it stands.
private struct BlockView<Picture: View>: View {
    let block: BodyBlock
    /// Its text with what was found in it.
    let spans: [MarkedSpan]
    let picture: (Int) -> Picture

    var body: some View {
        HStack(alignment: .top, spacing: 10) {
            ForEach(0..<Int(block.quotes), id: \.self) { _ in
                Rectangle()
                    .foregroundStyle(.quiet)
                    .frame(width: 2)
                    .accessibilityHidden(true)
            }
            content
                .padding(.leading, CGFloat(max(0, Int(block.lists) - 1)) * 20)
        }
        .fixedSize(horizontal: false, vertical: true)
        .direction(of: block.plainText)
    }

    @ViewBuilder private var content: some View {
        switch block.kind {
        case .picture(let attachment):
            picture(Int(attachment))
        case .code:
            Text(text)
                .font(.system(.callout, design: .monospaced))
                .textSelection(.enabled)
                .padding(.horizontal, 8)
                .padding(.vertical, 8)
                .background(Color.quiet.opacity(0.12), in: RoundedRectangle(cornerRadius: 8))
        case .paragraph:
            if let mark = block.mark {
                HStack(alignment: .firstTextBaseline, spacing: 6) {
                    Text(verbatim: mark)
                    Text(text).textSelection(.enabled)
                }
                .accessibilityElement(children: .combine)
            } else {
                Text(text)
                    .textSelection(.enabled)
                    .padding(.leading, block.lists > 0 ? 20 : 0)
            }
        }
    }

    /// The text with bold, italic, code, links and marks.
    private var text: AttributedString {
        spans.reduce(into: AttributedString()) { text, part in
            let span = part.span
            var run = AttributedString(span.text)
            var looks: InlinePresentationIntent = []
            if span.bold { looks.insert(.stronglyEmphasized) }
            if span.italic { looks.insert(.emphasized) }
            if span.code { looks.insert(.code) }
            if !looks.isEmpty { run.inlinePresentationIntent = looks }
            if let link = span.link {
                run.link = URL(string: link.address)
                // A link has the colour of the text around it, which can be read on every ground.
                run.underlineStyle = .single
            }
            if part.isHit { run.markAsFound() }
            text += run
        }
    }
}
#endif
