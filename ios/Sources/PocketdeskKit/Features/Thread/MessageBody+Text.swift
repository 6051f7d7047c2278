import Foundation

extension MessageBody {
    /// The blocks that are always shown.
    public var shown: ArraySlice<BodyBlock> {
        blocks[..<(historyFrom.map { min(Int($0), blocks.count) } ?? blocks.count)]
    }

    /// The quoted mail history, which is folded until the user asks for it.
    public var history: ArraySlice<BodyBlock> {
        blocks[shown.endIndex...]
    }

    /// Whether the text of a link to this address looks like another address. Then show the true one before it is opened.
    public func differs(_ address: URL) -> Bool {
        blocks.contains { block in
            block.spans.contains { span in span.link.map { $0.differs && URL(string: $0.address) == address } ?? false }
        }
    }
}

extension BodyBlock {
    /// Its text without its looks.
    public var plainText: String {
        spans.map(\.text).joined()
    }

    /// The mark before it; `nil` if it has none.
    public var mark: String? {
        switch marker {
        case .bullet: "•"
        case .number(let number): "\(number)."
        case nil: nil
        }
    }
}

extension Message {
    /// The places in ``attachments`` of the files that do not stand in the text.
    public var filesBelow: [Int] {
        let inText = content.blocks.compactMap { block -> Int? in
            if case .picture(let attachment) = block.kind { Int(attachment) } else { nil }
        }
        return attachments.indices.filter { !inText.contains($0) }
    }
}
