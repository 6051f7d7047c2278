// What was found in a message is a part of its plain text. A screen shows the message with its structure, which the core makes out of that same
// text: the letters of each block stand in the plain text in their order, with other spaces and quotation marks between them. So the letters
// say what is marked, and nothing is counted.

/// A part of a block that looks the same, and was found or not.
public struct MarkedSpan: Equatable, Sendable {
    /// The text and its looks.
    public internal(set) var span: TextSpan

    /// Whether this is what was looked for.
    public let isHit: Bool
}

extension MessageBody {
    /// The blocks with what was found in them.
    ///
    /// - Parameter parts: The plain text of the message, as it was searched; `nil` if nothing was found in it.
    public func marked(by parts: [Segment]?) -> [[MarkedSpan]] {
        guard let parts, parts.contains(where: \.hit) else {
            return blocks.map { $0.spans.map { MarkedSpan(span: $0, isHit: false) } }
        }
        let text = parts.flatMap { part in part.text.unicodeScalars.lazy.filter(\.isLetter).map { (letter: $0, isHit: part.hit) } }
        let letters = text.map(\.letter)
        var place = 0
        return blocks.map { block in
            let own = block.spans.flatMap { $0.text.unicodeScalars.filter(\.isLetter) }
            guard let start = letters.firstPlace(of: own, from: place) else {
                return block.spans.map { MarkedSpan(span: $0, isHit: false) }
            }
            place = start + own.count
            var marks = text[start..<place].lazy.map(\.isHit).makeIterator()
            return block.spans.flatMap { $0.marked { marks.next() ?? false } }
        }
    }

    /// Whether something was found in the quoted mail history, which is folded otherwise.
    public func isInHistory(_ marked: [[MarkedSpan]]) -> Bool {
        marked.dropFirst(shown.endIndex).contains { $0.contains(where: \.isHit) }
    }
}

extension TextSpan {
    /// Its parts. `isHit` is asked for each letter, in their order. What stands between two letters is marked if both are.
    fileprivate func marked(_ isHit: () -> Bool) -> [MarkedSpan] {
        let scalars = Array(text.unicodeScalars)
        let letters = scalars.indices.filter { scalars[$0].isLetter }
        var marks = scalars.map { _ in false }
        for place in letters { marks[place] = isHit() }
        for (letter, next) in zip(letters, letters.dropFirst()) where marks[letter] && marks[next] {
            for place in letter..<next { marks[place] = true }
        }
        var parts: [MarkedSpan] = []
        for (scalar, isHit) in zip(scalars, marks) {
            if parts.last?.isHit != isHit {
                var empty = self
                empty.text = ""
                parts.append(MarkedSpan(span: empty, isHit: isHit))
            }
            parts[parts.count - 1].span.text.unicodeScalars.append(scalar)
        }
        return parts
    }
}

extension Unicode.Scalar {
    /// Whether it counts: it is no space, and no mark before a quoted line.
    fileprivate var isLetter: Bool { !properties.isWhitespace && self != ">" }
}

extension [Unicode.Scalar] {
    /// Where these scalars stand, at `from` or later.
    fileprivate func firstPlace(of part: [Unicode.Scalar], from: Int) -> Int? {
        guard count - from >= part.count else { return nil }
        return (from...(count - part.count)).first { place in self[place..<(place + part.count)].elementsEqual(part) }
    }
}
