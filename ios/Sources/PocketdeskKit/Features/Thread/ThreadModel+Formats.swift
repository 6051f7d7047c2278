extension ThreadModel {
    /// The text of the reply bar. It is saved after a pause in typing. What is not touched keeps its format.
    public var reply: String {
        get { draft?.body ?? "" }
        set {
            guard newValue != draft?.body else { return }
            let end = UInt32(newValue.utf16.count)
            editor = editor.changed(after: newValue, selection: TextPlace(from: end, to: end))
        }
    }

    /// The field of the reply: the text with its formats, the selection, and how the next letters will look. Set it to what one of its
    /// functions returns. The text is saved after a pause in typing.
    public var editor: Editor {
        get {
            let text = FormattedText(text: draft?.body ?? "", formats: draft?.formats ?? [])
            return Editor(text: text, selection: selection, next: nextLooks)
        }
        set {
            guard let before = draft else { return }
            (selection, nextLooks) = (newValue.selection, newValue.next)
            guard newValue.text.text != before.body || newValue.text.formats != before.formats else { return }
            draft?.body = newValue.text.text
            draft?.formats = newValue.text.formats
            textChanged()
        }
    }

    /// Makes the selected text of ``editor`` a link to `address`. If nothing is selected, the address is inserted as a link. `https://` or
    /// `mailto:` is added to an address that has neither. If the address is not valid, nothing changes, and ``failureKey`` says so.
    public func link(to address: String) {
        if let linked = editor.linked(address: address) {
            (editor, failureKey) = (linked, nil)
        } else {
            failureKey = "format.link.wrong"
        }
    }

    /// The field starts with the draft that was read.
    func placeCursorAtEnd() {
        let field = editorOf(text: editor.text)
        (selection, nextLooks) = (field.selection, field.next)
    }
}
