// Declarations of CoreGraphics for the type check: see ../../README.md.

import Foundation

// CoreGraphics/CGImage · iOS 2, macOS 10
public final class CGImage: Sendable {
    // CoreGraphics/CGImage/width · iOS 2, macOS 10
    public var width: Int { fatalError() }
    // CoreGraphics/CGImage/height · iOS 2, macOS 10
    public var height: Int { fatalError() }
}

// CoreGraphics/CGColorSpace · iOS 2, macOS 10
public final class CGColorSpace: Sendable {}

// CoreGraphics/CGColorSpaceCreateDeviceRGB() · iOS 2, macOS 10
public func CGColorSpaceCreateDeviceRGB() -> CGColorSpace { fatalError() }

// CoreGraphics/CGImageAlphaInfo · iOS 2, macOS 10
public enum CGImageAlphaInfo: UInt32, Sendable {
    case noneSkipLast
}

// CoreGraphics/CGContext · iOS 2, macOS 10
public final class CGContext {
    // CoreGraphics/CGContext/init(data:width:height:bitsPerComponent:bytesPerRow:space:bitmapInfo:) · iOS 2, macOS 10
    public init?(
        data: UnsafeMutableRawPointer?, width: Int, height: Int, bitsPerComponent: Int, bytesPerRow: Int, space: CGColorSpace,
        bitmapInfo: UInt32
    ) { fatalError() }
    // CoreGraphics/CGContext/setFillColor(red:green:blue:alpha:) · iOS 2, macOS 10
    public func setFillColor(red: CGFloat, green: CGFloat, blue: CGFloat, alpha: CGFloat) { fatalError() }
    // CoreGraphics/CGContext/fill(_:)-31dyx · iOS 2, macOS 10
    public func fill(_ rect: CGRect) { fatalError() }
    // CoreGraphics/CGContext/draw(_:in:bytiling:) · iOS 2, macOS 10
    public func draw(_ image: CGImage, in rect: CGRect, byTiling: Bool = false) { fatalError() }
    // CoreGraphics/CGContext/makeImage() · iOS 2, macOS 10
    public func makeImage() -> CGImage? { fatalError() }
}
