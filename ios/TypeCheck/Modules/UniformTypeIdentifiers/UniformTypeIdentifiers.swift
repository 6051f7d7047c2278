// Declarations of UniformTypeIdentifiers for the type check: see ../../README.md.

// UniformTypeIdentifiers/UTType-swift.struct · iOS 14, macOS 11
public struct UTType: Hashable, Sendable {
    // UniformTypeIdentifiers/UTType-swift.struct/item · iOS 14, macOS 11
    public static var item: UTType { fatalError() }
    // UniformTypeIdentifiers/UTType-swift.struct/image · iOS 14, macOS 11
    public static var image: UTType { fatalError() }
    // UniformTypeIdentifiers/UTType-swift.struct/jpeg · iOS 14, macOS 11
    public static var jpeg: UTType { fatalError() }
    // UniformTypeIdentifiers/UTType-swift.struct/identifier · iOS 14, macOS 11
    public var identifier: String { fatalError() }
    // UniformTypeIdentifiers/UTType-swift.struct/movie · iOS 14, macOS 11
    public static var movie: UTType { fatalError() }
    // UniformTypeIdentifiers/UTType-swift.struct/preferredFilenameExtension · iOS 14, macOS 11
    public var preferredFilenameExtension: String? { fatalError() }
}
