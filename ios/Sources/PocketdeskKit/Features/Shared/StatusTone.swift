/// The colours of a status or of a problem: a text on its background. The text says the same without them.
public struct StatusTone: Equatable, Sendable {
    /// The background, as 0xRRGGBB in sRGB.
    public let background: UInt32

    /// The text, as 0xRRGGBB in sRGB. Its contrast to the background is at least 4.5:1.
    public let text: UInt32

    /// The colours of a text about a problem. Its contrast is as high on the screen's own background.
    ///
    /// - Parameter dark: Whether the screen has a dark background.
    public static func problem(dark: Bool) -> StatusTone {
        dark ? StatusTone(background: 0x55201C, text: 0xFFB4AB) : StatusTone(background: 0xFBE5E2, text: 0xB3261E)
    }

    /// The opacity of a text that matters less than the one beside it. On black or white, its contrast is still at least 4.5:1.
    public static let quietOpacity = 0.7
}

extension StatusKind {
    /// The colours of a status of this kind.
    ///
    /// - Parameter dark: Whether the screen has a dark background.
    public func tone(dark: Bool) -> StatusTone {
        switch self {
        case .open: dark ? StatusTone(background: 0x1C3352, text: 0xAFCFF6) : StatusTone(background: 0xE2EDFB, text: 0x1B4B85)
        case .working: dark ? StatusTone(background: 0x362B53, text: 0xD2C2F6) : StatusTone(background: 0xEDE7F8, text: 0x573A94)
        case .awaitingUser: dark ? StatusTone(background: 0x4B350F, text: 0xFFD28B) : StatusTone(background: 0xFFE9C2, text: 0x6E4200)
        case .solved: dark ? StatusTone(background: 0x173B25, text: 0x9EDDB3) : StatusTone(background: 0xDDF1E2, text: 0x1B5C33)
        case .closed: dark ? StatusTone(background: 0x2E3635, text: 0xC0CAC8) : StatusTone(background: 0xE6EAE9, text: 0x47514F)
        }
    }
}
