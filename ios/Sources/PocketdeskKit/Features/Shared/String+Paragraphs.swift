extension String {
    func trimmingWhitespace() -> String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    /// This text and, as a paragraph of its own, `text`: as the core joins what is typed with what comes back.
    func followed(by text: String) -> String {
        trimmingWhitespace().isEmpty ? text : "\(self)\n\n\(text)"
    }
}
