// swift-tools-version: 6.0
//
// Everything Swift. The core reaches it in one of two ways, and nothing else differs between them:
//  - `PocketdeskCore.xcframework` beside this file, if it is there: what an app links.
//  - otherwise ../target/bindings/lib: what the tests here link.
// `scripts/bindings.sh` makes that library and the generated sources, which are symbolic links into ../target/bindings/swift.

import Foundation
import PackageDescription

let packaged = FileManager.default.fileExists(atPath: Context.packageDirectory + "/PocketdeskCore.xcframework")
let builtHere = Context.packageDirectory + "/../target/bindings/lib"

let package = Package(
    name: "Pocketdesk",
    defaultLocalization: "en",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [
        .library(name: "PocketdeskKit", targets: ["PocketdeskKit"]),
        .library(name: "PocketdeskUI", targets: ["PocketdeskUI"]),
    ],
    targets: [
        .target(
            name: "PocketdeskBindingsFFI",
            dependencies: packaged ? ["PocketdeskCore"] : [],
            linkerSettings: packaged
                ? []
                : [
                    .linkedLibrary("pocketdesk_bindings"),
                    .unsafeFlags(["-L\(builtHere)", "-Xlinker", "-rpath", "-Xlinker", builtHere]),
                    // Swift 6.0's libswiftObservation.so leaves a symbol open that only its failure paths call.
                    .unsafeFlags(["-Xlinker", "--allow-shlib-undefined"], .when(platforms: [.linux])),
                ]
        ),
        .target(
            name: "PocketdeskBindings",
            dependencies: ["PocketdeskBindingsFFI"],
            // Generated code that does not know Swift 6's rules; its types say themselves that they are Sendable.
            swiftSettings: [.swiftLanguageMode(.v5)]
        ),
        .target(name: "PocketdeskKit", dependencies: ["PocketdeskBindings"]),
        .target(name: "PocketdeskUI", dependencies: ["PocketdeskKit"]),
        .executableTarget(name: "ScenarioChild", dependencies: ["PocketdeskKit", "SandboxClient"], path: "Tests/ScenarioChild"),
        .target(name: "SandboxClient", dependencies: ["PocketdeskKit"], path: "Tests/SandboxClient"),
        .testTarget(name: "PocketdeskKitTests", dependencies: ["PocketdeskKit", "SandboxClient", "ScenarioChild"]),
    ] + (packaged ? [.binaryTarget(name: "PocketdeskCore", path: "PocketdeskCore.xcframework")] : [])
)
