extension String {
    /// Whether the text is written from right to left, which its first letter says; `nil` if it has no letter. Tickets are written in other
    /// languages than the screens.
    public var isRightToLeft: Bool? {
        unicodeScalars.first(where: \.properties.isAlphabetic).map { letter in
            rightToLeftBlocks.contains { $0.contains(letter.value) }
        }
    }
}

/// The blocks of Unicode that are reserved for scripts which are written from right to left.
private let rightToLeftBlocks: [ClosedRange<UInt32>] = [
    0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF,
]
