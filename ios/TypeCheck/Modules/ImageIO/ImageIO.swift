// Declarations of ImageIO for the type check: see ../../README.md. What the system converts without cost has one type here: a `CFString` is a
// `String`, a `CFURL` is a `URL`, and a `CFDictionary` is a dictionary.

import CoreGraphics
import Foundation

// CoreFoundation/CFString · iOS 2, macOS 10
public typealias CFString = String

// CoreFoundation/CFURL · iOS 2, macOS 10
public typealias CFURL = URL

// CoreFoundation/CFDictionary · iOS 2, macOS 10
public typealias CFDictionary = [String: Any]

// ImageIO/CGImageSource · iOS 4, macOS 10
public final class CGImageSource {}

// ImageIO/CGImageSourceCreateWithURL(_:_:) · iOS 4, macOS 10
public func CGImageSourceCreateWithURL(_ url: CFURL, _ options: CFDictionary?) -> CGImageSource? { fatalError() }

// ImageIO/CGImageSourceCreateThumbnailAtIndex(_:_:_:) · iOS 4, macOS 10
public func CGImageSourceCreateThumbnailAtIndex(_ isrc: CGImageSource, _ index: Int, _ options: CFDictionary?) -> CGImage? { fatalError() }

// ImageIO/kCGImageSourceCreateThumbnailFromImageAlways · iOS 4, macOS 10
public let kCGImageSourceCreateThumbnailFromImageAlways: CFString = ""

// ImageIO/kCGImageSourceCreateThumbnailWithTransform · iOS 4, macOS 10
public let kCGImageSourceCreateThumbnailWithTransform: CFString = ""

// ImageIO/kCGImageSourceThumbnailMaxPixelSize · iOS 4, macOS 10
public let kCGImageSourceThumbnailMaxPixelSize: CFString = ""

// ImageIO/CGImageDestination · iOS 4, macOS 10
public final class CGImageDestination {}

// ImageIO/CGImageDestinationCreateWithURL(_:_:_:_:) · iOS 4, macOS 10
public func CGImageDestinationCreateWithURL(
    _ url: CFURL, _ type: CFString, _ count: Int, _ options: CFDictionary?
) -> CGImageDestination? { fatalError() }

// ImageIO/CGImageDestinationAddImage(_:_:_:) · iOS 4, macOS 10
public func CGImageDestinationAddImage(_ idst: CGImageDestination, _ image: CGImage, _ properties: CFDictionary?) { fatalError() }

// ImageIO/CGImageDestinationFinalize(_:) · iOS 4, macOS 10
public func CGImageDestinationFinalize(_ idst: CGImageDestination) -> Bool { fatalError() }

// ImageIO/kCGImageDestinationLossyCompressionQuality · iOS 4, macOS 10
public let kCGImageDestinationLossyCompressionQuality: CFString = ""
