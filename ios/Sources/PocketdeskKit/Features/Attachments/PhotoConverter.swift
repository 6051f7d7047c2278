import Foundation

/// Makes smaller JPGs of photos that a help desk does not take as they are (`docs/product.md`, S12).
protocol PhotoConverter: Sendable {
    /// Makes a JPG of a photo that has at most `SmallerPhoto.maxBytes` bytes. Tries `SmallerPhoto.attempts` in their order until one is small enough.
    /// The JPG stands upright, shows a transparent photo on white, and has none of the photo's metadata, so it does not tell where it was taken.
    /// The caller deletes it.
    ///
    /// - Returns: `nil` if the photo cannot be read, or no attempt is small enough.
    func jpeg(of photo: URL, wanted: SmallerPhoto) async -> URL?
}

#if canImport(ImageIO)
import CoreGraphics
import ImageIO
import UniformTypeIdentifiers

/// The system's decoders and encoder.
struct SystemPhotos: PhotoConverter {
    func jpeg(of photo: URL, wanted: SmallerPhoto) async -> URL? {
        guard let source = CGImageSourceCreateWithURL(photo as CFURL, nil) else { return nil }
        let target = FileManager.default.temporaryDirectory.appendingPathComponent("pocketdesk-\(UUID().uuidString).jpg")
        for attempt in wanted.attempts {
            guard let picture = picture(of: source, longestEdge: Int(attempt.longestEdge)) else { return nil }
            let quality = Double(attempt.quality) / 100
            guard write(picture, to: target, quality: quality) else { break }
            if let size = try? target.resourceValues(forKeys: [.fileSizeKey]).fileSize, size <= wanted.maxBytes { return target }
        }
        try? FileManager.default.removeItem(at: target)
        return nil
    }

    /// The photo, upright and on white. A small one keeps its size.
    private func picture(of source: CGImageSource, longestEdge: Int) -> CGImage? {
        let options: [CFString: Any] = [
            kCGImageSourceCreateThumbnailFromImageAlways: true,
            kCGImageSourceCreateThumbnailWithTransform: true,
            kCGImageSourceThumbnailMaxPixelSize: longestEdge,
        ]
        guard
            let picture = CGImageSourceCreateThumbnailAtIndex(source, 0, options as CFDictionary),
            let canvas = CGContext(
                data: nil, width: picture.width, height: picture.height, bitsPerComponent: 8, bytesPerRow: 0,
                space: CGColorSpaceCreateDeviceRGB(), bitmapInfo: CGImageAlphaInfo.noneSkipLast.rawValue)
        else { return nil }
        let area = CGRect(x: 0, y: 0, width: picture.width, height: picture.height)
        canvas.setFillColor(red: 1, green: 1, blue: 1, alpha: 1)
        canvas.fill(area)
        canvas.draw(picture, in: area)
        return canvas.makeImage()
    }

    private func write(_ picture: CGImage, to target: URL, quality: Double) -> Bool {
        let type = UTType.jpeg.identifier as CFString
        guard let destination = CGImageDestinationCreateWithURL(target as CFURL, type, 1, nil) else { return false }
        let options: [CFString: Any] = [kCGImageDestinationLossyCompressionQuality: quality]
        CGImageDestinationAddImage(destination, picture, options as CFDictionary)
        return CGImageDestinationFinalize(destination)
    }
}
#endif
