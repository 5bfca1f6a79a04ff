// swift-tools-version: 6.2
import PackageDescription

/// One set of settings for every target of ours: Swift 6, warnings are errors.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A library target; `path` and `exclude` serve the targets that live inside another one's folder.
func library(_ name: String, path: String? = nil, exclude: [String] = [], needs: [Target.Dependency] = []) -> Target {
    .target(
        name: name, dependencies: needs, path: path ?? "Sources/\(name)", exclude: exclude, swiftSettings: settings)
}

func tests(_ name: String, needs: [Target.Dependency]) -> Target {
    .testTarget(
        name: name, dependencies: needs + ["ForeverTestKit"], path: "Tests/\(name)", swiftSettings: settings)
}

let package = Package(
    name: "forever",
    products: [
        .library(name: "ForeverCore", targets: ["ForeverCore"]),
        .library(name: "ForeverCatalogue", targets: ["ForeverCatalogue"]),
        .library(name: "ForeverMix", targets: ["ForeverMix"]),
        .library(name: "ForeverCodec", targets: ["ForeverCodec"]),
        .library(name: "ForeverHTTP", targets: ["ForeverHTTP"]),
        .library(name: "ForeverTLS", targets: ["ForeverTLS"]),
        .library(name: "ForeverRelay", targets: ["ForeverRelay"]),
        .executable(name: "forever-server", targets: ["forever-server"]),
        .executable(name: "forever-relay", targets: ["forever-relay"]),
    ],
    targets: [
        // The system's C libraries, each inside the module that owns it.
        .systemLibrary(
            name: "CFFmpeg", path: "Sources/ForeverMix/Codec/CFFmpeg",
            pkgConfig: "libavformat libavcodec libswresample libavutil",
            providers: [.apt(["libavformat-dev", "libavcodec-dev", "libswresample-dev", "libavutil-dev"])]),
        .systemLibrary(
            name: "CSQLite", path: "Sources/ForeverCore/Catalogue/CSQLite", pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(
            name: "COpenSSL", path: "Sources/ForeverHTTP/TLS/COpenSSL", pkgConfig: "openssl",
            providers: [.apt(["libssl-dev"])]),
        .target(name: "CLinux", path: "Sources/ForeverHTTP/CLinux"),

        // Music: what plays, and how it is mixed.
        library("ForeverCore", exclude: ["Catalogue"]),
        library(
            "ForeverCatalogue", path: "Sources/ForeverCore/Catalogue", exclude: ["CSQLite"],
            needs: ["ForeverCore", "CSQLite"]),
        library("ForeverMix", exclude: ["Codec"]),
        library(
            "ForeverCodec", path: "Sources/ForeverMix/Codec", exclude: ["CFFmpeg"],
            needs: ["ForeverMix", "CFFmpeg"]),

        // Bytes: how they reach people.
        library("ForeverHTTP", exclude: ["CLinux", "TLS"], needs: ["CLinux"]),
        library(
            "ForeverTLS", path: "Sources/ForeverHTTP/TLS", exclude: ["COpenSSL"],
            needs: ["ForeverHTTP", "COpenSSL"]),
        library("ForeverRelay", needs: ["ForeverHTTP"]),

        // The two programs: arguments and wiring.
        .executableTarget(
            name: "forever-server",
            dependencies: [
                "ForeverCore", "ForeverCatalogue", "ForeverMix", "ForeverCodec", "ForeverHTTP", "ForeverTLS",
                "ForeverRelay",
            ],
            path: "Sources/forever-server", resources: [.embedInCode("Pages")], swiftSettings: settings),
        .executableTarget(
            name: "forever-relay", dependencies: ["ForeverHTTP", "ForeverRelay", "ForeverTLS"],
            path: "Sources/forever-relay", swiftSettings: settings),

        // Tests mirror the sources.
        .target(name: "CScriptedCalls", path: "Tests/TestKit/CScriptedCalls"),
        .target(
            name: "ForeverTestKit", dependencies: ["CScriptedCalls"], path: "Tests/TestKit",
            exclude: ["CScriptedCalls"], swiftSettings: settings),
        tests("ForeverCoreTests", needs: ["ForeverCore"]),
        tests("ForeverCatalogueTests", needs: ["ForeverCatalogue", "ForeverCore", "CSQLite"]),
        tests("ForeverMixTests", needs: ["ForeverMix"]),
        tests("ForeverCodecTests", needs: ["ForeverCodec", "ForeverMix"]),
        tests("ForeverHTTPTests", needs: ["ForeverHTTP", "CLinux"]),
        tests("ForeverTLSTests", needs: ["ForeverTLS", "ForeverHTTP", "COpenSSL"]),
        tests("ForeverRelayTests", needs: ["ForeverRelay", "ForeverHTTP", "ForeverTLS"]),
        tests(
            "ForeverServerTests",
            needs: [
                "forever-server", "ForeverCatalogue", "ForeverCodec", "ForeverCore", "ForeverMix", "ForeverRelay",
            ]),
        tests("EndToEndTests", needs: []),
        tests("FuzzTests", needs: ["ForeverFuzz", "ForeverHTTP", "ForeverRelay"]),
        tests("TidyTests", needs: []),

        // `make bench`: the driver, the listeners, and what is compared with.
        .executableTarget(name: "forever-bench", path: "Tests/Benchmarks/Driver", swiftSettings: settings),
        .executableTarget(name: "bench-floor", path: "Tests/Benchmarks/Floor"),
        .executableTarget(
            name: "bench-listeners", dependencies: ["COpenSSL"], path: "Tests/Benchmarks/Listeners"),
        .executableTarget(
            name: "bench-relay", dependencies: ["ForeverHTTP", "ForeverRelay", "ForeverTLS"],
            path: "Tests/Benchmarks/PacedRelay", swiftSettings: settings),

        .executableTarget(
            name: "bench-mix", dependencies: ["ForeverMix", "ForeverCodec"], path: "Tests/Benchmarks/Mix",
            swiftSettings: settings),
        .executableTarget(
            name: "bench-beats", dependencies: ["ForeverMix", "ForeverCodec", "ForeverTestKit"],
            path: "Tests/Benchmarks/Beats",
            swiftSettings: settings),

        // Examples are built, so that they stay right.
        .executableTarget(
            name: "example-analyse-samples", dependencies: ["ForeverMix"], path: "Docs/Examples/AnalyseSamples",
            swiftSettings: settings),

        // `make soak`: real processes under faults, every listener's bytes compared with the root's.
        .executableTarget(
            name: "forever-soak", dependencies: ["ForeverHTTP", "ForeverRelay", "ForeverTLS"], path: "Tests/Soak",
            swiftSettings: settings),

        // What parsers promise about hostile input: for FuzzTests, and for `make fuzz` to search.
        .target(
            name: "ForeverFuzz", dependencies: ["ForeverHTTP", "ForeverRelay"], path: "Tests/Fuzz/Properties",
            swiftSettings: settings),
        .executableTarget(
            name: "forever-mutate", dependencies: ["ForeverMix", "ForeverCodec", "ForeverTestKit"],
            path: "Tests/Fuzz/Files", swiftSettings: settings),
        .executableTarget(
            name: "forever-fuzz", dependencies: ["ForeverFuzz"], path: "Tests/Fuzz/Program", swiftSettings: settings),
    ]
)
