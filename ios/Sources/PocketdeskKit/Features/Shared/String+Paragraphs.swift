extension String {
    func trimmingWhitespace() -> String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    /// This text with `text` as a separate paragraph below it, in the way in which the core adds to a draft. For texts that are shown or saved
    /// as one before the core has them: in two calls, a kill between them would lose one that was saved before.
    func followed(by text: String) -> String {
        trimmingWhitespace().isEmpty ? text : "\(self)\n\n\(text)"
    }
}
