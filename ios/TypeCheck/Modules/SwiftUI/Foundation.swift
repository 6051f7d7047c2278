// What Foundation has on Apple's systems only. It is declared here because whoever imports SwiftUI has Foundation as well.

extension URL {
    // Foundation/URL/startAccessingSecurityScopedResource() · iOS 8, macOS 10.10
    public func startAccessingSecurityScopedResource() -> Bool { fatalError() }
    // Foundation/URL/stopAccessingSecurityScopedResource() · iOS 8, macOS 10.10
    public func stopAccessingSecurityScopedResource() { fatalError() }
    // Foundation/URL/applicationSupportDirectory · iOS 16, macOS 13
    public static var applicationSupportDirectory: URL { fatalError() }
}
