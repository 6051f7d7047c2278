import Foundation
import PocketdeskKit

extension ClientConfig {
    /// The definition of the web product, which an app hands in as a text.
    package static func webProduct() throws -> String {
        let path = "../../../../core/products/impact-web.json"
        return try String(contentsOf: URL(fileURLWithPath: #filePath).appendingPathComponent(path).standardized, encoding: .utf8)
    }

    /// A configuration for Ada with the web product, in German.
    package static func web(in directory: URL, on server: URL) throws -> ClientConfig {
        var config = ClientConfig(directory: directory, account: "ada", server: server, language: "de")
        config.product = try webProduct()
        config.sendDelaySeconds = 0
        return config
    }
}
