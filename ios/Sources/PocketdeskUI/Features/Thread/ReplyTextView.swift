#if os(iOS)
import PocketdeskKit
import SwiftUI
import UIKit

/// A field that shows formats while the user writes. SwiftUI's own fields show plain text on the systems that the package supports.
struct ReplyTextView: UIViewRepresentable {
    @Binding var editor: Editor
    let isEnabled: Bool
    let label: String

    /// The field grows up to this many lines, and scrolls from then on.
    private static let mostLines: CGFloat = 6

    func makeCoordinator() -> Coordinator {
        Coordinator(editor: $editor)
    }

    func makeUIView(context: Context) -> UITextView {
        let view = PastingTextView()
        view.onPaste = { [weak coordinator = context.coordinator] page in coordinator?.paste(page) }
        view.delegate = context.coordinator
        view.backgroundColor = .clear
        view.adjustsFontForContentSizeCategory = true
        view.accessibilityLabel = label
        return view
    }

    func updateUIView(_ view: UITextView, context: Context) {
        context.coordinator.editor = $editor
        view.isEditable = isEnabled
        // A word that the keyboard composes must not be replaced under it.
        guard view.markedTextRange == nil else { return }
        let shown = editor.shown
        if !view.attributedText.isEqual(to: shown) { context.coordinator.show { view.attributedText = shown } }
        let selected = NSRange(editor.selection)
        if !NSEqualRanges(view.selectedRange, selected) { context.coordinator.show { view.selectedRange = selected } }
        view.typingAttributes = attributes(bold: editor.looks().bold, italic: editor.looks().italic, leads: false)
    }

    func sizeThatFits(_ proposal: ProposedViewSize, uiView view: UITextView, context: Context) -> CGSize? {
        guard let width = proposal.width else { return nil }
        let whole = view.sizeThatFits(CGSize(width: width, height: .greatestFiniteMagnitude))
        let line = UIFont.preferredFont(forTextStyle: .body).lineHeight
        return CGSize(width: width, height: min(whole.height, line * (Self.mostLines + 1)))
    }

    /// Tells the model what the user did in the field.
    @MainActor
    final class Coordinator: NSObject, UITextViewDelegate {
        var editor: Binding<Editor>
        /// Whether the field is being changed by the model, and not by the user.
        private var isShowing = false

        init(editor: Binding<Editor>) {
            self.editor = editor
        }

        func show(_ change: () -> Void) {
            isShowing = true
            change()
            isShowing = false
        }

        func paste(_ page: String) {
            editor.wrappedValue = editor.wrappedValue.pasted(page: page)
        }

        func textViewDidChange(_ view: UITextView) {
            tell(view)
        }

        func textViewDidChangeSelection(_ view: UITextView) {
            // While the user types, the selection moves before the text is told.
            if view.text == editor.wrappedValue.text.text { tell(view) }
        }

        private func tell(_ view: UITextView) {
            guard !isShowing else { return }
            editor.wrappedValue = editor.wrappedValue.changed(after: view.text, selection: TextPlace(view.selectedRange))
        }
    }
}

/// A field that tells when the user pastes an HTML page. UIKit would take its letters only, or its fonts and colours as well.
private final class PastingTextView: UITextView {
    var onPaste: ((_ page: String) -> Void)?

    override func paste(_ sender: Any?) {
        // Some apps copy a page as text, others as bytes.
        switch UIPasteboard.general.value(forPasteboardType: "public.html") {
        case let page as String: onPaste?(page)
        case let page as Data: onPaste?(String(decoding: page, as: UTF8.self))
        default: super.paste(sender)
        }
    }
}

extension NSRange {
    fileprivate init(_ place: TextPlace) {
        self.init(location: Int(place.from), length: Int(place.to) - Int(place.from))
    }
}

extension TextPlace {
    fileprivate init(_ range: NSRange) {
        self.init(from: UInt32(range.location), to: UInt32(range.location + range.length))
    }
}

extension Editor {
    /// The text as the field shows it.
    @MainActor
    fileprivate var shown: NSAttributedString {
        let shown = NSMutableAttributedString(string: text.text, attributes: attributes(bold: false, italic: false, leads: false))
        for format in text.formats {
            let looks = attributes(bold: format.bold, italic: format.italic, leads: format.link != nil)
            shown.addAttributes(looks, range: NSRange(format.place))
        }
        return shown
    }
}

@MainActor
private func attributes(bold: Bool, italic: Bool, leads: Bool) -> [NSAttributedString.Key: Any] {
    let body = UIFont.preferredFont(forTextStyle: .body)
    var traits: UIFontDescriptor.SymbolicTraits = []
    if bold { traits.insert(.traitBold) }
    if italic { traits.insert(.traitItalic) }
    let font = body.fontDescriptor.withSymbolicTraits(traits).map { UIFont(descriptor: $0, size: 0) } ?? body
    var attributes: [NSAttributedString.Key: Any] = [.font: font, .foregroundColor: leads ? UIColor.link : UIColor.label]
    if leads { attributes[.underlineStyle] = NSUnderlineStyle.single.rawValue }
    return attributes
}
#endif
