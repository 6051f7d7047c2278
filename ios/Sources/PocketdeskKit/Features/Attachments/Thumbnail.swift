#if canImport(ImageIO)
import CoreGraphics
import Foundation
import ImageIO

/// Reads the picture in a file, upright and no larger than a screen needs, away from the main thread.
///
/// - Parameter longestEdge: In pixels.
/// - Returns: `nil` if the system cannot read the file as a picture.
public func thumbnail(of file: URL, longestEdge: Int) async -> CGImage? {
    await Task.detached(priority: .userInitiated) {
        let options: [CFString: Any] = [
            kCGImageSourceCreateThumbnailFromImageAlways: true,
            kCGImageSourceCreateThumbnailWithTransform: true,
            kCGImageSourceThumbnailMaxPixelSize: longestEdge,
        ]
        guard let source = CGImageSourceCreateWithURL(file as CFURL, nil) else { return nil }
        return CGImageSourceCreateThumbnailAtIndex(source, 0, options as CFDictionary)
    }.value
}
#endif
