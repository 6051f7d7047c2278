#if canImport(SwiftUI)
#if os(macOS)
import AppKit
#else
import UIKit
#endif

/// The system's clipboard.
enum Clipboard {
    /// Puts a text on it, in place of what is there.
    @MainActor
    static func copy(_ text: String) {
        #if os(macOS)
        NSPasteboard.general.clearContents()
        NSPasteboard.general.setString(text, forType: .string)
        #else
        UIPasteboard.general.string = text
        #endif
    }
}
#endif
