// swift-tools-version: 6.0
//
// The core is linked in one of two ways, and nothing else differs between them:
//  - from `PocketdeskCore.xcframework` beside this file, if it exists. That is what an app links.
//  - otherwise from ../target/bindings/lib. That is what the tests link.
// `scripts/bindings.sh` builds that library and generates its Swift sources, which are symbolic links into ../target/bindings/swift.

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
                    // Swift 6.0's libswiftObservation.so has an undefined symbol, which only its failure paths call.
                    .unsafeFlags(["-Xlinker", "--allow-shlib-undefined"], .when(platforms: [.linux])),
                ]
        ),
        .target(
            name: "PocketdeskBindings",
            dependencies: ["PocketdeskBindingsFFI"],
            // The generated code does not compile in Swift 6 mode. Its types are declared Sendable all the same.
            swiftSettings: [.swiftLanguageMode(.v5)]
        ),
        .target(name: "PocketdeskKit", dependencies: ["PocketdeskBindings"]),
        .target(name: "PocketdeskUI", dependencies: ["PocketdeskKit"]),
        .target(
            name: "PocketdeskSample",
            dependencies: ["PocketdeskKit"],
            path: "Sample",
            // An app's entry point, its delegate and its resources: they belong into an app target in Xcode.
            exclude: ["SampleApp.swift", "PushDelegate.swift", "Info.plist", "README.md"]
        ),
        .executableTarget(name: "ScenarioChild", dependencies: ["PocketdeskKit", "SandboxClient"], path: "Tests/ScenarioChild"),
        .target(name: "SandboxClient", dependencies: ["PocketdeskKit"], path: "Tests/SandboxClient"),
        .testTarget(name: "PocketdeskKitTests", dependencies: ["PocketdeskKit", "PocketdeskSample", "SandboxClient", "ScenarioChild"]),
    ] + (packaged ? [.binaryTarget(name: "PocketdeskCore", path: "PocketdeskCore.xcframework")] : [])
)
