// Declarations of UniformTypeIdentifiers for the type check: see ../../README.md.

// UniformTypeIdentifiers/UTType · iOS 14, macOS 11
public struct UTType: Hashable, Sendable {
    // UniformTypeIdentifiers/UTType/item · iOS 14, macOS 11
    public static var item: UTType { fatalError() }
}
