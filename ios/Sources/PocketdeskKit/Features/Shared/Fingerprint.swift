extension String {
    /// A short name for this text, which is the same in every process and from which the text cannot be read. Not for secrets: FNV-1a.
    var fingerprint: String {
        String(utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16)
    }
}
