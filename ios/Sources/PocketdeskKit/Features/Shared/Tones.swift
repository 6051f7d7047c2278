extension Tones {
    /// The colours on a light or a dark screen.
    public static func on(dark: Bool) -> Tones { dark ? onDark : onLight }

    /// The colours of a status of this kind.
    public subscript(kind: StatusKind) -> Tone {
        switch kind {
        case .open: open
        case .working: working
        case .awaitingUser: awaitingUser
        case .solved: solved
        case .closed: closed
        }
    }

    /// The opacity of a text that matters less than the one beside it. On black or white, its contrast is still at least 4.5:1.
    public static let quietOpacity = 0.7

    private static let onLight = tones(dark: false)
    private static let onDark = tones(dark: true)
}
