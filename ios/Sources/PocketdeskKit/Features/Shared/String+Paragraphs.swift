extension String {
    func trimmingWhitespace() -> String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    /// This text with `text` as a separate paragraph below it: the same way in which the core appends a withdrawn message to a draft.
    func followed(by text: String) -> String {
        trimmingWhitespace().isEmpty ? text : "\(self)\n\n\(text)"
    }
}
