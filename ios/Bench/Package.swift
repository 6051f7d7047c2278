// swift-tools-version: 6.0
//
// A page of the history through Swift, beside the same rows by the C interface of SQLite. Run by scripts/bench.sh.

import PackageDescription

let package = Package(
    name: "PocketdeskBench",
    platforms: [.macOS(.v14)],
    dependencies: [.package(name: "Pocketdesk", path: "..")],
    targets: [
        .executableTarget(name: "PageBench", dependencies: [.product(name: "PocketdeskKit", package: "Pocketdesk")])
    ]
)
