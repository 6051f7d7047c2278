#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

// The colours of the screens. All of them follow the host app: its tint, and whether its background is light or dark. What is written stays legible
// on every tint, because no text has the colour of the tint, apart from buttons.

extension ShapeStyle where Self == Color {
    /// A text that matters less than the one beside it.
    static var quiet: Color { .primary.opacity(Tones.quietOpacity) }

    /// The background of what others wrote, and of cards.
    static var card: Color { .primary.opacity(0.07) }

    /// The background of what was found. A text on it is legible on light and on dark screens.
    static var found: Color { Color(.sRGB, red: 1, green: 0.75, blue: 0, opacity: 0.35) }
}

extension ShapeStyle where Self == ProblemStyle {
    /// A text about a problem.
    static var problem: ProblemStyle { ProblemStyle() }
}

/// The colour of a text about a problem, which is legible on a light and on a dark background.
struct ProblemStyle: ShapeStyle {
    func resolve(in environment: EnvironmentValues) -> Color {
        Color(Tones.on(dark: environment.colorScheme == .dark).problem.text)
    }
}

extension Color {
    /// - Parameter tone: A colour as 0xRRGGBB in sRGB.
    init(_ tone: UInt32) {
        let part = { (shift: UInt32) in Double(tone >> shift & 0xFF) / 255 }
        self.init(.sRGB, red: part(16), green: part(8), blue: part(0))
    }
}
#endif
